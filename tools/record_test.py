#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""record_test.py RECORD SONDE: this machine is recorded, unpacked, and shown again by the command."""

import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

RECORD, SONDE = "", ""
SECRET = "a-word-that-no-recording-may-hold"


class Recording(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "machine.txt")
        self.tree = os.path.join(folder.name, "tree")
        os.mkdir(self.tree)
        # It has the word in its environment.
        self.child = subprocess.Popen(["/bin/sleep", "100"], executable="/bin/sleep",
                                      env={"SECRET": SECRET, "PATH": "/bin"})
        self.addCleanup(self.child.wait)
        self.addCleanup(self.child.kill)

    def record(self, *arguments):
        subprocess.run([RECORD, "--pid", str(self.child.pid), *arguments, self.file], check=True, timeout=60)
        subprocess.run([RECORD, "--unpack", self.file, self.tree], check=True, timeout=60)

    def show(self, command):
        shown = subprocess.run([SONDE, "--rootfs", self.tree, command, "--json"], stdout=subprocess.PIPE, check=True,
                               timeout=60)
        return json.loads(shown.stdout)

    def test_the_machine_is_shown_again_without_secrets(self):
        self.record()
        with open("/proc/meminfo", encoding="ascii") as file:
            total = int(file.readline().split()[1]) * 1024
        self.assertEqual(self.show("memory")["virtual_memory"]["total"], total)
        self.assertEqual(self.show("memory")["virtual_memory"]["page_size"], os.sysconf("SC_PAGESIZE"))
        with open(os.path.join(self.tree, "proc/self/auxv"), "rb") as file:
            words = [word[0] for word in struct.iter_unpack("@N", file.read())]
        self.assertIn((6, os.sysconf("SC_PAGESIZE")), list(zip(words[::2], words[1::2])))
        rows = {row["pid"]: row for row in self.show("ps")["process_table"]}
        self.assertEqual(list(rows), [self.child.pid])
        self.assertEqual(rows[self.child.pid]["name"], "sleep")
        self.assertEqual(rows[self.child.pid]["ppid"], os.getpid())

        with open(self.file, "rb") as file:
            text = file.read()
        self.assertNotIn(SECRET.encode(), text)
        self.assertNotIn(b"|/bin/sleep", text)
        with open("/proc/sys/kernel/random/boot_id", "rb") as file:
            self.assertNotIn(file.read().strip(), text)

    def test_command_lines_and_ids_where_they_are_asked_for(self):
        self.record("--with-cmdline", "--with-ids")
        with open(os.path.join(self.tree, "proc", str(self.child.pid), "cmdline"), "rb") as file:
            self.assertEqual(file.read(), b"/bin/sleep\x00100\x00")
        with open("/proc/sys/kernel/random/boot_id", "rb") as here, \
                open(os.path.join(self.tree, "proc/sys/kernel/random/boot_id"), "rb") as there:
            self.assertEqual(here.read(), there.read())


if __name__ == "__main__":
    RECORD = os.path.abspath(sys.argv.pop(1))
    SONDE = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=1)
