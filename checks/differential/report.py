# SPDX-License-Identifier: MIT
"""What a run found, in words."""

from explained import EXPLAINED
from ledger import AGREED, DIFFERS, MOVED, OPEN


def summary(run, verbose=False):
    facts = {fact for fact, _ in run.counts}
    if verbose:
        for (fact, peer), counts in sorted(run.counts.items()):
            print("%-45s %-10s %-8s %s" % (fact, peer, run.rules[fact, peer][0],
                                           " ".join("%s %d" % item for item in sorted(counts.items()))))
    sums = {outcome: sum(counts[outcome] for counts in run.counts.values())
            for outcome in (AGREED, MOVED, OPEN, DIFFERS, *EXPLAINED)}
    print("%d facts, %d of them against more than one peer" %
          (len(facts), sum(1 for fact in facts if sum(1 for other, _ in run.counts if other == fact) > 1)))
    print("%d comparisons agree, %d moved, %d were read again, %d are explained" %
          (sums[AGREED], sums[MOVED], sums[OPEN], sum(sums[name] for name in EXPLAINED)))
    for text in run.differences[:100]:
        print("DIFFERENCE " + text)
    if len(run.differences) > 100:
        print("... and %d more" % (len(run.differences) - 100))
    if run.differences:
        print("%d differences" % len(run.differences))
