# SPDX-License-Identifier: MIT
"""Every check, and how one is carried out."""

import time
import traceback

# Each adds its checks to CHECKS.
import connections  # noqa: F401
import cpu  # noqa: F401
import disk  # noqa: F401
import host  # noqa: F401
import memory  # noqa: F401
import net  # noqa: F401
import process_detail  # noqa: F401
import process_table  # noqa: F401
import staged  # noqa: F401
from run import Missing

ATTEMPTS, PATIENCE = 12, 3  # so many brackets at least, and for so many seconds


def settle(run, check):
    """Repeats a check while some gauge lies outside of its bracket."""
    run.forget_open()
    start = time.monotonic()
    attempt = 0
    while attempt < ATTEMPTS or time.monotonic() < start + PATIENCE:
        if attempt:
            time.sleep(min(0.02 * attempt, 0.2))
        check(run)
        if not run.open:
            return
        attempt += 1
    run.settle_open(3)  # what was open less often is gone
    run.forget_open()


def compare(run, checks, verbose=False):
    for domain, peer, check in checks:
        run.peer = peer
        start = time.monotonic()
        try:
            settle(run, check)
        except Missing as why:
            run.missing.setdefault(str(why), []).append("%s.%s" % (domain, check.__name__))
        except Exception:  # pylint: disable=broad-except
            run.differences.append("%s.%s failed: %s" % (domain, check.__name__, traceback.format_exc()))
        if verbose:
            print("%6.2f s  %s.%s against %s" % (time.monotonic() - start, domain, check.__name__, peer))
