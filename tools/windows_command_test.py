#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""windows_command_test.py WINE_FOLDER SONDE.exe: every command of sonde.exe under Wine, its JSON read."""

import json
import os
import subprocess
import sys

COMMANDS = ["", "cpu", "memory", "disk", "net", "connections", "sensors", "host", "users", "services", "pids", "ps", "tree", "supports"]


def main(folder, program):
    failures = []

    def run(*arguments):
        environment = dict(os.environ, SONDE_WINE=folder)
        result = subprocess.run(["tools/wine", program, *arguments], env=environment, capture_output=True, timeout=120, check=False)
        text = result.stdout.decode("utf-8")
        if text.startswith("SKIP:"):
            print(text, end="")
            sys.exit(0)
        if result.returncode != 0:
            failures.append("%s: exit status %d: %s" % (" ".join(arguments), result.returncode, result.stderr.decode(errors="replace")))
        return text

    for command in COMMANDS:
        try:
            answer = json.loads(run("--json", *command.split()))
        except ValueError as error:
            failures.append("%s: %s" % (command, error))
            continue
        if not answer:
            failures.append("%s: an empty answer" % command)
        if command == "ps" and os.path.basename(program) not in json.dumps(answer):
            failures.append("ps: it does not see itself")
    for arguments in [["ps"], ["top", "--batch", "-n", "1"], ["watch", "-n", "1", "pids"]]:
        if not run(*arguments).strip():
            failures.append("%s: an empty answer" % " ".join(arguments))
    for failure in failures:
        print("FAILED", failure)
    return 1 if failures else 0


sys.exit(main(*sys.argv[1:]))
