#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""top_test.py SONDE FOLDER: runs `sonde top` on a terminal, and looks at its screen.

FOLDER is a file beside the packages pyte and wcwidth, where those are there.
"""

import ctypes
import errno
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

SONDE = ""
DEADLINE = 60  # seconds: only reached when something is wrong
HEADING = re.compile(r"^ *PID ")
UP, DOWN, PAGE_DOWN, HOME = "\x1b[A", "\x1b[B", "\x1b[6~", "\x1b[1~"  # of TERM=linux
HOSTILE = [b"\x1b]0;pwn\x07", b"a\rb\nc", "\u202egpj.exe".encode(), b"\x9b31m\xff", "\u0085\u2028x".encode(),
           b"\xed\xa0\x80\x7f"]


def environment(**changes):
    env = {key: value for key, value in os.environ.items()
           if key not in ("NO_COLOR", "COLUMNS", "LINES", "LANG", "ESCDELAY") and not key.startswith("LC_")}
    env.update(TERM="linux", LC_ALL="C.UTF-8")
    env.update(changes)
    return env


class Child:
    """A child process with a marker among its arguments, and a name; it waits, or computes, or holds memory."""

    PROGRAM = ("import ctypes, sys\n"
               "name = bytes.fromhex(sys.argv[2])\n"
               "if name: ctypes.CDLL(None).prctl(15, name, 0, 0, 0)\n"
               "memory = b'x' * int(sys.argv[4])\n"
               "print('ready', flush=True)\n"
               "while sys.argv[3] == 'busy': pass\n"
               "sys.stdin.read()\n")

    def __init__(self, marker, name=b"", busy=False, memory=0):
        command = [sys.executable, "-c", self.PROGRAM, marker, name.hex(), "busy" if busy else "idle", str(memory)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == b"ready\n"
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Terminal:
    """A terminal, and a shell on it that runs the command as its job in the foreground."""

    def __init__(self, *arguments, columns=100, lines=30, program=None, user=None, **env):
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        report_reader, report_writer = os.pipe()
        order_reader, order_writer = os.pipe()
        self.shell, self.master = pty.fork()
        if self.shell == 0:
            os.close(report_reader)
            os.close(order_writer)
            try:
                self._be_a_shell(program or SONDE, arguments, environment(**env), user, columns, lines,
                                 report_writer, order_reader)
            finally:
                os._exit(99)
        os.close(report_writer)
        os.close(order_reader)
        self.report, self.orders = report_reader, order_writer
        self.job = os.pidfd_open(int(self._next_report().split()[1]))
        self.modes = termios.tcgetattr(self.master)
        os.write(self.orders, b"begin\n")

    @staticmethod
    def _be_a_shell(program, arguments, env, user, columns, lines, report, orders):
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        reader, writer = os.pipe()
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0)
            os.read(reader, 1)  # until it is in the foreground
            for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            if user is not None:
                os.setgid(user)
                os.setuid(user)
            os.execve(program, [program, *arguments], env)
        os.write(report, b"job %d\n" % job)
        os.read(orders, 100)
        try:
            os.setpgid(job, job)
        except OSError:
            pass
        os.tcsetpgrp(0, job)
        os.write(writer, b"x")
        while True:
            _, status = os.waitpid(job, os.WUNTRACED)
            os.tcsetpgrp(0, os.getpgrp())
            if not os.WIFSTOPPED(status):
                os.write(report, b"ended %d\n" % os.waitstatus_to_exitcode(status))
                os.read(orders, 100)
                return
            os.write(report, b"stopped 0\n")
            os.read(orders, 100)
            os.tcsetpgrp(0, job)
            os.kill(job, signal.SIGCONT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.send(signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.hang_up()
        for descriptor in (self.orders, self.report, self.master, self.job):
            os.close(descriptor)

    def hang_up(self):
        """Ends the leader of the session, and with it its terminal."""
        if self.shell is not None:
            os.kill(self.shell, signal.SIGKILL)
            os.waitpid(self.shell, 0)
        self.shell = None

    def _read(self, timeout, *others):
        """Feeds what the command wrote to the screen. The descriptors among `others` that can be read."""
        ready = select.select([self.master, *others], [], [], timeout)[0]
        if self.master in ready:
            try:
                part = os.read(self.master, 65536)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                part = b""
                time.sleep(0.01)
            self.raw += part
            self.stream.feed(part)
        return [fd for fd in ready if fd != self.master]

    def _next_report(self):
        start = time.monotonic()
        while time.monotonic() - start < DEADLINE:
            if self._read(1, self.report):
                return os.read(self.report, 100).decode()
        raise AssertionError("no word from the shell; the screen:\n" + self.text())

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def line(self, number):
        return self.screen.display[number].rstrip()

    def wait_for(self, what, condition=None):
        """Until a text is on the screen, or a condition holds of it."""
        if condition is None:
            def condition():
                return what in self.text()
        start = time.monotonic()
        while not condition():
            if time.monotonic() - start > DEADLINE:
                raise AssertionError("never seen: %s; the screen:\n%s" % (what, self.text()))
            self._read(0.1)

    def type(self, keys):
        os.write(self.master, keys.encode())

    def send(self, number):
        signal.pidfd_send_signal(self.job, number)

    def resize(self, columns, lines):
        self.screen.resize(lines, columns)
        self.screen.reset()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def heading(self):
        """The number of the line with the headings, or None."""
        for number, line in enumerate(self.screen.display):
            if HEADING.match(line):
                return number
        return None

    def rows(self):
        """The processes on the screen: lists of words."""
        top = self.heading()
        if top is None:
            return []
        return [line.split() for line in self.screen.display[top + 1:-1] if re.match(r" *[0-9]+ ", line)]

    def pids(self):
        return [int(row[0]) for row in self.rows()]

    def filter(self, text):
        self.type("/" + text + "\r")
        self.wait_for("filter: " + text[:10])

    def wait_for_pids(self, pids):
        self.wait_for("processes %s" % pids, lambda: self.pids() == pids)

    def stopped(self):
        report = self._next_report()
        if not report.startswith("stopped"):
            raise AssertionError(report + self.text())

    def go_on(self):
        os.write(self.orders, b"continue\n")

    def end(self):
        """The exit status; what was written before is read."""
        status = int(self._next_report().split()[1])
        while select.select([self.master], [], [], 0)[0]:
            self._read(0)
        return status


class OnTerminal(unittest.TestCase):

    def setUp(self):
        if pyte is None:
            self.skipTest("no terminal emulator: tools/setup fetches it")
        if b"no terminal library" in subprocess.run([SONDE, "top"], stderr=subprocess.PIPE, check=False).stderr:
            self.skipTest("this build has no terminal library")
        try:
            os.close(os.pidfd_open(os.getpid()))
        except (AttributeError, OSError):
            self.skipTest("no pidfds")
        self.marker = "marker%d_%d" % (os.getpid(), time.monotonic_ns())

    def top(self, *arguments, **options):
        return Terminal("top", "--interval", "0.2", *arguments, **options)

    def test_the_screen(self):
        with self.top() as top:
            top.wait_for("sort: cpu")
            self.assertRegex(top.line(0), r"^up [0-9:d ]+  load [0-9. ]+")
            self.assertRegex(top.text(), r"(?m)^tasks [0-9]+, [0-9]+ running, [0-9]+ sleeping|  tasks [0-9]+,")
            self.assertRegex(top.text(), r"(?m)^CPU\[[| ]*[0-9.]+%\]  user ")
            self.assertRegex(top.text(), r"(?m)^Mem\[[| ]*[0-9.]+[KMGT]/[0-9.]+[KMGT]\]  Swp\[")
            self.assertRegex(top.line(top.heading()),
                             r"^ *PID USER +PRI +NI +THR +VIRT +RES S +CPU% +MEM% +TIME COMMAND$")
            top.type("q")
            self.assertEqual(top.end(), 0)

    def test_sort(self):
        with Child(self.marker, b"bb", busy=True) as busy, Child(self.marker, b"aa") as idle, \
                Child(self.marker, b"cc", memory=300 << 20) as large, self.top() as top:
            top.wait_for("sort: cpu")
            top.filter(self.marker)
            top.wait_for("the busy one first", lambda: top.pids()[:1] == [busy.pid] and len(top.pids()) == 3)
            top.wait_for("its share", lambda: float(top.rows()[0][8]) > 5)
            top.type("M")
            top.wait_for("the large one first", lambda: top.pids()[:1] == [large.pid] and len(top.pids()) == 3)
            top.type("N")
            top.wait_for_pids(sorted([busy.pid, idle.pid, large.pid]))
            top.type("R")
            top.wait_for_pids(sorted([busy.pid, idle.pid, large.pid], reverse=True))
            top.type("C")
            top.wait_for_pids([idle.pid, busy.pid, large.pid])
            top.type("T")
            top.wait_for("sort: time")
            top.wait_for("the busy one first", lambda: top.pids()[:1] == [busy.pid])
            top.type(">")
            top.wait_for("sort: pid")
            top.type("<<<")
            top.wait_for("sort: cpu")
            top.type("<")
            top.wait_for("sort: name")

    def test_filter(self):
        with Child(self.marker, b"one") as one, Child(self.marker, b"two") as two, self.top() as top:
            top.wait_for("sort: cpu")
            top.type("/" + self.marker.upper())
            top.wait_for("the prompt", lambda: top.line(29).startswith("Filter: MARKER"))
            top.wait_for("both", lambda: sorted(top.pids()) == sorted([one.pid, two.pid]))
            top.type("\x15two\x7f\x7fwo\r")
            top.wait_for("filter: two")
            top.wait_for("one process", lambda: two.pid in top.pids() and one.pid not in top.pids())
            top.type("\x1b")
            top.wait_for("no filter", lambda: "filter: two" not in top.text() and len(top.pids()) > 2)
            top.type("/\x1bq")
            self.assertEqual(top.end(), 0)

    def test_filter_that_nothing_passes(self):
        with self.top() as top:
            top.wait_for("sort: cpu")
            top.filter("\u00e9" + self.marker)
            top.wait_for("no process that the filter lets through")
            top.type("k" + DOWN)
            top.wait_for("h help")

    def test_tree(self):
        with Child(self.marker) as child, self.top(columns=200) as top:
            top.wait_for("sort: cpu")
            top.type("t")
            top.filter(self.marker)
            top.wait_for("the child", lambda: child.pid in top.pids())
            pids = top.pids()
            self.assertEqual(pids[-2:], [os.getpid(), child.pid])
            self.assertRegex(top.text(), r"\n *%d .* (\u2502  |   )*\u2514\u2500 \S*python" % child.pid)
        with Child(self.marker) as child, self.top("--ascii", "--tree", columns=200) as top:
            top.wait_for("sort: cpu")
            top.filter(self.marker)
            top.wait_for("the child", lambda: child.pid in top.pids())
            self.assertRegex(top.text(), r"\n *%d .* `- \S*python" % child.pid)

    def test_moving(self):
        with self.top("--sort", "pid") as top:
            top.wait_for("sort: pid")

            def chosen():
                first = top.heading() + 1
                return [y for y in range(first, 29) if top.screen.buffer[y][0].reverse]

            first = top.heading() + 1
            self.assertEqual(chosen(), [first])
            top.type(DOWN + DOWN + DOWN + UP)
            top.wait_for("the third row chosen", lambda: chosen() == [first + 2])
            pid = top.pids()[2]
            top.type("R")  # the choice follows the process
            top.wait_for("reversed")
            top.wait_for("the chosen one", lambda: len(chosen()) == 1 and
                         int(top.line(chosen()[0]).split()[0]) == pid)
            top.type("R" + HOME + PAGE_DOWN)
            top.wait_for("another page", lambda: top.pids()[:1] != [1] and len(chosen()) == 1)

    def test_kill(self):
        with Child(self.marker, b"victim") as child, self.top() as top:
            top.wait_for("sort: cpu")
            top.filter(self.marker)
            top.wait_for_pids([child.pid])
            top.type("k")
            top.wait_for("Signal for victim %d, number or name (TERM):" % child.pid)
            top.type("nonsense\r")
            top.wait_for("there is no signal 'nonsense'")
            top.type("k\x1bk\r")
            top.wait_for("Send SIGTERM to victim %d? y/n" % child.pid)
            top.type("n")
            top.wait_for("nothing was sent")
            self.assertIsNone(child.process.poll())
            top.type("kstop\r")
            top.wait_for("Send SIGSTOP to victim")
            top.type("y")
            top.wait_for("sent to victim %d" % child.pid)
            top.wait_for("a stopped process", lambda: top.rows()[0][7] == "T")
            top.type("k9\r")
            top.wait_for("Send SIGKILL to victim")
            top.type("y")
            top.wait_for("sent to victim %d" % child.pid)
            self.assertEqual(child.process.wait(DEADLINE), -signal.SIGKILL)

    def test_kill_reaches_no_other_process(self):
        with Child(self.marker) as child, self.top() as top:
            top.wait_for("sort: cpu")
            top.filter(self.marker)
            top.wait_for_pids([child.pid])
            top.type("k\r")
            top.wait_for("Send SIGTERM to ")
            child.process.kill()
            child.process.wait()
            top.type("y")
            top.wait_for("no such process")

    def test_kill_that_is_not_permitted(self):
        if os.getuid() != 0:
            self.skipTest("only root can be someone else")
        with tempfile.TemporaryDirectory() as folder, Child(self.marker) as child:
            os.chmod(folder, 0o755)
            program = shutil.copy(SONDE, folder)
            os.chmod(program, 0o755)
            with self.top(program=program, user=65534) as top:
                top.wait_for("sort: cpu")
                top.filter(self.marker)
                top.wait_for_pids([child.pid])
                top.type("k\ry")
                top.wait_for("not sent to python")
                self.assertIn("EPERM", top.line(29))
                self.assertIsNone(child.process.poll())

    def test_resize(self):
        with self.top(columns=80, lines=24) as top:
            top.wait_for("sort: cpu")
            for columns, lines in ((20, 5), (400, 100), (132, 43), (10, 3), (1, 1), (2, 2), (7, 8), (80, 24)):
                top.resize(columns, lines)
                if lines >= 3 and columns >= 10:
                    top.wait_for("headings at %dx%d" % (columns, lines), lambda: top.heading() is not None)
                    top.wait_for("processes", lambda: len(top.pids()) >= 1)
                    top.wait_for("the last line", lambda: top.line(-1).startswith("h help"[:columns]))
                if columns >= 400:
                    self.assertGreater(len(top.line(0)), 60)
            top.type("q")
            self.assertEqual(top.end(), 0)

    def test_tiny_prompts(self):
        with Child(self.marker, b"victim") as child, self.top(columns=20, lines=5) as top:
            top.wait_for("a process", lambda: len(top.pids()) == 2)
            self.assertRegex(top.line(0), r"^CPU [0-9.]+% MEM [0-9.]+%")
            top.type("/%s\r" % self.marker)
            top.wait_for_pids([child.pid])
            top.type("k")
            top.wait_for("me (TERM):")
            top.type("kill\r")
            top.wait_for("%d? y/n" % child.pid)
            top.type("y")
            self.assertEqual(child.process.wait(DEADLINE), -signal.SIGKILL)

    def assert_restored(self, top):
        self.assertEqual(termios.tcgetattr(top.master), top.modes)
        self.assertGreater(top.raw.rfind(b"\x1b[?1049l"), top.raw.rfind(b"\x1b[?1049h"))
        self.assertIn(b"\x1b[?1049h", top.raw)

    def test_the_terminal_is_put_back(self):
        for how, status in (("q", 0), ("\x03", 0), (signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGHUP, 0),
                            (signal.SIGABRT, -signal.SIGABRT)):
            with self.subTest(how), self.top(TERM="xterm") as top:
                top.wait_for("raw mode", lambda: termios.tcgetattr(top.master) != top.modes and b"PID" in top.raw)
                if isinstance(how, str):
                    top.type(how)
                else:
                    top.send(how)
                ended = top.end()
                self.assert_restored(top)
                self.assertIn(ended, (status, 1) if status < 0 else (status,))  # 1: a sanitizer's own handler

    def test_stop_and_go_on(self):
        with self.top() as top:
            top.wait_for("sort: cpu")
            top.type("\x1a")
            top.stopped()
            self.assertEqual(termios.tcgetattr(top.master), top.modes)
            top.screen.reset()
            top.go_on()
            top.wait_for("sort: cpu")
            self.assertNotEqual(termios.tcgetattr(top.master), top.modes)
            # SIGSTOP cannot be caught: only what comes after it can be put right.
            top.send(signal.SIGSTOP)
            top.stopped()
            termios.tcsetattr(top.master, termios.TCSANOW, top.modes)
            top.screen.reset()
            top.go_on()
            top.wait_for("sort: cpu")
            top.type("q")
            self.assertEqual(top.end(), 0)
            self.assertEqual(termios.tcgetattr(top.master), top.modes)

    def test_terminal_goes_away(self):
        with self.top() as top:
            top.wait_for("sort: cpu")
            top.hang_up()
            self.assertEqual(select.select([top.job], [], [], DEADLINE)[0], [top.job])

    def test_hostile_names(self):
        for name in HOSTILE:
            shown = "".join("\\x%02x" % byte if byte < 0x20 or byte > 0x7e else chr(byte) for byte in name[:15])
            shown = shown.replace("\\x0d", "\\r").replace("\\x0a", "\\n").replace("\\x07", "\\a")
            with Child(self.marker, name[:15]) as child, self.top() as top:
                top.wait_for("sort: cpu")
                top.filter(self.marker)
                top.wait_for_pids([child.pid])
                top.type("ck")
                top.wait_for("Signal for ")
                top.wait_for("an escaped name", lambda: "\\" in top.line(29) and "\\" in top.rows()[0][-1])
                for byte in (b"\x07", b"\x1b]", b"\x9b31", b"\xe2\x80", "\u0085".encode(), b"\xff"):
                    self.assertNotIn(byte, top.raw.replace(b"\x1b]R", b"").replace(b"\x1b]P", b""))

    def test_colours(self):
        for env, expected in (({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)):
            with self.top(**env) as top:
                top.wait_for("sort: cpu")
                self.assertEqual(re.search(rb"\x1b\[[0-9;]*3[0-7](;[0-9;]*)?m", top.raw) is not None, expected, env)

    def test_pause(self):
        with self.top(columns=160) as top:
            top.wait_for("sort: cpu")
            top.filter(self.marker)
            top.wait_for("no process that the filter lets through")
            top.type("p")
            top.wait_for("PAUSED")
            with Child(self.marker) as child:
                top.type("R")
                top.wait_for("reversed")
                self.assertEqual(top.pids(), [])
                top.type("p")
                top.wait_for_pids([child.pid])
                self.assertNotIn("PAUSED", top.text())

    def test_help_and_interval(self):
        with self.top() as top:
            top.wait_for("sort: cpu")
            for key in ("h", "?", "\x1b[[A"):
                top.type(key)
                top.wait_for("send a signal to the chosen process")
                top.type(" ")
                top.wait_for("sort: cpu")
            top.type("d0\r")
            top.wait_for("an interval is a number of seconds, at least 0.1")
            top.type("dx\r")
            top.wait_for("an interval is a number of seconds, at least 0.1")
            top.type("d0.5\r")
            top.wait_for("sort: cpu")
            top.type("cc\x0c")
            top.type("\x1b[21~")  # F10
            self.assertEqual(top.end(), 0)

    def test_ascii(self):
        with Child(self.marker, "\u00e4\u65e5".encode()) as child, self.top(LC_ALL="C") as top:
            top.wait_for("sort: cpu")
            top.filter(self.marker)
            top.wait_for_pids([child.pid])
            top.type("c")
            top.wait_for("??", lambda: top.rows()[0][-1] == "??")
            self.assertTrue(top.raw.isascii())

    def test_wide_characters(self):
        with Child(self.marker, "\u65e5\u672c".encode()) as child, self.top(columns=29) as top:
            top.wait_for("a process", lambda: len(top.pids()) > 1)
            top.filter(self.marker)
            top.wait_for_pids([child.pid])
            top.type("c")
            top.wait_for("\u65e5\u672c")

    def test_terminals_that_cannot_be_drawn_on(self):
        for terminal in ("dumb", "nonsense-terminal", ""):
            with self.top(TERM=terminal) as top:
                self.assertEqual(top.end(), 2)
                self.assertIn("TERM names no terminal that can be drawn on", " ".join(top.text().split()))
                self.assertEqual(termios.tcgetattr(top.master), top.modes)


class Batch(unittest.TestCase):

    @staticmethod
    def run_top(*arguments, **options):
        return subprocess.run([SONDE, "top", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=environment(), timeout=DEADLINE, check=False, **options)

    def test_no_terminal(self):
        done = self.run_top()
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertRegex(done.stderr, rb"^sonde: top: .*--batch writes text\n")

    def test_mistakes(self):
        for arguments in (["--sort", "nonsense"], ["--sort", "\x1b[31m"], ["--interval", "0"], ["--json"],
                          ["-n", "x"], ["--threads"], ["-b", "1"]):
            done = self.run_top("-b", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, b""), arguments)
            self.assertNotIn(b"\x1b", done.stderr)

    def test_text(self):
        marker = "marker%d_%d" % (os.getpid(), time.monotonic_ns())
        with Child(marker, b"\x1b]0;x\x07\xff") as child:
            done = self.run_top("-b", "-n", "2", "--interval", "0.1s", "--filter", marker, "--sort", "name")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIsNone(re.search(rb"[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout))
        text = done.stdout.decode()
        self.assertEqual(len(re.findall(r"(?m)^ *PID USER +PRI .* COMMAND$", text)), 2)
        self.assertEqual(len(re.findall(r"(?m)^ *%d .* \S*python\S* -c .*%s" % (child.pid, marker), text)), 2)
        self.assertEqual(len(re.findall(r"(?m)^CPU\[", text)), 2)
        self.assertEqual(len(self.run_top("-b", "-n", "1", "--limit", "3", "--interval", "0.1")
                             .stdout.decode().split("COMMAND\n")[1].split("\n")), 4)
        self.assertEqual(self.run_top("-b", "-n", "0").stdout, b"")

    def test_ends(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with subprocess.Popen([SONDE, "top", "-b", "--interval", "0.1", "--limit", "1"],
                                  stdout=subprocess.PIPE) as top:
                line = top.stdout.readline()
                self.assertNotEqual(line, b"")
                top.send_signal(number)
                rest = line + top.stdout.read()
                self.assertEqual(top.wait(DEADLINE), 0)
                self.assertTrue(rest.endswith(b"\n"))
        with subprocess.Popen([SONDE, "top", "-b", "--interval", "0.1"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as top:
            top.stdout.readline()
            top.stdout.close()
            self.assertEqual(top.wait(DEADLINE), -signal.SIGPIPE)
            self.assertEqual(top.stderr.read(), b"")


class Result(unittest.TextTestResult):
    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print("SKIP: %s: %s" % (test.id().split(".", 1)[-1], reason), flush=True)


if __name__ == "__main__":
    SONDE = os.path.abspath(sys.argv.pop(1))
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.path.dirname(os.path.realpath(sys.argv.pop(1))))
    try:
        import pyte
    except ImportError:
        pyte = None
    unittest.main(testRunner=unittest.TextTestRunner(resultclass=Result, verbosity=1))
