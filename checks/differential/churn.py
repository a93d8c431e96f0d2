# SPDX-License-Identifier: MIT
"""churn.py SEED: makes processes, threads, sockets, files, mappings, mounts and network interfaces come and go, until its
standard input ends. Mounts and interfaces only when it is alone in a mount table and a network namespace (soak)."""

import contextlib
import mmap
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from subjects import end_with_parent, set_name

NAMES = [b"plain", b"two words", b"a) R 1 2 3", b"x\n) Z 0", b"\xff\xfe", b"((sd-pam))", b"fifteen--bytes!", b""]


def pause(most):
    time.sleep(random.random() * most)


def member():
    """A process that changes what it is, and ends."""
    end_with_parent()
    random.seed(os.getpid())
    deadline = time.monotonic() + random.choice((0.01, 0.1, 0.5, 2, 4))
    held = []
    while time.monotonic() < deadline:
        act = random.randrange(8)
        if act == 0:
            set_name(random.choice(NAMES))
        elif act == 1:
            held.append(mmap.mmap(-1, random.choice((4096, 1 << 20))))
            held[-1][0:4096] = bytes(4096)
        elif act == 2 and held:
            held.pop(random.randrange(len(held)))
        elif act == 3:
            thread = threading.Thread(target=pause, args=(0.3,), daemon=True)
            thread.start()
        elif act == 4:
            os.nice(1)
        elif act == 5:
            if os.fork() == 0:  # an orphan, or a zombie for a while
                end_with_parent()
                pause(0.3)
                os._exit(0)
        elif act == 6:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-1, os.WNOHANG)
        else:
            sum(range(20000))
        pause(0.4)
    if random.random() < 0.2:
        os.execv("/bin/sleep", ["sleep", "0.5"])
    os._exit(0)


def processes():
    while True:
        if os.fork() == 0:
            try:
                member()
            finally:
                os._exit(1)
        pause(0.4)
        if random.random() < 0.7:
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG) != (0, 0):
                    pass  # but now and then they stay zombies


def sockets(folder):
    held = []
    listener = socket.create_server(("127.0.0.1", 0))
    names = 0
    while True:
        act = random.randrange(7)
        with contextlib.suppress(OSError):
            if act == 0:
                held.append(socket.create_connection(listener.getsockname()))
                held.append(listener.accept()[0])
            elif act == 1:
                one = socket.socket(random.choice((socket.AF_INET, socket.AF_INET6)), socket.SOCK_DGRAM)
                one.bind(("127.0.0.1" if one.family == socket.AF_INET else "::1", 0))
                held.append(one)
            elif act == 2:
                one = socket.socket(socket.AF_UNIX, random.choice((socket.SOCK_STREAM, socket.SOCK_DGRAM)))
                names += 1
                one.bind(os.fsencode(folder) + random.choice((b"/s", b"/with blank ", b"/\n", b"/\xff")) +
                         str(names).encode())
                held.append(one)
            elif act == 3:
                held.extend(socket.socketpair())
            elif act == 4 and held:
                random.choice(held).shutdown(socket.SHUT_WR)
            elif act == 5 and held:
                random.choice(held).send(b"x" * random.randrange(2000))
            elif len(held) > 40 or held and act == 6:
                held.pop(random.randrange(len(held))).close()
        while len(held) > 60:
            held.pop(0).close()
        pause(0.06)


def files(folder):
    held = []
    names = 0
    while True:
        act = random.randrange(6)
        with contextlib.suppress(OSError):
            if act == 0:
                names += 1
                path = os.path.join(folder, random.choice(("f", "a b", "x\n", "y (deleted)")) + str(names))
                held.append((os.open(path, os.O_RDWR | os.O_CREAT | random.choice((0, os.O_APPEND))), path))
            elif act == 1 and held:
                os.write(random.choice(held)[0], b"z" * random.randrange(10000))
            elif act == 2 and held:
                os.ftruncate(random.choice(held)[0], random.randrange(5000))
            elif act == 3 and held:
                os.unlink(random.choice(held)[1])
            elif act == 4 and held:
                os.lseek(random.choice(held)[0], random.randrange(5000), os.SEEK_SET)
            elif held:
                os.close(held.pop(random.randrange(len(held)))[0])
        while len(held) > 30:
            os.close(held.pop(0)[0])
        pause(0.05)


def quietly(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def mounts(folder):
    mounted = []
    names = 0
    while True:
        act = random.randrange(3)
        names += 1
        path = os.path.join(folder, random.choice(("m%d", "with blank %d", "tab\t%d", "back\\slash %d")) % names)
        if act == 0:
            os.mkdir(path)
            if quietly("mount", "-t", "tmpfs", "-o", "size=%dk" % random.randrange(64, 4096), "churn", path):
                mounted.append(path)
                with open(os.path.join(path, "file"), "wb") as file:
                    file.write(bytes(random.randrange(30000)))
        elif act == 1:
            os.mkdir(path)
            if quietly("mount", "--bind", "/usr/lib", path):
                mounted.append(path)
        elif mounted:
            quietly("umount", mounted.pop(random.randrange(len(mounted))))
        while len(mounted) > 12:
            quietly("umount", mounted.pop(0))
        pause(0.5)


def interfaces():
    names = []
    count = 0
    while True:
        act = random.randrange(4)
        if act == 0:
            count += 1
            if quietly("ip", "link", "add", "v%d" % count, "type", "veth", "peer", "name", "w%d" % count):
                names.append("v%d" % count)
                quietly("ip", "addr", "add", "10.9.%d.1/%d" % (count % 250, random.choice((24, 30, 32))), "dev",
                        names[-1])
        elif act == 1 and names:
            quietly("ip", "link", "set", random.choice(names), random.choice(("up", "down")))
        elif act == 2 and names:
            quietly("ip", "link", "set", random.choice(names), "mtu", str(random.randrange(1300, 1500)))
        elif names and (act == 3 or len(names) > 6):
            quietly("ip", "link", "del", names.pop(random.randrange(len(names))))
        pause(0.7)


def main():
    seed, alone = int(sys.argv[1]), "alone" in sys.argv
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with tempfile.TemporaryDirectory(prefix="sonde_churn") as folder:
        workers = [processes, lambda: sockets(folder), lambda: files(folder)]
        if alone:
            mount_folder = os.path.join(folder, "mounts")
            os.mkdir(mount_folder)
            workers += [lambda: mounts(mount_folder), interfaces]
        pids = []
        for number, worker in enumerate(workers):
            pid = os.fork()
            if pid == 0:
                end_with_parent()
                random.seed(seed * 100 + number)
                try:
                    worker()
                finally:
                    os._exit(1)
            pids.append(pid)
        print("ready", flush=True)
        while not select.select([sys.stdin], [], [], 1)[0]:
            for pid in pids:
                if os.waitpid(pid, os.WNOHANG) != (0, 0):
                    print("a worker of the churn has ended", file=sys.stderr)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        if alone:
            quietly("sh", "-c", "umount '%s'/*" % mount_folder)


if __name__ == "__main__":
    main()
