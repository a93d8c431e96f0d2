# SPDX-License-Identifier: MIT
"""One process at a time: threads, open files, mappings, environment, limits, priorities, namespaces."""

import os
import re

from run import Missing, NoAnswer, against, by, ours_text, plain

NS = 1_000_000_000
UNLIMITED = 2 ** 64 - 1
MOST_OTHERS = 4
KIB = 1024


def chosen(run):
    """The subjects, and some of the other processes: those that are largest."""
    if run.only() is not None:
        return sorted({int(str(key).split(" ")[0]) for key in run.only()})
    rows = run.sonde("ps", "--fields", "pid,rss,ppid", "--sort", "memory")["process_table"]
    others = [row["pid"] for row in rows if row.get("ppid") != 2 and row["pid"] not in (os.getpid(), 2)]
    return list(dict.fromkeys(list(run.subjects) + others[:MOST_OTHERS]))


def bracketed(run, ask, compare, *options):
    """Each in a bracket of its own: compare(run, pid, a, theirs, b) with all that we tell of it."""
    for pid in chosen(run):
        try:
            a = run.sonde("process", pid, *options)
            theirs = ask(pid)
            b = run.sonde("process", pid, *options)
        except NoAnswer:
            continue
        # One that ends meanwhile has fewer parts to tell of.
        if "process" in a and set(a) == set(b) and a["process"]["start_id"] == b["process"]["start_id"]:
            compare(run, pid, a, theirs, b)


def psutil_says(run, method, *arguments, **options):
    """A question for one process; None where it is gone, a zombie, or refuses."""
    def ask(pid):
        try:
            return getattr(run.psutil.Process(pid), method)(*arguments, **options)
        except (run.psutil.NoSuchProcess, run.psutil.AccessDenied):
            return None
    return ask


def told_files(row):
    """Those whose link may be read, by descriptor."""
    return {entry["fd"]: entry for entry in row.get("open_file_list", ()) if entry["status"] == "SONDE_OK"}


def unmarked(path):
    return re.sub(r" \(deleted\)$", "", path)


def is_zombie(row):
    return row["process"]["state"] == "zombie"


@against("psutil")
def threads(run):
    def compare(run, pid, a, theirs, b):
        if theirs is None:
            return
        mine, after = by(a["thread_list"], "id"), by(b["thread_list"], "id")
        told = {row.id: row for row in theirs}
        run.rows("thread_list", {(pid, thread) for thread in mine}, {(pid, thread) for thread in told},
                 {(pid, thread) for thread in after}, transient=True)
        for thread, row in told.items():
            if thread not in mine or thread not in after:
                continue
            explained = "thread-named-like-columns" if ")" in mine[thread].get("name", "") else None
            for field in ("user_time", "system_time"):
                run.counter("thread." + field, mine[thread].get(field), round(getattr(row, field) * NS),
                            after[thread].get(field), "%d %d" % (pid, thread), explained=explained)
    bracketed(run, psutil_says(run, "threads"), compare)


@against("ps")
def threads_of_ps(run):
    letters = {"R": "running", "S": "sleeping", "D": "disk_sleep", "T": "stopped", "t": "tracing_stop", "Z": "zombie",
               "X": "dead", "I": "idle", "P": "parked"}

    def ask(pid):
        lines = run.text("ps", "-L", "-ww", "-p", pid, "-o", "lwp=,psr=,s=,ni=,priority=,comm=", ok=(0, 1)).splitlines()
        return {int(words[0]): words for words in (line.split(None, 5) for line in lines)}

    def compare(run, pid, a, theirs, b):
        mine, after = by(a["thread_list"], "id"), by(b["thread_list"], "id")
        run.rows("thread_list", {(pid, thread) for thread in mine}, {(pid, thread) for thread in theirs},
                 {(pid, thread) for thread in after}, transient=True)
        for thread, words in theirs.items():
            if thread not in mine or thread not in after:
                continue
            one, other, key = mine[thread], after[thread], "%d %d" % (pid, thread)
            run.gauge("thread.cpu_num", one.get("cpu_num"), int(words[1]), other.get("cpu_num"), key)
            run.gauge("thread.state", one.get("state"), letters.get(words[2]), other.get("state"), key)
            if words[3] != "-":
                run.gauge("thread.nice", one.get("nice"), int(words[3]), other.get("nice"), key)
            run.gauge("thread.priority", one.get("priority"), int(words[4]), other.get("priority"), key)
            name = one.get("name")
            if plain(name) and name == name.strip() and one.get("state") != "zombie":
                told = words[5].rstrip() if len(words) > 5 else ""
                run.gauge("thread.name", name, told, other.get("name"), key)
    bracketed(run, ask, compare)


@against("psutil")
def open_files(run):
    def compare(run, pid, a, theirs, b):
        if theirs is None or is_zombie(a) or is_zombie(b):
            return
        mine, after = told_files(a), told_files(b)
        told = {row.fd: row for row in theirs}
        # It shows what still is a regular file under its path.
        shown = [{fd for fd, row in rows.items() if row.get("path", "").startswith("/") and not row["deleted"] and
                  row.get("kind") not in ("character_device", "block_device", "directory") and
                  (fd in told or os.path.isfile(row["path"]))} for rows in (mine, after)]
        # A descriptor may be closed, and stand for another file, or the same, when it is looked at again.
        if a["process"].get("root") == "/":  # it looks for them below its own
            run.restless_rows("open_file_list", {(pid, fd, unmarked(mine[fd]["path"])) for fd in shown[0]},
                              {(pid, fd, unmarked(ours_text(row.path))) for fd, row in told.items()},
                              {(pid, fd, unmarked(after[fd]["path"])) for fd in shown[1]},
                              lambda row: "%d %d %s" % row)
        for fd, row in told.items():
            if fd not in mine or fd not in after or mine[fd].get("path") != after[fd].get("path"):
                continue
            key = "%d %d" % (pid, fd)
            one, other = mine[fd], after[fd]
            named_so = one["deleted"] and ours_text(row.path) == one["path"] + " (deleted)"
            run.stable("open_file.path", one["path"], ours_text(row.path), other["path"], key,
                       "file-named-like-the-mark" if named_so else None)
            run.gauge("open_file.position", one.get("position"), row.position, other.get("position"), key)
            run.gauge("open_file.flags", one.get("flags"), row.flags, other.get("flags"), key)
            run.gauge("open_file.mode", one.get("mode"), row.mode, other.get("mode"), key)
    bracketed(run, psutil_says(run, "open_files"), compare)


# asm-generic, which x86 and arm share for these; lsfd has words for them.
WORDS_OF_FLAGS = {0o1: "wronly", 0o2: "rdwr", 0o100: "creat", 0o200: "excl", 0o400: "noctty", 0o1000: "trunc",
                  0o2000: "append", 0o4000: "nonblock", 0o10000: "dsync", 0o20000: "fasync", 0o2000000: "cloexec",
                  0o10000000: "path"}


@against("lsfd")
def descriptors(run):
    def ask(pid):
        try:
            rows = run.tool_json("lsfd", "-p", pid, "-J", "-o", "FD,NAME,MODE,FLAGS,POS,INODE,MNTID,TYPE,DELETED",
                                 ok=(0, 1))["lsfd"]
        except Missing:
            return None
        return {row["fd"]: row for row in rows if row["fd"] is not None}

    def compare(run, pid, a, theirs, b):
        if theirs is None or is_zombie(a) or is_zombie(b):
            return
        mine, after = told_files(a), told_files(b)
        # Kept by both of ours, on a file system that is not to be touched.
        silent = {fd for fd in mine.keys() & after.keys() - theirs.keys()
                  if not mine[fd].get("kind") and not after[fd].get("kind")}
        run.rows("open_file_list", {(pid, fd) for fd in silent}, (), {(pid, fd) for fd in silent},
                 explained=lambda key: "descriptor-on-a-dead-mount")
        mine, after = ({fd: row for fd, row in rows.items() if fd not in silent} for rows in (mine, after))
        run.restless_rows("open_file_list", *({(pid, fd, row.get("inode")) for fd, row in rows.items()}
                                              for rows in (mine, theirs, after)), key=lambda row: "%d %d %s" % row)
        for fd, row in theirs.items():
            if fd not in mine or fd not in after or mine[fd].get("inode") != after[fd].get("inode"):
                continue
            key = "%d %d" % (pid, fd)
            one, other = mine[fd], after[fd]
            run.gauge("open_file.position", one.get("position"), row["pos"], other.get("position"), key)
            run.gauge("open_file.inode", one.get("inode"), row["inode"], other.get("inode"), key)
            run.gauge("open_file.mount_id", one.get("mount_id"), row["mntid"], other.get("mount_id"), key)
            words = set((row["flags"] or "").split(",")) - {"", "largefile"}
            ours = [{word for bit, word in WORDS_OF_FLAGS.items() if entry.get("flags", 0) & bit == bit}
                    for entry in (one, other)]
            run.gauge("open_file.flags", ours[0], words & set(WORDS_OF_FLAGS.values()), ours[1], key)
            kinds = {"REG": "regular", "DIR": "directory", "CHR": "character_device", "BLK": "block_device",
                     "FIFO": "pipe", "SOCK": "socket"}
            if one.get("kind") and row["type"] in kinds:
                run.gauge("open_file.kind", one["kind"], kinds[row["type"]], other.get("kind"), key)
            if one.get("path", "").startswith("/") and plain(one["path"]) and plain(row["name"]):
                run.gauge("open_file.path", one["path"], re.sub(r" \(deleted\)$", "", row["name"])
                          if one["deleted"] else row["name"], other["path"], key)
                run.gauge("open_file.deleted", one["deleted"], bool(row["deleted"]) or
                          (one["deleted"] and row["name"].endswith("(deleted)")), other["deleted"], key)
    bracketed(run, ask, compare)


SIZES = ("rss", "pss", "shared_clean", "shared_dirty", "private_clean", "private_dirty", "referenced", "anonymous",
         "swap")


@against("psutil")
def mappings(run):
    def compare(run, pid, a, theirs, b):
        if theirs is None or is_zombie(a) or is_zombie(b):
            return
        mine, after = by(a["map_list"], "start"), by(b["map_list"], "start")
        told = {int(row.addr.split("-")[0], 16): row for row in theirs}
        run.rows("map_list", {(pid, start) for start in mine}, {(pid, start) for start in told},
                 {(pid, start) for start in after}, transient=True)
        for start, row in told.items():
            one, other = mine.get(start), after.get(start)
            if one is None or other is None or one["end"] != other["end"]:
                continue
            key = "%d %x" % (pid, start)
            run.stable("map.end", one["end"], int(row.addr.split("-")[1], 16), other["end"], key)
            run.stable("map.perms", one["perms"], row.perms, other["perms"], key)
            for field in SIZES:
                if field in one or field in other:
                    # The shares, and who has touched a page, depend on who else looks.
                    slack = SHARE if field in ("pss", "shared_clean", "private_clean", "shared_dirty",
                                               "private_dirty") else 0
                    run.gauge("map." + field, one.get(field), getattr(row, field), other.get(field), key, slack=slack)
            path, was = ours_text(row.path), one.get("path", "")
            explained = None
            if path not in (was, "[anon]" if not was else None):
                # Escapes of the kernel, and its mark of a deleted file.
                plainer = path.replace("\\012", "\n").replace("\\134", "\\")
                if plainer == was or plainer == was + " (deleted)" and one["deleted"]:
                    explained = "path-of-a-mapping"
            run.stable("map.path", was or "[anon]", path, other.get("path", "") or "[anon]", key, explained)
    bracketed(run, psutil_says(run, "memory_maps", grouped=False), compare, "--all")


SHARE = 256 * 1024


@against("pmap")
def mappings_of_pmap(run):
    columns = {"Offset": "offset", "Inode": "inode", "Rss": "rss", "Pss": "pss", "Referenced": "referenced",
               "Anonymous": "anonymous", "Swap": "swap", "Locked": "locked"}

    def ask(pid):
        try:
            lines = run.text("pmap", "-XX", "-p", pid, ok=(0, 42)).splitlines()
        except Missing:
            return None
        headers = [line.split() for line in lines if line.split()[:2] == ["Address", "Perm"]]
        if not headers:
            return None
        head = headers[0]
        told = {}
        for line in lines[lines.index(next(line for line in lines if "Perm" in line)) + 1:]:
            words = line.split()
            if len(words) > head.index("VmFlags") and re.fullmatch("[0-9a-f]+", words[0]) and len(words[1]) == 4:
                told[int(words[0], 16)] = dict(zip(head, words))
        return told

    def compare(run, pid, a, theirs, b):
        if theirs is None or is_zombie(a) or is_zombie(b):
            return
        mine, after = by(a["map_list"], "start"), by(b["map_list"], "start")
        theirs = {start: row for start, row in theirs.items()}
        run.rows("map_list", {(pid, start) for start in mine if start < 2 ** 63}, {(pid, start) for start in theirs},
                 {(pid, start) for start in after}, transient=True)
        for start, row in theirs.items():
            one, other = mine.get(start), after.get(start)
            if one is None or other is None or one["end"] != other["end"]:
                continue
            key = "%d %x" % (pid, start)
            run.stable("map.end", one["end"], start + int(row["Size"]) * KIB, other["end"], key)
            run.stable("map.perms", one["perms"], row["Perm"], other["perms"], key)
            for column, field in columns.items():
                value = int(row[column], 16) if column == "Offset" else int(row[column])
                if column not in ("Offset", "Inode"):
                    value *= KIB
                run.gauge("map." + field, one.get(field, 0), value, other.get(field, 0), key,
                          slack=SHARE if field == "pss" else 0)
    bracketed(run, ask, compare, "--all")


@against("psutil")
def environment(run):
    def compare(run, pid, a, theirs, b):
        if theirs is None or is_zombie(a) or is_zombie(b):
            return
        told = {ours_text(name): ours_text(value) for name, value in theirs.items()}
        mine, after = ({row.get("name", ""): row.get("value", "") for row in rows["environ_list"] if row["has_value"]}
                       for rows in (a, b))
        run.rows("environ_list", {(pid, name) for name in mine}, {(pid, name) for name in told},
                 {(pid, name) for name in after})
        for name, value in told.items():
            if name in mine and name in after:
                run.stable("environ.value", mine[name], value, after[name], "%d %s" % (pid, name))
    bracketed(run, psutil_says(run, "environ"), compare, "--all")


@against("psutil")
def limits(run):
    def ask(pid):
        told = {}
        for name in dir(run.psutil):
            if name.startswith("RLIMIT_"):
                told[name[len("RLIMIT_"):].lower()] = psutil_says(run, "rlimit", getattr(run.psutil, name))(pid)
        return {name: value for name, value in told.items() if value is not None}

    def compare(run, pid, a, theirs, b):
        mine, after = by(a["limit_list"], "kind"), by(b["limit_list"], "kind")
        for name, values in theirs.items():
            for field, value in zip(("soft", "hard"), values):
                run.stable("limit." + field, mine.get(name, {}).get(field), UNLIMITED if value == -1 else value,
                           after.get(name, {}).get(field), "%d %s" % (pid, name))
    bracketed(run, ask, compare)


@against("prlimit")
def limits_of_prlimit(run):
    def ask(pid):
        try:
            lines = run.text("prlimit", "-p", pid, "--raw", "--noheadings", "-o", "RESOURCE,SOFT,HARD").splitlines()
        except Missing:
            return None
        return {words[0].lower(): words[1:] for words in (line.split() for line in lines)}

    def compare(run, pid, a, theirs, b):
        if theirs is None:
            return
        mine, after = by(a["limit_list"], "kind"), by(b["limit_list"], "kind")
        run.rows("limit_list", {(pid, kind) for kind in mine}, {(pid, kind) for kind in theirs},
                 {(pid, kind) for kind in after})
        for name, words in theirs.items():
            for field, word in zip(("soft", "hard"), words):
                run.stable("limit." + field, mine.get(name, {}).get(field),
                           UNLIMITED if word == "unlimited" else int(word), after.get(name, {}).get(field),
                           "%d %s" % (pid, name))
    bracketed(run, ask, compare)


def _asking(run, name, *arguments):
    def ask(pid):
        try:
            return run.text(name, *arguments, pid)
        except Missing as why:
            if "not installed" in str(why):
                raise
            return None
    return ask


@against("chrt")
def scheduling(run):
    policies = {"SCHED_OTHER": 0, "SCHED_FIFO": 1, "SCHED_RR": 2, "SCHED_BATCH": 3, "SCHED_IDLE": 5,
                "SCHED_DEADLINE": 6}

    def compare(run, pid, a, text, b):
        if text is None:
            return
        policy = re.search(r"scheduling policy: (\w+)", text).group(1)
        realtime = int(re.search(r"scheduling priority: (\d+)", text).group(1))
        run.stable("process.policy", a["process"]["policy"], policies.get(policy), b["process"]["policy"], pid)
        run.stable("process.rt_priority", a["process"]["rt_priority"], realtime, b["process"]["rt_priority"], pid)
    bracketed(run, _asking(run, "chrt", "-p"), compare)


@against("ionice")
def io_priority(run):
    classes = {"none": 0, "realtime": 1, "best-effort": 2, "idle": 3}

    def compare(run, pid, a, text, b):
        if text is None:
            return
        words = text.replace(":", " ").split()
        run.stable("process.ionice_class", a["process"]["ionice_class"], classes[words[0]],
                   b["process"]["ionice_class"], pid)
        if words[0] != "idle":
            run.stable("process.ionice_value", a["process"]["ionice_value"], int(words[-1]),
                       b["process"]["ionice_value"], pid)
    bracketed(run, _asking(run, "ionice", "-p"), compare)


@against("lsns")
def namespaces(run):
    def ask(pid):
        try:
            rows = run.tool_json("lsns", "-J", "-p", pid, "-o", "NS,TYPE")["namespaces"]
        except Missing as why:
            if "not installed" in str(why):
                raise
            return {}
        return {row["type"]: int(row["ns"]) for row in rows}

    def compare(run, pid, a, theirs, b):
        for kind, inode in theirs.items():
            mine, after = (row["process"].get("namespaces", {}).get(kind) for row in (a, b))
            run.stable("process.namespaces." + kind, mine, inode, after, pid)
    bracketed(run, ask, compare)


@against("kernel")
def what_only_the_kernel_shows(run):
    """Fields that no other tool has, against a second, plainer reading of the same files."""
    def ask(pid):
        def read(name):
            try:
                with open("/proc/%d/%s" % (pid, name), "rb") as file:
                    return file.read()
            except OSError:
                return b""
        lines = dict(line.split(b":", 1) for line in read("status").split(b"\n")[1:] if b":" in line)
        status = {key.decode(): value.split() for key, value in lines.items()}
        stat = read("stat").rpartition(b")")[2].split()
        return {"status": status, "stat": stat, "schedstat": read("schedstat").split(),
                "autogroup": read("autogroup").decode().split(), "cgroup": read("cgroup").decode(),
                "cmdline": read("cmdline"), "exe": read("exe")[:5], "oom": read("oom_score").strip(),
                "oom_adj": read("oom_score_adj").strip(), "loginuid": read("loginuid").strip()}

    def compare(run, pid, a, theirs, b):
        status, stat = theirs["status"], theirs["stat"]
        if len(stat) < 40:
            return

        def same(field, value, rule="stable"):
            ours = []
            for row in (a["process"], b["process"]):
                for part in field.split("."):
                    row = (row or {}).get(part)
                ours.append(row)
            getattr(run, rule)("process." + field, ours[0], value, ours[1], pid)

        def kib(name):
            return int(status[name][0]) * KIB if name in status else None
        for field, name in (("peak_rss", "VmHWM"), ("peak_vms", "VmPeak"), ("rss_anon", "RssAnon"),
                            ("rss_file", "RssFile"), ("rss_shmem", "RssShmem"), ("swap", "VmSwap"),
                            ("hugetlb", "HugetlbPages"), ("locked", "VmLck"), ("pinned", "VmPin"),
                            ("stack", "VmStk"), ("lib", "VmLib"), ("page_tables", "VmPTE")):
            if name in status:
                same("memory_ex." + field, kib(name), "gauge")
        for field, name in (("inheritable", "CapInh"), ("permitted", "CapPrm"), ("effective", "CapEff"),
                            ("bounding", "CapBnd"), ("ambient", "CapAmb")):
            same("capabilities." + field, int(status[name][0], 16))
        for field, name in (("pending", "SigPnd"), ("shared_pending", "ShdPnd"), ("blocked", "SigBlk"),
                            ("ignored", "SigIgn"), ("caught", "SigCgt")):
            same("signals." + field, int(status[name][0], 16), "gauge")
        queued, limit = status["SigQ"][0].split(b"/")
        same("signals.queued", int(queued), "gauge")
        same("signals.queued_limit", int(limit))
        same("umask", int(status["Umask"][0], 8) if "Umask" in status else None)
        same("seccomp", int(status["Seccomp"][0]))
        same("no_new_privs", status["NoNewPrivs"] == [b"1"])
        same("ns_pids", [int(word) for word in status["NSpid"]])
        same("groups", [int(word) for word in status["Groups"]])
        for part, word_uid, word_gid in zip(("real", "effective", "saved", "fs"), status["Uid"], status["Gid"]):
            same("uids." + part, int(word_uid))
            same("gids." + part, int(word_gid))
        same("start_id", int(stat[19]))
        same("os_flags", int(stat[6]), "gauge")
        same("exit_signal", int(stat[35]))
        same("tty", int(stat[4]) & 0xffffffff)
        same("children_minor_faults", int(stat[8]), "counter")
        same("children_major_faults", int(stat[10]), "counter")
        tick = NS // os.sysconf("SC_CLK_TCK")
        same("guest_time", int(stat[40]) * tick, "counter")
        same("children_guest_time", int(stat[41]) * tick, "counter")
        same("oom_score", int(theirs["oom"]), "gauge")
        same("oom_score_adj", int(theirs["oom_adj"]))
        if theirs["loginuid"]:
            same("loginuid", int(theirs["loginuid"]))
        if len(theirs["schedstat"]) == 3:
            same("run_delay", int(theirs["schedstat"][1]), "counter")
        if theirs["autogroup"]:
            same("autogroup", int(theirs["autogroup"][0].rsplit("-", 1)[1]), "gauge")
            same("autogroup_nice", int(theirs["autogroup"][2]))
        paths = [line[3:] for line in theirs["cgroup"].splitlines() if line.startswith("0::")]
        if paths:
            same("cgroup", paths[0])
        if theirs["cmdline"]:
            same("cmdline", ours_text(theirs["cmdline"]))
        if theirs["exe"][:4] == b"\x7fELF":
            same("bitness", {1: 32, 2: 64}[theirs["exe"][4]])
    bracketed(run, ask, compare)


@against("python")
def root_and_session(run):
    def ask(pid):
        told = {}
        for field, question in (("root", lambda: ours_text(os.readlink("/proc/%d/root" % pid))),
                                ("session", lambda: os.getsid(pid)), ("pgrp", lambda: os.getpgid(pid)),
                                ("policy", lambda: os.sched_getscheduler(pid)),
                                ("nice", lambda: os.getpriority(os.PRIO_PROCESS, pid))):
            try:
                told[field] = question()
            except OSError:
                pass
        return told

    def compare(run, pid, a, theirs, b):
        for field, value in theirs.items():
            run.stable("process." + field, a["process"].get(field), value, b["process"].get(field), pid)
    bracketed(run, ask, compare)
