# SPDX-License-Identifier: MIT
"""Processes that have what an ordinary machine lacks: each is forked, sets itself up, and waits to be ended."""

import contextlib
import ctypes
import mmap
import os
import pty
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15


def set_name(name):
    LIBC.prctl(PR_SET_NAME, name, 0, 0, 0)


def end_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def names(_):
    set_name(b"a) R 1 2 3")


def odd_names(_):
    set_name(b"\xff\n) Z 0\\")


def threads(_):
    def work(name):
        set_name(name)
        deadline = time.monotonic() + 0.02
        while time.monotonic() < deadline:
            pass
        started.release()
        threading.Event().wait()
    started = threading.Semaphore(0)
    for name in (b"plain", b"b) S 9 9", b"two words", b"\xfe"):
        threading.Thread(target=work, args=(name,), daemon=True).start()
    for _ in range(4):
        started.acquire()


def files(folder):
    def make(name, flags, content=b"0123456789"):
        path = os.path.join(os.fsencode(folder), name)
        with open(path, "wb") as file:
            file.write(content)
        return os.open(path, flags)
    os.lseek(make(b"read", os.O_RDONLY), 3, os.SEEK_SET)
    os.write(make(b"write", os.O_WRONLY), b"xy")
    os.write(make(b"append", os.O_WRONLY | os.O_APPEND), b"xy")
    make(b"both", os.O_RDWR)
    make(b"both and append", os.O_RDWR | os.O_APPEND | os.O_SYNC)
    make(b"new\nline\\and\xff", os.O_RDONLY | os.O_CLOEXEC)
    make(b"looks (deleted)", os.O_RDONLY)
    make(b"gone", os.O_RDWR)
    os.unlink(os.path.join(folder, "gone"))
    os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.open("/dev/null", os.O_WRONLY)
    os.pipe()
    os.memfd_create("a memory file")
    with contextlib.suppress(OSError):
        os.eventfd(1)
    keep.append(socket.socketpair())


def mappings(folder):
    for name in (b"mapped", b"with blank", b"new\nline", b"gone"):
        path = os.path.join(os.fsencode(folder), name)
        with open(path, "wb+") as file:
            file.truncate(65536)
            area = mmap.mmap(file.fileno(), 65536)
            area[0:5] = b"dirty"
            keep.append(area)
        if name == b"gone":
            os.unlink(path)
    shared = mmap.mmap(-1, 1 << 20)
    shared[0:8192] = bytes(8192)
    keep.append(shared)
    locked = mmap.mmap(-1, 16384, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    locked[0:16384] = bytes(16384)
    keep.append(locked)
    address = ctypes.addressof(ctypes.c_char.from_buffer(locked))
    LIBC.mlock(ctypes.c_void_p(address), ctypes.c_size_t(16384))


def settings(_):
    os.umask(0o27)
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (1000, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    LIBC.syscall(251 if os.uname().machine == "x86_64" else 30, 1, 0, 3 << 13)  # ioprio_set: idle
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("321")
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.signal(signal.SIGUSR2, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP, signal.SIGRTMIN + 2})
    os.kill(os.getpid(), signal.SIGHUP)
    os.environ["ONE"] = "set after the start"


def best_effort(_):
    LIBC.syscall(251 if os.uname().machine == "x86_64" else 30, 1, 0, 2 << 13 | 6)
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(7))


def somebody(_):
    """Another user, with groups; root only."""
    os.setgroups([10, 20, 4000000000])
    os.setresgid(3000000001, 3000000002, 3000000003)
    os.setresuid(0, 12345, 54321)


def zombie(_):
    if os.fork() == 0:
        os._exit(3)


def stopped(_):
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    os.waitpid(pid, os.WUNTRACED)
    keep.append(Child(pid))


def at_terminal(_):
    pid, master = pty.fork()
    if pid == 0:
        end_with_parent()
        time.sleep(1000)
        os._exit(0)
    keep.append(Child(pid))
    keep.append(master)


def grandchildren(_):
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            end_with_parent()
            for _ in range(2):
                if os.fork() == 0:
                    end_with_parent()
                    time.sleep(1000)
                    os._exit(0)
            time.sleep(1000)
            os._exit(0)
        keep.append(Child(pid))
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)  # has children's times and faults


def other_namespaces(_):
    """A network, a host name and a mount table of its own; root only."""
    if LIBC.unshare(0x40000000 | 0x04000000 | 0x00020000) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    keep.append(socket.create_server(("0.0.0.0", 0)))
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sender.bind(b"\0in its own namespace")
    keep.append(sender)


def sockets(folder):
    """Every state of TCP that a machine by itself can be brought into, and every kind of unix socket."""
    def pair(family, host):
        listener = socket.create_server((host, 0), family=family)
        here = socket.create_connection(listener.getsockname()[:2])
        there, _ = listener.accept()
        keep.extend((listener, here, there))
        return here, there
    pair(socket.AF_INET, "127.0.0.1")
    here, there = pair(socket.AF_INET, "127.0.0.1")
    here.shutdown(socket.SHUT_WR)  # FIN_WAIT2 and CLOSE_WAIT
    here, there = pair(socket.AF_INET, "127.0.0.1")
    here.send(b"x" * 1000)  # waits to be received
    here, there = pair(socket.AF_INET, "127.0.0.1")
    here.close()
    there.close()  # TIME_WAIT
    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    keep.append(full)
    for _ in range(4):  # the queue is full: SYN_SENT
        waiting = socket.socket()
        waiting.setblocking(False)
        waiting.connect_ex(full.getsockname())
        keep.append(waiting)
    with contextlib.suppress(OSError):
        pair(socket.AF_INET6, "::1")
        both = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        keep.append(both)
        keep.append(socket.create_connection(("127.0.0.1", both.getsockname()[1])))  # mapped
        keep.append(both.accept()[0])
        bound = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        bound.bind(("::1", 0))
        keep.append(bound)
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind(("127.0.0.1", 0))
    talking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    talking.connect(bound.getsockname())
    talking.send(b"unread")
    keep.extend((bound, talking))
    os.chdir(folder)
    for kind, name in ((socket.SOCK_STREAM, b"plain.sock"), (socket.SOCK_STREAM, b"a b c.sock"),
                       (socket.SOCK_DGRAM, b"new\nline.sock"), (socket.SOCK_SEQPACKET, b"\xff.sock"),
                       (socket.SOCK_STREAM, b"\0abstract"), (socket.SOCK_DGRAM, b"\0with\0nul")):
        server = socket.socket(socket.AF_UNIX, kind)
        server.bind(name)
        keep.append(server)
        if kind != socket.SOCK_DGRAM:
            server.listen(3)
            client = socket.socket(socket.AF_UNIX, kind)
            client.connect(name)
            keep.extend((client, server.accept()[0]))
            pending = socket.socket(socket.AF_UNIX, kind)
            pending.connect(name)  # not yet accepted
            keep.append(pending)
    keep.append(socket.socketpair())
    keep.append(socket.socket(socket.AF_UNIX))  # neither bound nor connected
    keep.append(socket.socket())


class Child:
    """A process of a subject that ends with it."""

    def __init__(self, pid):
        self.pid = pid

    def end(self):
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)


keep = []  # of a subject: what it holds until it ends
ROLES = [names, odd_names, threads, files, mappings, settings, best_effort, somebody, zombie, stopped, at_terminal,
         grandchildren, other_namespaces, sockets]
AS_ROOT = (somebody, other_namespaces)


class Subjects:
    """All of them; a context."""

    def __init__(self, roles=None):
        self.roles = roles or ROLES
        self.folder = tempfile.mkdtemp(prefix="sonde_differential")
        self.forked = []  # (pid, its end of a pipe)
        self.started = []

    def __enter__(self):
        for role in self.roles:
            if os.getuid() == 0 or role not in AS_ROOT:
                self._fork(role)
        self._start_programs()
        return self

    def pids(self):
        """Of subjects, the children of subjects too."""
        found = [pid for pid, _ in self.forked] + [program.pid for program in self.started]
        for pid in list(found):
            with contextlib.suppress(OSError), open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
                found += map(int, file.read().split())
        return found

    def _fork(self, role):
        ready, told = os.pipe()
        stay, end = os.pipe()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            try:
                folder = os.path.join(self.folder, role.__name__)
                os.mkdir(folder, 0o777)
                os.close(ready)
                os.close(end)
                for _, other in self.forked:
                    os.close(other)
                role(folder)
                os.write(told, b"+")
                os.close(told)
                os.read(stay, 1)  # until the parent ends, or ends this
                for thing in keep:
                    if isinstance(thing, Child):
                        thing.end()
            except BaseException as error:  # pylint: disable=broad-except
                os.write(told, ("%s: %r" % (role.__name__, error)).encode())
            finally:
                os._exit(0)
        os.close(told)
        os.close(stay)
        answer = os.read(ready, 1000)
        os.close(ready)
        self.forked.append((pid, end))
        if answer != b"+":
            print("SKIP: a process of its own: %s" % answer.decode(errors="replace"))

    def _start_programs(self):
        def start(path, arguments, **options):
            self.started.append(subprocess.Popen(arguments, executable=path, stdin=subprocess.DEVNULL,
                                                 stdout=subprocess.DEVNULL, preexec_fn=end_with_parent, **options))
        sleep = shutil.which("sleep")
        # A program that is no longer where it was.
        for name in ("gone", "looks (deleted)"):
            copy = os.path.join(self.folder, name)
            shutil.copy(sleep, copy)
            start(copy, ["sleep", "1000"])
        os.unlink(os.path.join(self.folder, "gone"))
        start(sys.executable, [b"python of one word, with blanks", b"-c", b"import time; time.sleep(1000)", b"", b"\xff",
                               b"new\nline"],
              env={"EMPTY": "", "TWO": "a=b", b"\xfe": b"\xfd", "BLANK ED": " x "})
        # Its whole command line is one argument with blanks: a program that waits without being told to.
        self.started.append(subprocess.Popen(["one argument with blanks"], executable=shutil.which("cat"),
                                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                             preexec_fn=end_with_parent))
        folder = os.path.join(self.folder, "unlinked working folder")
        os.mkdir(folder)
        start(sleep, ["sleep", "1000"], cwd=folder)
        os.rmdir(folder)

    def __exit__(self, *_):
        for program in self.started:
            program.kill()
            program.wait()
        for pid, end in self.forked:
            os.close(end)
        deadline = time.monotonic() + 5
        for pid, _ in self.forked:
            while os.waitpid(pid, os.WNOHANG) == (0, 0):
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.005)
        shutil.rmtree(self.folder, ignore_errors=True)
