#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""command_test.py SONDE: runs the sonde command, over this machine and over made-up ones."""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

SONDE = ""
HEADER = "include/sonde/sonde.h"
COMMANDS = ["cpu", "memory", "disk", "net", "connections", "sensors", "host", "users", "services", "cgroup", "pids",
            "ps", "process", "tree", "supports"]
# ESC ends a title, BEL rings, CR hides, bidirectional controls reorder, 0x9b is CSI in eight bits, 0xff is no UTF-8.
HOSTILE = [b"\x1b]0;pwn\x07", b"a\rb\nc", "\u202egpj.exe".encode(), b"\x9b31m\xff", "\u0085\u2028x".encode(),
           b"\xed\xa0\x80\x7f"]


def environment(**changes):
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM", "COLUMNS")}
    env.update(changes)
    return env


def sonde(*arguments, expect=0, **options):
    """What it wrote to standard output, as bytes; the exit status must be `expect`."""
    done = run(*arguments, **options)
    if done.returncode != expect:
        raise AssertionError("sonde %s: exit status %d, not %d; %r" %
                             (" ".join(map(repr, arguments)), done.returncode, expect, done.stderr))
    return done.stdout


def run(*arguments, **options):
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([SONDE, *arguments], stderr=subprocess.PIPE, env=options.pop("env", environment()),
                          timeout=60, check=False, **options)


def load(*arguments, **options):
    return json.loads(sonde(*arguments, "--json", **options))


def supported():
    return load("supports")


def needs(*capabilities):
    """Skips a test while this system does not answer these questions."""
    def decorate(method):
        def wrapped(self):
            missing = [name for name in capabilities if not supported()[name]]
            if missing:
                self.skipTest("not supported here: " + ", ".join(missing))
            method(self)
        wrapped.__name__ = method.__name__
        return wrapped
    return decorate


def header_words():
    """Every name in sonde.h that a key may have: members, and types without sonde_."""
    with open(HEADER, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    words = set()
    for body in re.findall(r"typedef struct sonde_[a-z0-9_]+ \{([^}]*)\}", text):
        words.update(re.findall(r"([a-z_0-9]+)(?:\[[^]]*\])?\s*[;,]", body))
    words.update(name[len("sonde_"):] for name in re.findall(r"\bsonde_[a-z0-9_]+", text))
    words.update("%s.%s" % pair for pair in re.findall(r"XX\([A-Z_]+, ([a-z]+), ([a-z_]+)\)", text))
    words.add("depth")  # of a row of `sonde tree`
    return words


def keys_of(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


def is_fit_for_terminals(output):
    """No control characters but line ends, valid UTF-8, nothing that reorders text."""
    text = output.decode("utf-8")
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069]", text)


class Tree:
    """A made-up machine."""

    def __init__(self, files):
        self.top = tempfile.mkdtemp(prefix="sonde_command_test")
        for path, content in files.items():
            full = os.path.join(self.top, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if path.endswith("/"):
                continue
            with open(full, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        for name in ("proc", "sys", "etc", "dev"):
            os.makedirs(os.path.join(self.top, name), exist_ok=True)

    def options(self):
        return ["--procfs", self.top + "/proc", "--sysfs", self.top + "/sys", "--etc", self.top + "/etc",
                "--dev", self.top + "/dev", "--rootfs", self.top]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top)


class Child:
    """A child process that waits, with a name, arguments and an environment of the test's choice."""

    PROGRAM = ("import ctypes, sys, os\n"
               "name = bytes.fromhex(sys.argv[-1])\n"
               "if name: ctypes.CDLL(None).prctl(15, name, 0, 0, 0)\n"
               "print('ready', flush=True)\n"
               "sys.stdin.read()\n")

    def __init__(self, name=b"", arguments=(), **options):
        command = [sys.executable.encode(), b"-c", self.PROGRAM.encode(), *arguments, name.hex().encode()]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        assert self.process.stdout.readline() == b"ready\n"
        self.pid = self.process.pid
        while read("/proc/%d/stat" % self.pid).rpartition(b")")[2].split()[0] != b"S":  # not in its read() yet
            os.sched_yield()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def on_terminal(*arguments, columns=80, **env):
    """The output of a run on a terminal of that width."""
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execve(SONDE, [SONDE, *arguments], environment(**env))
    output = b""
    while True:
        if not select.select([terminal], [], [], 60)[0]:
            raise AssertionError("the command does not end")
        try:
            part = os.read(terminal, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            break
        if not part:
            break
        output += part
    os.close(terminal)
    os.waitpid(pid, 0)
    return output


class Usage(unittest.TestCase):

    def assert_mistake(self, *arguments):
        done = run(*arguments)
        self.assertEqual(done.returncode, 2, (arguments, done))
        self.assertEqual(done.stdout, b"", arguments)
        self.assertRegex(done.stderr, rb"^sonde: .*\n")
        self.assertTrue(is_fit_for_terminals(done.stderr), done.stderr)

    def test_mistakes(self):
        self.assert_mistake("nonsense")
        self.assert_mistake("--nonsense")
        self.assert_mistake("-x")
        self.assert_mistake("cpu", "--json=1")
        self.assert_mistake("cpu", "memory")
        self.assert_mistake("cpu", "--sort", "pid")
        self.assert_mistake("ps", "--sort")
        self.assert_mistake("ps", "--sort", "nonsense")
        self.assert_mistake("ps", "--sort", "uids")
        self.assert_mistake("ps", "--sort", "")
        self.assert_mistake("ps", "--fields", "pid,nonsense")
        self.assert_mistake("ps", "--fields", "")
        self.assert_mistake("ps", "--fields", "pid,")
        for number in ("", "-1", "x", "1x", " 1", "18446744073709551616", "0x10"):
            self.assert_mistake("ps", "--limit", number)
            self.assert_mistake("process", "--", number)
        for seconds in ("", "-1", ".", "1.", ".5", "1e3", "1.0000000000", "1000001", "nan"):
            self.assert_mistake("cpu", "--interval", seconds)
        self.assert_mistake("process")
        self.assert_mistake("process", "1", "2")
        self.assert_mistake("connections", "nonsense")
        self.assert_mistake("connections", "tcp", "")
        self.assert_mistake("connections", "1", "2")
        self.assert_mistake("connections", "--", "-1")
        self.assert_mistake("net", "--tcp-info")
        self.assert_mistake("--procfs")

    def test_mistakes_with_hostile_bytes(self):
        for name in HOSTILE:
            self.assert_mistake(name)
            self.assert_mistake(b"--" + name)
            self.assert_mistake(b"-" + name)
            self.assert_mistake("process", name)
            self.assert_mistake("connections", name)
            self.assert_mistake("ps", "--sort", name)
            self.assert_mistake("ps", "--fields", name)
            self.assert_mistake("ps", "--limit", name)

    def test_help(self):
        for arguments in [[]] + [[command] for command in COMMANDS]:
            for option in ("--help", "-h"):
                output = sonde(*arguments, option)
                self.assertRegex(output, rb"^Usage: sonde " + (arguments[0] if arguments else "").encode())
                self.assertLessEqual(max(map(len, output.split(b"\n"))), 110, output)
        overview = sonde("--help").decode()
        for command in COMMANDS:
            self.assertIn("\n  %s " % command, overview)

    def test_version(self):
        with open(HEADER, encoding="utf-8") as file:
            version = re.search(r'SONDE_VERSION_STRING "(.*)"', file.read()).group(1)
        self.assertEqual(sonde("--version"), ("sonde %s\n" % version).encode())
        self.assertEqual(sonde("cpu", "-V"), ("sonde %s\n" % version).encode())

    def test_options_and_words_mix(self):
        expected = sonde("supports", "--json")
        self.assertEqual(sonde("--json", "supports"), expected)
        self.assertEqual(sonde("-j", "supports"), expected)
        self.assertEqual(sonde("--json", "--", "supports"), expected)
        self.assertEqual(sonde("supports", "--json", env=environment(POSIXLY_CORRECT="1")), expected)
        self.assert_mistake("supports", "--", "--json")


class Output(unittest.TestCase):

    def test_keys_are_names_of_the_header(self):
        words = header_words()
        self.assertIn("voluntary_ctx_switches", words)
        self.assertIn("cpu.times_list", words)
        for command in [[]] + [[name] for name in COMMANDS]:
            for options in ([], ["--all"], ["--interval", "0.01"]):
                if options and options[0].encode() + b" " not in sonde(*command, "--help"):
                    continue
                operands = [str(os.getpid())] if command == ["process"] else []
                done = run(*command, *operands, *options, "--json")
                if done.returncode == 1:
                    self.assertEqual(done.stdout, b"")
                    self.assertIn(b"not supported", done.stderr)
                    continue
                self.assertTrue(is_fit_for_terminals(done.stdout), done.stdout)
                self.assertTrue(done.stdout.isascii())
                strangers = set(keys_of(json.loads(done.stdout))) - words
                self.assertEqual(strangers, set(), command)

    def test_unsupported_is_said(self):
        done = run("services")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertEqual(done.stderr, b"sonde: services: not supported by this operating system\n")
        done = run("services", "--json")
        self.assertEqual((done.returncode, done.stdout), (1, b""))

    def test_full_device(self):
        for arguments in (["supports"], ["supports", "--json"], ["--help"], ["--version"], ["ps", "--help"]):
            with open("/dev/full", "wb") as full:
                done = run(*arguments, stdout=full)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn(b"standard output: No space left on device\n", done.stderr)

    def test_closed_standard_output(self):
        done = subprocess.run(["sh", "-c", 'exec "$0" supports >&-', SONDE], stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output: ", done.stderr)

    def test_closed_standard_error(self):
        done = subprocess.run(["sh", "-c", 'exec "$0" services 2>&-', SONDE], stdout=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, b""))

    def test_broken_pipe(self):
        # As a shell starts it, SIGPIPE ends it; where that is ignored, it ends by itself. It never complains.
        for restore, statuses in ((True, (-signal.SIGPIPE,)), (False, (1,))):
            reader, writer = os.pipe()
            os.close(reader)
            done = run("supports", stdout=writer, restore_signals=restore)
            os.close(writer)
            self.assertIn(done.returncode, statuses)
            self.assertEqual(done.stderr, b"")

    def test_empty_root(self):
        with Tree({}) as tree:
            for command in ("cpu", "memory", "net", "pids", "ps"):
                done = run(command, *tree.options(), *(["--interval", "0"] if command == "cpu" else []))
                self.assertEqual((done.returncode, done.stdout), (1, b""), (command, done))
                self.assertRegex(done.stderr, rb"^sonde: %s: " % command.encode())

    def test_no_root(self):
        done = run("pids", "--procfs", b"/nonexistent/\x1b[31m")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertTrue(is_fit_for_terminals(done.stderr), done.stderr)

    def test_plain_when_piped(self):
        for command in [name for name in COMMANDS if name != "process"]:
            output = run(command, env=environment(TERM="xterm-256color")).stdout
            self.assertTrue(is_fit_for_terminals(output), output)


class Terminal(unittest.TestCase):

    def test_colours(self):
        self.assertIn(b"\x1b[", on_terminal("supports", TERM="xterm"))
        for env in ({"TERM": "dumb"}, {}, {"TERM": "xterm", "NO_COLOR": "1"}):
            self.assertNotIn(b"\x1b", on_terminal("supports", **env), env)
        # An empty NO_COLOR counts as none: https://no-color.org
        self.assertIn(b"\x1b[", on_terminal("supports", TERM="xterm", NO_COLOR=""))

    def test_colours_end(self):
        output = on_terminal("supports", TERM="xterm")
        self.assertEqual(re.findall(rb"\x1b\[[0-9;]*m", output)[-1], b"\x1b[0m")

    def test_json_has_no_colours(self):
        output = on_terminal("supports", "--json", TERM="xterm")
        self.assertEqual(json.loads(output), supported())

    def test_tables_are_cut_at_the_width(self):
        wide = on_terminal("supports", columns=80).replace(b"\r", b"").split(b"\n")
        narrow = on_terminal("supports", columns=12, TERM="dumb").replace(b"\r", b"").split(b"\n")
        self.assertEqual([line[:12] for line in wide], narrow)

    @needs("process.table", "host.times")
    def test_overview_fits(self):
        for columns in (20, 40, 80, 132):
            with Child("\u6f22\u5b57".encode(), ["\u6f22\u5b57".encode() * 200]):
                output = on_terminal("--interval", "0", "--limit", "10000", columns=columns, TERM="xterm")
            for line in output.decode().replace("\r", "").split("\n"):
                plain = re.sub("\x1b\\[[0-9;]*m", "", line)
                width = sum(2 if ord(c) >= 0x1100 else 1 for c in plain)
                self.assertLessEqual(width, columns, plain)

    @needs("process.table")
    def test_hostile_names_do_not_reach_the_terminal(self):
        for name in HOSTILE:
            with Child(name[:15], [name]):
                for arguments in (["ps"], ["ps", "--json"], ["--interval", "0", "--limit", "10000"]):
                    output = on_terminal(*arguments, TERM="xterm", columns=200).replace(b"\r\n", b"\n")
                    output = re.sub(rb"\x1b\[(0|1|2|1;36|31|32|33)m", b"", output)
                    self.assertTrue(is_fit_for_terminals(output), output)


def read(path):
    with open(path, "rb") as file:
        return file.read()


class ThisMachine(unittest.TestCase):
    """Values equal what independent readers say."""

    @needs("memory.virtual_memory")
    def test_memory(self):
        memory = load("memory")["virtual_memory"]
        total = int(re.search(rb"MemTotal:\s*(\d+) kB", read("/proc/meminfo")).group(1)) * 1024
        self.assertEqual(memory["total"], total)
        self.assertEqual(memory["page_size"], os.sysconf("SC_PAGE_SIZE"))
        self.assertEqual(memory["used"], memory["total"] - memory["available"])

    @needs("cpu.times", "cpu.times_list", "cpu.count")
    def test_cpu(self):
        before = read("/proc/stat").split(b"\n")[0].split()
        answer = load("cpu", "--interval", "0")
        after = read("/proc/stat").split(b"\n")[0].split()
        tick = 10**9 // os.sysconf("SC_CLK_TCK")
        for position, name in enumerate(["user", "nice", "system"], 1):
            self.assertLessEqual(int(before[position]) * tick, answer["cpu_times"][name])
            self.assertGreaterEqual(int(after[position]) * tick, answer["cpu_times"][name])
        self.assertEqual(answer["cpu_count"]["logical"], os.sysconf("SC_NPROCESSORS_ONLN"))
        self.assertEqual(answer["cpu_count"]["usable"], len(os.sched_getaffinity(0)))
        self.assertEqual(len(answer["cpu_times_list"]), os.sysconf("SC_NPROCESSORS_ONLN"))
        for row in answer["cpu_times_list"]:
            self.assertEqual(row["status"], "SONDE_OK")
            self.assertTrue(0 <= row["cpu_percents"]["busy"] <= 100)

    @needs("cpu.times")
    def test_the_interval_is_waited(self):
        start = time.monotonic()
        load("cpu", "--interval", "0.3")
        self.assertGreaterEqual(time.monotonic() - start, 0.3)

    @needs("host.info", "host.times")
    def test_host(self):
        answer = load("host")
        uname = os.uname()
        self.assertEqual(answer["host_info"]["hostname"], uname.nodename)
        self.assertEqual(answer["host_info"]["kernel_release"], uname.release)
        self.assertEqual(answer["host_info"]["architecture"], uname.machine)
        uptime = time.clock_gettime(time.CLOCK_BOOTTIME)
        self.assertTrue(0 <= uptime - answer["host_times"]["uptime"] / 1e9 < 60)
        boot = int(re.search(rb"btime (\d+)", read("/proc/stat")).group(1))
        self.assertLessEqual(abs(boot - answer["host_times"]["boot_time"] / 1e9), 1.5)

    @needs("disk.partition_list", "disk.usage")
    def test_disk(self):
        rows = load("disk")["disk_partition_list"]
        with open("/proc/self/mounts", "rb") as file:
            mounts = {line.split(b" ")[1] for line in file}
        asked = 0
        for row in rows:
            self.assertIn(re.sub(rb"([ \t\n\\])", lambda m: b"\\%03o" % m.group(1)[0], os.fsencode(row["mountpoint"])),
                          mounts)
            usage = row.get("disk_usage")
            if usage is None or usage.get("status", "SONDE_OK") != "SONDE_OK":
                continue
            real = os.statvfs(row["mountpoint"])
            self.assertEqual(usage["total"], real.f_blocks * real.f_frsize)
            self.assertEqual(usage["inodes"], real.f_files)
            asked += 1
        if asked == 0:
            self.skipTest("no file system here tells its size")

    @needs("net.io_list", "net.if_stats_list")
    def test_net(self):
        answer = load("net")
        names = set(os.listdir("/sys/class/net"))
        rows = {row["name"]: row for row in answer["net_if_stats_list"]}
        self.assertEqual({name for name in names if os.path.isdir("/sys/class/net/" + name)}, set(rows))
        for name, row in rows.items():
            self.assertEqual(row["mtu"], int(read("/sys/class/net/%s/mtu" % name)))
        for row in answer["net_io_list"]:
            after = int(read("/sys/class/net/%s/statistics/rx_bytes" % row["name"]))
            self.assertLessEqual(row["bytes_recv"], after)

    @needs("net.io_list")
    def test_net_rates(self):
        for row in load("net", "--interval", "0.05")["net_io_list"]:
            self.assertGreaterEqual(row["net_io_rate"]["bytes_recv"], 0)

    @needs("net.connection_list")
    def test_connections(self):
        with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as folder, \
                socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as local:
            port = server.getsockname()[1]
            path = os.fsencode(folder) + b"/\x1b]0;pwn\x07"
            local.bind(path)
            rows = load("net", "--all")["connection_list"]
            row, = [row for row in rows if row.get("laddr") == "127.0.0.1:%d" % port]
            self.assertEqual((row["family"], row["type"], row["state"]), ("inet", "stream", "listen"))
            self.assertEqual((row["pid"], row["fd"]), (os.getpid(), server.fileno()))
            self.assertEqual([row["family"] for row in rows if row.get("lpath") == path.decode()], ["unix"])
            output = sonde("net", "--all")
            self.assertTrue(is_fit_for_terminals(output), output)
            self.assertIn(b"/\\x1b]0;pwn\\x07", output)
            if supported()["process.connection_list"]:
                rows = load("process", str(os.getpid()))["connection_list"]
                self.assertIn("127.0.0.1:%d" % port, [row.get("laddr") for row in rows])

    @needs("net.connection_list", "process.connection_list")
    @unittest.skipUnless(os.path.exists("/proc/net/if_inet6") and b"lo" in read("/proc/net/if_inet6"), "no IPv6")
    def test_connections_command(self):
        with contextlib.ExitStack() as stack:
            own = {kind: stack.enter_context(socket.socket(family, type_)) for kind, family, type_ in (
                ("tcp4", socket.AF_INET, socket.SOCK_STREAM), ("tcp6", socket.AF_INET6, socket.SOCK_STREAM),
                ("udp4", socket.AF_INET, socket.SOCK_DGRAM), ("udp6", socket.AF_INET6, socket.SOCK_DGRAM),
                ("unix", socket.AF_UNIX, socket.SOCK_DGRAM))}
            for kind, each in own.items():
                each.bind({"4": ("127.0.0.1", 0), "6": ("::1", 0)}.get(kind[-1], b"\0sonde\x1b]0;pwn %d" % os.getpid()))
                if kind.startswith("tcp"):
                    each.listen(7)
            numbers = {os.fstat(each.fileno()).st_ino: kind for kind, each in own.items()}
            for word, kinds in {"all": set(own), "inet": {"tcp4", "tcp6", "udp4", "udp6"}, "inet4": {"tcp4", "udp4"},
                                "inet6": {"tcp6", "udp6"}, "tcp": {"tcp4", "tcp6"}, "udp": {"udp4", "udp6"},
                                "raw": set(), **{kind: {kind} for kind in own}}.items():
                for operands in [word], [word, str(os.getpid())], [str(os.getpid()), word]:
                    rows = load("connections", *operands)["connection_list"]
                    found = {numbers[row["inode"]] for row in rows if row.get("inode") in numbers}
                    self.assertEqual(found, kinds, operands)
                    for row in rows:
                        if row.get("inode") in numbers:
                            self.assertEqual((row["pid"], row["fd"]),
                                             (os.getpid(), own[numbers[row["inode"]]].fileno()))
            rows = load("connections", "udp4", "unix", str(os.getpid()))["connection_list"]
            self.assertEqual({numbers[row["inode"]] for row in rows if row["inode"] in numbers}, {"udp4", "unix"})
            rows = load("connections", str(os.getpid()))["connection_list"]
            self.assertEqual({row["pid"] for row in rows}, {os.getpid()})
            address = "127.0.0.1:%d" % own["tcp4"].getsockname()[1]
            for arguments in [], [str(os.getpid())]:
                output = sonde("connections", *arguments)
                self.assertTrue(is_fit_for_terminals(output), output)
                self.assertIn(b"sonde\\x1b]0;pwn %d" % os.getpid(), output)
                line, = [line for line in output.decode().split("\n") if address in line]
                self.assertEqual(line.split()[:3], ["inet", "stream", "listen"])
            output = on_terminal("connections", "unix", NO_COLOR="1").replace(b"\r\n", b"\n")
            self.assertTrue(is_fit_for_terminals(output), output)
            with socket.create_connection(own["tcp4"].getsockname()) as client:
                mine = "127.0.0.1:%d" % client.getsockname()[1]
                row, = [row for row in load("connections", "tcp", "--tcp-info")["connection_list"]
                        if row.get("laddr") == mine]
                self.assertEqual((row["state"], row["raddr"]), ("established", address))
                if "tcp_info" in row:
                    self.assertGreater(row["tcp_info"]["snd_mss"], 0)
                    line, = [line for line in sonde("connections", "tcp", "--tcp-info").decode().split("\n")
                             if " %s " % mine in line and "established" in line and line.split()[1] == mine]
                    self.assertIn(str(row["tcp_info"]["snd_mss"]), line.split())
                rows = load("connections", "tcp")["connection_list"]
                self.assertEqual([row for row in rows if "tcp_info" in row], [])

    @needs("process.connection_list")
    def test_connections_of_no_process(self):
        with Child() as child:
            pid = child.pid
        done = run("connections", str(pid))
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"no such process", done.stderr)

    @needs("process.pid_list")
    def test_pids(self):
        with Child() as child:
            pids = load("pids")["pid_list"]
            self.assertIn(child.pid, pids)
            self.assertIn(os.getpid(), pids)
            self.assertEqual(len(pids), len(set(pids)))
            lines = sonde("pids").decode().split()
            self.assertIn(str(child.pid), lines)
        self.assertNotIn(child.pid, load("pids")["pid_list"])

    @needs("process.table")
    def test_ps(self):
        with Child(b"a) R 1 2 3", [b"--word", b"two words", b""]) as child:
            rows = {row["pid"]: row for row in load("ps")["process_table"]}
            row = rows[child.pid]
            self.assertEqual(row["name"], "a) R 1 2 3")
            self.assertEqual(row["ppid"], os.getpid())
            self.assertEqual(row["status"], "SONDE_OK")
            self.assertEqual(row["args"][-4:-1], ["--word", "two words", ""])
            self.assertEqual(row["cmdline"].encode(), read("/proc/%d/cmdline" % child.pid))
            self.assertEqual(row["state"], "sleeping")
            text = sonde("ps").decode()
            self.assertRegex(text, r"(?m)^ *%d +.* two words " % child.pid)

    @needs("process.table")
    def test_ps_fields(self):
        with Child(b"named") as child:
            rows = load("ps", "--fields", "name,pid,uids")["process_table"]
            row = next(row for row in rows if row["pid"] == child.pid)
            self.assertEqual(list(row), ["name", "pid", "uids"])
            self.assertEqual(row["name"], "named")
            self.assertEqual(row["uids"]["effective"], os.geteuid())
            text = sonde("ps", "--fields", "name,pid").decode().split("\n")
            self.assertEqual(text[0].split(), ["name", "pid"])
            self.assertIn(["named", str(child.pid)], [line.split() for line in text])
            # A group is all of its fields.
            rows = load("ps", "--fields", "page_faults,pid")["process_table"]
            self.assertEqual(list(next(row for row in rows if row["pid"] == child.pid)),
                             ["minor_faults", "major_faults", "pid"])

    @needs("process.table")
    def test_ps_order_and_limit(self):
        sizes = [row["rss"] for row in load("ps", "--sort", "rss")["process_table"] if "rss" in row]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        pids = [row["pid"] for row in load("ps")["process_table"]]
        self.assertEqual(pids, sorted(pids))
        names = [row["name"].encode() for row in load("ps", "--sort", "name", "--fields", "name,pid")["process_table"]]
        plain = [name for name in names if name.isascii() and b"\\" not in name]  # as they are, not escaped
        self.assertEqual(plain, sorted(plain))
        first = load("ps", "--limit", "1")["process_table"]
        self.assertEqual([row["pid"] for row in first], pids[:1])
        self.assertEqual(load("ps", "--limit", "0")["process_table"], [])
        self.assertEqual(len(sonde("ps", "--sort", "cpu", "--limit", "3").decode().split("\n")), 1 + 3 + 1)

    @needs("process.table")
    def test_ps_all_fields(self):
        with Child() as child:
            rows = load("ps", "--all-fields")["process_table"]
            row = next(row for row in rows if row["pid"] == child.pid)
            for name in ("cwd", "exe", "uids", "memory_ex", "num_fds", "voluntary_ctx_switches"):
                self.assertIn(name, row)
            self.assertEqual(row["cwd"], os.getcwd())
            self.assertEqual(row["denied"], [])
            self.assertIn(("  pid " + " " * 200)[:6], sonde("ps", "--all-fields").decode())

    @needs("process.table", "host.times")
    def test_the_busiest_come_first(self):
        spin = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            with Child() as idle:
                lines = sonde("--limit", "100000").decode().split("\n")
                start = next(i for i, line in enumerate(lines) if line.split()[:1] == ["pid"])
                rows = [line for line in lines[start + 1:] if line]
                pids = [int(row.split()[0]) for row in rows]
                # By its place, not by counting cells: the user may be missing, and the state of a process that ended.
                end = lines[start].index("cpu%") + len("cpu%")
                shares = [float(row[:end].split()[-1]) for row in rows if re.search("[0-9][.][0-9]$", row[:end])]
                self.assertEqual(shares, sorted(shares, reverse=True))
                self.assertLess(pids.index(spin.pid), pids.index(idle.pid))
        finally:
            spin.kill()
            spin.wait()

    @needs("process.get", "process.open")
    def test_process(self):
        with tempfile.NamedTemporaryFile() as file:
            env = {"SONDE_TEST": "a=b \n", "PATH": os.environ["PATH"]}
            with Child(b"self", pass_fds=[file.fileno()], env=env, cwd="/") as child:
                answer = load("process", str(child.pid), "--all")
                process = answer["process"]
                self.assertEqual((process["pid"], process["name"], process["cwd"]), (child.pid, "self", "/"))
                self.assertEqual(os.path.realpath(process["exe"]), os.path.realpath("/proc/%d/exe" % child.pid))
                text = sonde("process", str(child.pid)).decode()
                self.assertRegex(text, r"(?m)^  pid +%d$" % child.pid)
                self.assertRegex(text, r"(?m)^  uids.real +%d$" % os.getuid())
                if "thread_list" in answer:
                    self.assertEqual([row["id"] for row in answer["thread_list"]], [child.pid])
                if "open_file_list" in answer:
                    paths = {row["fd"]: row.get("path") for row in answer["open_file_list"]}
                    self.assertEqual(paths[file.fileno()], file.name)
                if "environ_list" in answer:
                    values = {row["name"]: row.get("value") for row in answer["environ_list"]}
                    self.assertEqual(values["SONDE_TEST"], "a=b \n")
                if "limit_list" in answer:
                    soft, hard = __import__("resource").getrlimit(__import__("resource").RLIMIT_NOFILE)
                    row = next(row for row in answer["limit_list"] if row["kind"] == "nofile")
                    self.assertEqual((row["soft"], row["hard"]), (soft, hard))

    @needs("process.get", "process.open")
    def test_no_such_process(self):
        child = subprocess.Popen(["true"])
        child.wait()
        for options in ([], ["--json"]):
            done = run("process", str(child.pid), *options)
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertIn(b"no such process", done.stderr)
        self.assertEqual(run("process", "9223372036854775807").returncode, 1)

    @needs("process.get", "process.open")
    def test_zombie(self):
        child = subprocess.Popen(["true"])
        while b") Z " not in read("/proc/%d/stat" % child.pid):
            time.sleep(0.001)
        self.assertEqual(load("process", str(child.pid))["process"]["state"], "zombie")
        child.wait()

    @needs("process.table")
    def test_hostile_names(self):
        for name in HOSTILE:
            with Child(name[:15], [name]) as child:
                for arguments in (["ps"], ["ps", "--json"], ["process", str(child.pid), "--all"],
                                  ["--interval", "0", "--limit", "10000"]):
                    output = run(*arguments).stdout
                    self.assertTrue(is_fit_for_terminals(output), output)
                row = next(row for row in load("ps")["process_table"] if row["pid"] == child.pid)
                try:
                    expected = name[:15].decode("utf-8")
                except UnicodeDecodeError:
                    expected = "".join("\\x%02x" % byte if byte < 0x20 or byte > 0x7e else chr(byte)
                                       for byte in name[:15])
                self.assertEqual(row["name"], expected)

    @needs("process.table", "host.times", "cpu.times", "memory.virtual_memory")
    def test_overview(self):
        text = sonde().decode()
        self.assertIn(os.uname().nodename, text)
        self.assertRegex(text, r"(?m)^CPU   \[[#-]{20}\] +[0-9.]+%  user ")
        self.assertRegex(text, r"(?m)^Mem   \[[#-]{20}\] +[0-9.]+%  ")
        self.assertRegex(text, r"(?m)^ *pid +username +state +cpu% ")
        answer = load("--limit", "2")
        self.assertEqual(answer["host_info"]["hostname"], os.uname().nodename)
        self.assertEqual(len(answer["process_table"]), 2)
        self.assertTrue(0 <= answer["cpu_percents"]["busy"] <= 100)
        self.assertEqual(answer["virtual_memory"]["total"], load("memory")["virtual_memory"]["total"])


class DeadMount(unittest.TestCase):
    """A FUSE file system whose server never answers, in a mount namespace of its own."""

    PROGRAM = ("import ctypes, os, sys\n"
               "libc = ctypes.CDLL(None, use_errno=True)\n"
               "def check(result):\n"
               "    if result != 0: sys.exit('SKIP ' + os.strerror(ctypes.get_errno()))\n"
               "check(libc.unshare(0x20000))\n"  # CLONE_NEWNS
               "check(libc.mount(b'none', b'/', None, 1 << 14 | 1 << 18, None))\n"  # MS_REC | MS_PRIVATE
               "fuse = os.open('/dev/fuse', os.O_RDWR)\n"
               "os.set_inheritable(fuse, True)\n"
               "options = 'fd=%d,rootmode=40000,user_id=0,group_id=0' % fuse\n"
               "check(libc.mount(b'dead\\x1b[31m', os.fsencode(sys.argv[1]), b'fuse', 0, options.encode()))\n"
               "os.execv(sys.argv[2], sys.argv[2:])\n")

    @needs("disk.partition_list", "disk.usage")
    def test_it_does_not_hang(self):
        if not os.access("/dev/fuse", os.R_OK | os.W_OK):
            self.skipTest("no access to /dev/fuse")
        for options in ([], ["--json"]):
            with tempfile.TemporaryDirectory() as folder:
                start = time.monotonic()
                done = subprocess.run([sys.executable, "-c", self.PROGRAM, folder, SONDE, "disk", "--all", "--timeout",
                                       "0.1", *options],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
                if done.stderr.startswith(b"SKIP "):
                    self.skipTest(done.stderr.decode().strip())
                self.assertEqual(done.returncode, 0, done)
                self.assertGreaterEqual(time.monotonic() - start, 0.1)
                self.assertIn(b"sonde: disk_usage of " + folder.encode(), done.stderr)
                self.assertTrue(is_fit_for_terminals(done.stdout), done.stdout)
                if options:
                    row = next(row for row in json.loads(done.stdout)["disk_partition_list"]
                               if row["mountpoint"] == folder)
                    self.assertEqual(row["disk_usage"], {"status": "SONDE_ERR_TIMEOUT"})
                    self.assertEqual(row["device"], "dead\x1b[31m")
                else:
                    self.assertIn(b"ERR_TIMEOUT", done.stdout)


# What `sonde cpu` reads besides the times.
CPU_FILES = {"proc/loadavg": "0.00 0.01 0.05 1/80 4711\n", "proc/cpuinfo": "processor\t: 0\nmodel name\t: x\x1by\n",
             "proc/interrupts": "", "proc/softirqs": "", "sys/devices/system/cpu/online": "0\n",
             "sys/devices/system/cpu/present": "0\n", "sys/devices/system/cpu/possible": "0\n"}


class MadeUpMachines(unittest.TestCase):

    @needs("cpu.times", "cpu.times_list")
    def test_cpu(self):
        stat = "cpu  100 0 50 850 0 0 0 0 0 0\ncpu0 100 0 50 850 0 0 0 0 0 0\nctxt 7\nbtime 1000000000\n"
        with Tree({"proc/stat": stat, **CPU_FILES}) as tree:
            answer = load("cpu", "--interval", "0", *tree.options())
            self.assertEqual(answer["cpu_times"]["user"], 10**9)
            self.assertEqual(answer["cpu_times"]["idle"], 85 * 10**8)
            self.assertAlmostEqual(answer["cpu_percents"]["busy"], 15.0)
            self.assertAlmostEqual(answer["cpu_times_list"][0]["cpu_percents"]["user"], 10.0)
            text = sonde("cpu", "--interval", "0", *tree.options()).decode()
            self.assertRegex(text, r"(?m)^  busy +15.0%$")
            self.assertRegex(text, r"(?m)^  user +1.00s$")
            self.assertEqual(answer["cpu_info_list"][0]["model_name"], "x\x1by")
            self.assertIn("x\\x1by", text)

    @needs("cpu.times")
    def test_fewer_columns(self):
        # Linux 2.4 has four: what is not told is absent, not 0.
        with Tree({"proc/stat": "cpu  100 0 50 850\ncpu0 100 0 50 850\nctxt 7\n", **CPU_FILES}) as tree:
            times = load("cpu", "--interval", "0", *tree.options())["cpu_times"]
            self.assertNotIn("steal", times)
            self.assertEqual(times["system"], 5 * 10**8)

    @needs("net.io_list")
    def test_largest_numbers(self):
        dev = ("Inter-|   Receive                                                |  Transmit\n"
               " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls "
               "carrier compressed\n"
               "  eth0: 18446744073709551615 1 0 0 0 0 0 0 9007199254740993 1 0 0 0 0 0 0\n")
        with Tree({"proc/self/net/dev": dev, "proc/net/dev": dev, "proc/1/net/dev": dev}) as tree:
            output = sonde("net", "--json", *tree.options())
            self.assertIn(b'"bytes_recv": 18446744073709551615', output)
            self.assertIn(b'"bytes_sent": 9007199254740993', output)

    @needs("disk.io_list")
    def test_a_bad_row_is_shown(self):
        stats = ("   8       0 sda 1 2 3 4 5 6 7 8 0 10 11\n"
                 "   8      16 sd\x1bb 1 x 3\n"
                 "   8      32 sdc 1 2 3 4 5 6 7 8 0 10 11\n")
        with Tree({"proc/diskstats": stats, "proc/self/mountinfo": "", "proc/1/mountinfo": "", "proc/mounts": "",
                   "proc/filesystems": "", "sys/block/": "", "sys/class/block/": ""}) as tree:
            for options in ([], ["--json"]):
                done = run("disk", *options, *tree.options())
                self.assertEqual(done.returncode, 0, done)
                self.assertIn(b"disk_io_list: 1 of 3 rows is", done.stderr)
                self.assertTrue(is_fit_for_terminals(done.stderr), done.stderr)
                self.assertTrue(is_fit_for_terminals(done.stdout), done.stdout)
                if options:
                    rows = json.loads(done.stdout)["disk_io_list"]
                    self.assertEqual([row["status"] for row in rows], ["SONDE_OK", "SONDE_ERR_PARSE", "SONDE_OK"])
                    self.assertEqual(rows[2]["name"], "sdc")
                else:
                    self.assertIn(b"ERR_PARSE", done.stdout)

    @needs("disk.partition_list")
    def test_hostile_mount_points(self):
        # \040 is a blank, \033 the start of an escape sequence, \134 a backslash.
        mounts = "36 35 98:0 / /mnt\\040\\033[31m\\134x rw,noatime - ext4 /dev/sd\\012a rw\n"
        with Tree({"proc/self/mountinfo": mounts, "proc/1/mountinfo": mounts,
                   "proc/filesystems": "\text4\n", "proc/diskstats": "", "sys/block/": "",
                   "sys/class/block/": ""}) as tree:
            row = load("disk", *tree.options())["disk_partition_list"][0]
            self.assertEqual(row["mountpoint"], "/mnt \x1b[31m\\x")
            self.assertEqual(row["device"], "/dev/sd\na")
            output = sonde("disk", *tree.options())
            self.assertTrue(is_fit_for_terminals(output), output)
            self.assertIn(b"/mnt \\x1b[31m\\\\x", output)

    @needs("process.table", "host.times")
    def test_processes_of_a_recording(self):
        fields = "S 1 42 42 0 -1 4194560 5 0 0 0 300 200 0 0 20 0 1 0 100 4096 10 18446744073709551615"
        stat = "42 (x) y\x1b) %s %s\n" % (fields, " ".join(["0"] * 27))
        files = {"proc/42/stat": stat, "proc/42/cmdline": b"/bin/x\0-y\0",
                 "proc/42/status": "Name:\tx\nUid:\t7\t7\t7\t7\nGid:\t7\t7\t7\t7\n",
                 "proc/stat": "cpu  1 0 0 9 0 0 0 0 0 0\nbtime 1000000000\n", "proc/uptime": "100.00 0.00\n",
                 "etc/passwd": "seven:x:7:7::/:/bin/sh\n"}
        with Tree(files) as tree:
            row, = load("ps", *tree.options())["process_table"]
            self.assertEqual((row["pid"], row["ppid"], row["name"]), (42, 1, "x) y\x1b"))
            self.assertEqual((row["user_time"], row["system_time"]), (3 * 10**9, 2 * 10**9))
            self.assertEqual(row["username"], "seven")
            self.assertEqual(row["start_time"], 1000000001 * 10**9)
            text = sonde("ps", *tree.options()).decode().split("\n")
            self.assertRegex(text[1], r"^ *42  seven +sleeping +5\.1 .* 5\.00s  /bin/x -y$")


def stat_line(pid, ppid, name, start=100):
    """A /proc/PID/stat."""
    return b"%d (%s) S %d %d %d 0 -1 4194560 5 0 0 0 300 200 0 0 20 0 1 0 %d 4096 10 18446744073709551615%s\n" % (
        pid, name, ppid, pid, pid, start, b" 0" * 27)


class ProcessTree(unittest.TestCase):

    @staticmethod
    def machine(parents, name=b"p%d"):
        files = {"proc/stat": "cpu  1 0 0 9 0 0 0 0 0 0\nbtime 1000000000\n", "proc/uptime": "100.00 0.00\n"}
        for pid, ppid in parents.items():
            files["proc/%d/stat" % pid] = stat_line(pid, ppid, name % pid if b"%d" in name else name)
            files["proc/%d/cmdline" % pid] = b"/bin/x\0-%d\0" % pid
        return Tree(files)

    @needs("process.table")
    def test_branches(self):
        with self.machine({1: 0, 2: 1, 3: 2, 4: 2, 5: 1, 6: 0, 7: 99}) as tree:
            expected = ["pid  command", "  1  p1", "  2  |- p2", "  3  |  |- p3", "  4  |  `- p4", "  5  `- p5",
                        "  6  p6", "  7  p7", ""]
            self.assertEqual(sonde("tree", "--ascii", *tree.options()).decode().split("\n"), expected)
            plain = {key: value for key, value in environment().items() if key != "LANG" and key[:3] != "LC_"}
            self.assertEqual(sonde("tree", *tree.options(), env=plain).decode().split("\n"), expected)
            drawn = [line.replace("|- ", "\u251c\u2500 ").replace("`- ", "\u2514\u2500 ").replace("|  ", "\u2502  ")
                     for line in expected]
            env = dict(plain, LC_CTYPE="C.UTF-8", LANG="C")
            self.assertEqual(sonde("tree", *tree.options(), env=env).decode().split("\n"), drawn)
            self.assertEqual(sonde("tree", "2", "--ascii", "--args", *tree.options()).decode().split("\n"),
                             ["pid  command", "  2  /bin/x -2", "  3  |- /bin/x -3", "  4  `- /bin/x -4", ""])
            rows = load("tree", "2", *tree.options())["process_table"]
            self.assertEqual([(row["pid"], row["depth"]) for row in rows], [(2, 0), (3, 1), (4, 1)])
            done = run("tree", "8", *tree.options())
            self.assertEqual((done.returncode, done.stdout, done.stderr), (1, b"", b"sonde: tree: no such process\n"))

    @needs("process.table")
    def test_deeper_than_the_terminal_is_wide(self):
        with self.machine({pid: pid - 1 for pid in range(1, 301)}) as tree:
            for columns in (200, 80, 20, 5, 1):
                output = on_terminal("tree", *tree.options(), columns=columns, LC_ALL="C.UTF-8").decode()
                lines = output.split("\r\n")
                self.assertEqual(len(lines), 302, columns)
                self.assertLessEqual(max(map(len, lines)), columns)
            output = on_terminal("tree", *tree.options(), columns=80, LC_ALL="C").decode()
            self.assertRegex(output, r"300  \+[0-9]+  *`- p300\r\n")
            self.assertIn("p300", sonde("tree", *tree.options()).decode())

    @needs("process.table")
    def test_hostile_names(self):
        for name in HOSTILE:
            with self.machine({1: 0, 2: 1}, name.replace(b"%", b"")) as tree:
                for options in ([], ["--args"], ["--json"]):
                    output = sonde("tree", *options, *tree.options())
                    self.assertTrue(is_fit_for_terminals(output), output)

    @needs("process.table", "process.open", "process.thread_list")
    def test_threads(self):
        program = ("import threading, sys\nthreading.Thread(target=sys.stdin.read, daemon=True).start()\n"
                   "print('ready', flush=True)\nthreading.Event().wait()\n")
        with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            try:
                child.stdout.readline()
                threads = sorted(map(int, os.listdir("/proc/%d/task" % child.pid)))
                text = sonde("tree", str(child.pid), "--threads", "--ascii").decode().split("\n")
                self.assertEqual([int(line.split()[0]) for line in text[1:-1]], [child.pid] + threads)
                self.assertRegex(text[2], r"^ *[0-9]+  \|- \{.*\}$")
                row, = load("tree", str(child.pid), "--threads")["process_table"]
                self.assertEqual([thread["id"] for thread in row["thread_list"]], threads)
            finally:
                child.kill()


class Watch(unittest.TestCase):

    def test_mistakes(self):
        for arguments in (["nonsense"], ["watch"], ["top"], ["cpu", "--sort", "pid"], ["cpu", "--interval", "0"],
                          ["cpu", "memory"], ["process"], ["process", "x"], ["ps", "--sort", "x"], ["--count"],
                          ["--count", "-1"], ["\x1b[31m"]):
            done = run("watch", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, b""), (arguments, done))
            self.assertTrue(is_fit_for_terminals(done.stderr), done.stderr)

    @needs("cpu.times", "net.io_list", "process.table")
    def test_lines(self):
        for command in (["cpu"], ["net"], ["disk"], ["ps", "--sort", "cpu"], ["memory"], ["process", str(os.getpid())],
                        ["supports"], []):
            output = sonde("watch", *command, "--json", "--count", "3", "--interval", "0.02s")
            lines = output.split(b"\n")
            self.assertEqual((len(lines), lines[3]), (4, b""), command)
            documents = [json.loads(line) for line in lines[:3]]
            self.assertEqual(sorted(documents[0]), sorted(documents[2]), command)
            moments = [document["now"] for document in documents]
            self.assertEqual(sorted(moments), moments)
            self.assertGreaterEqual(moments[2] - moments[0], 0.02 * 1e9)
            self.assertLess(abs(moments[2] / 1e9 - time.time()), 60)
        self.assertEqual(sonde("watch", "memory", "--count", "0"), b"")

    @needs("host.times", "memory.virtual_memory")
    def test_text(self):
        text = sonde("watch", "memory", "-n", "2", "--interval", "0.01").decode()
        parts = re.split(r"(?m)^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z\n", text)
        self.assertEqual((len(parts), parts[0]), (3, ""))
        self.assertTrue(parts[1].endswith("\n\n") and parts[1].startswith("Memory\n"), parts[1])
        self.assertTrue(parts[2].endswith("\n") and parts[2].startswith("Memory\n"), parts[2])

    @needs("net.io_list")
    def test_rates_are_those_between_two_lines(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
            receiver.bind(("127.0.0.1", 0))
            command = [SONDE, "watch", "net", "--json", "--interval", "0.3"]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as watch:
                documents = []
                for count in (0, 20, 0):  # packets of 1000 bytes before the next line
                    for _ in range(count):
                        receiver.sendto(b"x" * 1000, receiver.getsockname())
                    documents.append(json.loads(watch.stdout.readline()))
                watch.terminate()
                watch.stdout.read()
                self.assertEqual(watch.wait(60), 0)

        def loopback(document):
            return next(row for row in document["net_io_list"] if row["name"] == "lo")

        before, after = loopback(documents[0]), loopback(documents[1])
        elapsed = (documents[2]["now"] - documents[1]["now"]) / 1e9
        moved = after["bytes_recv"] - before["bytes_recv"]
        self.assertGreaterEqual(moved, 20000)
        # `now` is when a line was begun, so the two intervals are alike, and not the same.
        self.assertTrue(moved / elapsed / 4 < after["net_io_rate"]["bytes_recv"] < moved / elapsed * 4,
                        (moved, elapsed, after["net_io_rate"]))

    def test_ends(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for command in (["supports"], ["cpu"]):
                for options in ([], ["--json"]):
                    line = [SONDE, "watch", *command, *options, "--interval", "0.05"]
                    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watch:
                        output = watch.stdout.readline()
                        watch.send_signal(number)
                        output += watch.stdout.read()
                        self.assertEqual((watch.wait(60), watch.stderr.read()), (0, b""))
                        self.assertTrue(output.endswith(b"\n"))
                        if options:
                            for document in output.decode().strip().split("\n"):
                                json.loads(document)
        with subprocess.Popen([SONDE, "watch", "supports", "--interval", "0.01"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as watch:
            watch.stdout.readline()
            watch.stdout.close()
            self.assertEqual((watch.wait(60), watch.stderr.read()), (-signal.SIGPIPE, b""))

    def test_ends_with_what_it_watches(self):
        with Child() as child:
            command = [SONDE, "watch", "process", str(child.pid), "--json", "--interval", "0.01"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watch:
                self.assertEqual(json.loads(watch.stdout.readline())["process"]["pid"], child.pid)
                child.process.kill()
                child.process.wait()
                watch.stdout.read()
                self.assertEqual(watch.wait(60), 1)
                self.assertIn(b"no such process", watch.stderr.read())
        done = run("watch", "services")
        self.assertEqual((done.returncode, done.stdout), (1, b""))


class Result(unittest.TextTestResult):
    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print("SKIP: %s: %s" % (test.id().split(".", 1)[-1], reason), flush=True)


if __name__ == "__main__":
    SONDE = os.path.abspath(sys.argv.pop(1))
    unittest.main(testRunner=unittest.TextTestRunner(resultclass=Result, verbosity=1))
