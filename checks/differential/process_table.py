# SPDX-License-Identifier: MIT
"""All processes at once: who lives through both of our readings is compared field by field."""

import calendar
import os
import time

from run import Missing, NoAnswer, against, by, ours_text, plain

NS = 1_000_000_000
NONE = 2 ** 32 - 1
# Who reads has libraries, too, and shares them with who is read: that makes the shares of others, and what they have to
# themselves, smaller meanwhile.
SHARE = 256 * 1024


def table(run):
    """By pid and start, which is who a process is."""
    return by(run.sonde("ps", "--all-fields")["process_table"], "pid", "start_id")


def survivors(run, a, b):
    """Those that both readings saw, alive or zombies; but not this one, which does other things while others look."""
    return {key: (a[key], b[key]) for key in a if key in b and key[0] != os.getpid()}


def _key(row):
    return "%d %s" % (row["pid"], row.get("name"))


def bracketed(run, ask, compare):
    """All processes in one bracket, and those with open gauges again in brackets of their own, which are narrower.

    ask(pids) gives what the peer tells, by pid: of all processes when pids is None. compare(run, key, a, theirs, b).
    """
    if run.only() is None:
        a = table(run)
        theirs = ask(None)
        b = table(run)
        run.rows("process_table", {pid for pid, _ in a}, theirs, {pid for pid, _ in b}, transient=True)
        for (pid, _), (mine, after) in survivors(run, a, b).items():
            if theirs.get(pid) is not None:
                compare(run, _key(mine), mine, theirs[pid], after)
        return
    for key in run.only():
        pid = int(key.split(" ")[0])
        try:
            mine = run.sonde("process", pid)["process"]
            told = ask([pid]).get(pid)
            after = run.sonde("process", pid)["process"]
        except (NoAnswer, Missing, KeyError):
            told = None
        if told is None or mine["start_id"] != after["start_id"]:
            run.drop(key)
        else:
            compare(run, key, mine, told, after)


# How a field of theirs is asked for, what it is in ours, and by which rule: name -> (rule, function of a Process).
STABLE_OF_PSUTIL = {
    "ppid": lambda process: process.ppid(),
    "nice": lambda process: process.nice(),
    "username": lambda process: ours_text(process.username()),
    "exe": lambda process: ours_text(process.exe()) or None,
    "cwd": lambda process: ours_text(process.cwd()) or None,
    "terminal": lambda process: process.terminal() or "",
}
GAUGES_OF_PSUTIL = {
    "state": lambda process: process.status().replace("-", "_"),
    "cpu_num": lambda process: process.cpu_num(),
    "num_threads": lambda process: process.num_threads(),
    "num_fds": lambda process: process.num_fds(),
}


class Asked:
    """One process as psutil tells of it. What it may not tell is "denied"; what a zombie has not got is None."""

    def __init__(self, psutil, pid):
        self.errors = psutil
        self.process = psutil.Process(pid)

    def tell(self, question):
        try:
            return question(self.process)
        except self.errors.ZombieProcess:
            return "zombie"
        except self.errors.NoSuchProcess:
            return "gone"
        except self.errors.AccessDenied:
            return "denied"


def told_by_psutil(psutil, pid):
    """Field -> value, or None when there is no such process."""
    try:
        asked = Asked(psutil, pid)
    except psutil.NoSuchProcess:
        return None
    told = {"name": asked.tell(lambda process: ours_text(process.name())),
            "args": asked.tell(lambda process: [ours_text(word) for word in process.cmdline()])}
    for field, question in {**STABLE_OF_PSUTIL, **GAUGES_OF_PSUTIL}.items():
        told[field] = asked.tell(question)
    for name in ("create_time", "uids", "gids", "ionice", "cpu_times", "memory_info", "memory_full_info",
                 "num_ctx_switches"):
        told[name] = asked.tell(lambda process, name=name: getattr(process, name)())
    # Of a zombie it may find the file empty, or refused.
    try:
        told["io_counters"] = asked.tell(lambda process: process.io_counters())
    except RuntimeError:
        told["io_counters"] = "zombie"
    return told


@against("psutil")
def processes(run):
    def ask(pids):
        forget = getattr(run.psutil._psposix.get_terminal_map, "cache_clear", None)
        if forget:
            forget()  # it keeps the terminals that were there the first time
        return {pid: told_by_psutil(run.psutil, pid) for pid in pids or run.psutil.pids()}
    bracketed(run, ask, compare_with_psutil)


def compare_with_psutil(run, key, a, told, b):
    def skip(field, value):
        """Whether it tells nothing: of a zombie, or of what it may not see; then we tell nothing either."""
        if value == "zombie":
            return True
        if value == "denied":
            run.gauge("process.denied." + field, field in a["denied"], True, field in b["denied"], key,
                      explained="fds-of-others" if field == "num_fds" and field in a else None)
            return True
        return value == "gone"

    if not isinstance(told["create_time"], float):
        return
    run.gauge("process.start_time", a["start_time"], round(told["create_time"] * 100) * (NS // 100), b["start_time"],
              key, slack=NS // 100)
    name, after = a.get("name"), b.get("name")
    if not skip("name", told["name"]):
        longer = told["name"] not in (name, after) and any(
            len(os.fsencode(text)) >= 15 and told["name"].startswith(text) for text in (name, after))
        # Who renames itself may take a name again; workers of the kernel are called by their work.
        run.gauge("process.name", name, told["name"], after, key, explained="name-of-15-bytes" if longer else None)
    if not skip("cmdline", told["args"]):
        words, later = a.get("args", []), b.get("args", [])
        cut = any(len(ours) == 1 and " " in ours[0] and told["args"] == ours[0].rstrip("\0").split(" ")
                  for ours in (words, later))
        run.stable("process.args", words, told["args"], later, key,
                   "cmdline-blanks" if cut and told["args"] not in (words, later) else None)
    for field in STABLE_OF_PSUTIL:
        value = told[field]
        if skip(field, value):
            continue
        explained = None
        if field == "exe" and value not in (a.get(field), b.get(field)):
            deleted = [row.get("exe") for row in (a, b) if row.get("exe_deleted")]
            explained = "exe-deleted" if value is not None and value.replace(" (deleted)", "") in deleted else None
        if field == "exe" and "exe" in a["denied"] and value in (a.get("args") or [None])[:1]:
            explained = "exe-guessed"
        if field == "cwd" and value is not None and value + " (deleted)" in (a.get("cwd"), b.get("cwd")):
            explained = "cwd-deleted"
        if field == "username" and not a.get(field) and value.isdigit():
            explained = "username-unknown"
        run.stable("process." + field, a.get(field), value, b.get(field), key, explained)
    for field in GAUGES_OF_PSUTIL:
        if not skip(field, told[field]):
            run.gauge("process." + field, a.get(field), told[field], b.get(field), key)
    for field in ("uids", "gids"):
        if not skip(field, told[field]):
            for part in ("real", "effective", "saved"):
                run.stable("process.%s.%s" % (field, part), a[field][part], getattr(told[field], part), b[field][part],
                           key)
    if not skip("ionice", told["ionice"]):
        run.stable("process.ionice_class", a.get("ionice_class"), int(told["ionice"].ioclass), b.get("ionice_class"),
                   key)
        run.stable("process.ionice_value", a.get("ionice_value"), told["ionice"].value, b.get("ionice_value"), key)
    if not skip("cpu_times", told["cpu_times"]):
        for field, word in (("user_time", "user"), ("system_time", "system"), ("children_user_time", "children_user"),
                            ("children_system_time", "children_system"), ("iowait_time", "iowait")):
            run.counter("process." + field, a.get(field), round(getattr(told["cpu_times"], word) * NS), b.get(field),
                        key)
    if not skip("memory", told["memory_info"]):
        for field in ("rss", "vms", "shared", "text", "data"):
            run.gauge("process." + field, a.get(field), getattr(told["memory_info"], field), b.get(field), key)
    if not skip("footprint", told["memory_full_info"]):
        mine, after = a.get("footprint") or {}, b.get("footprint") or {}
        for field in ("uss", "pss", "swap"):
            run.gauge("process.footprint." + field, mine.get(field, 0), getattr(told["memory_full_info"], field),
                      after.get(field, 0), key, slack=SHARE if field in ("pss", "uss") else 0)
    if not skip("io", told["io_counters"]):
        for field, value in told["io_counters"]._asdict().items():
            run.counter("process." + field, a.get(field), value, b.get(field), key)
    if not skip("ctx_switches", told["num_ctx_switches"]):
        for field in ("voluntary", "involuntary"):
            run.counter("process.%s_ctx_switches" % field, a.get(field + "_ctx_switches"),
                        getattr(told["num_ctx_switches"], field), b.get(field + "_ctx_switches"), key)


# ps: column -> (field, rule, how its word reads).
def _int(word):
    return int(word)


def _dash(word):
    return None if word == "-" else int(word)


def _kib(word):
    return int(word) * 1024


def _mask(word):
    return int(word, 16)


def _groups(word):
    return [] if word == "-" else [int(part) for part in word.split(",")]


COLUMNS_OF_PS = [
    ("ppid", "ppid", "stable", _int),
    ("pgid", "pgrp", "stable", _int),
    ("sid", "session", "stable", _int),
    ("tpgid", "tpgid", "gauge", _int),
    ("psr", "cpu_num", "gauge", _int),
    ("nlwp", "num_threads", "gauge", _int),
    ("priority", "priority", "stable", _int),
    ("sched", "policy", "stable", _int),
    ("rss", "rss", "gauge", _kib),
    ("vsz", "vms", "gauge", _kib),
    ("min_flt", "minor_faults", "counter", _int),
    ("maj_flt", "major_faults", "counter", _int),
    ("rbytes", "read_bytes", "counter", _int),
    ("wbytes", "write_bytes", "counter", _int),
    ("rchars", "read_chars", "counter", _int),
    ("wchars", "write_chars", "counter", _int),
    ("rops", "read_count", "counter", _int),
    ("wops", "write_count", "counter", _int),
    ("wcbytes", "cancelled_write_bytes", "counter", _int),
    ("pss", "footprint.pss", "gauge", _kib),
    ("uss", "footprint.uss", "gauge", _kib),
    ("oom", "oom_score", "gauge", _dash),
    ("oomadj", "oom_score_adj", "stable", _dash),
    ("luid", "loginuid", "stable", lambda word: NONE if word == "-" else int(word)),
    ("ruid", "uids.real", "stable", _int),
    ("euid", "uids.effective", "stable", _int),
    ("suid", "uids.saved", "stable", _int),
    ("fsuid", "uids.fs", "stable", _int),
    ("rgid", "gids.real", "stable", _int),
    ("egid", "gids.effective", "stable", _int),
    ("sgid", "gids.saved", "stable", _int),
    ("fsgid", "gids.fs", "stable", _int),
    ("supgid", "groups", "stable", _groups),
    ("blocked", "signals.blocked", "gauge", _mask),
    ("caught", "signals.caught", "gauge", _mask),
    ("ignored", "signals.ignored", "gauge", _mask),
    ("pending", "signals.shared_pending", "gauge", _mask),
    ("tsig", "signals.pending", "gauge", _mask),
    ("cgroupns", "namespaces.cgroup", "stable", _dash),
    ("ipcns", "namespaces.ipc", "stable", _dash),
    ("mntns", "namespaces.mnt", "stable", _dash),
    ("netns", "namespaces.net", "stable", _dash),
    ("pidns", "namespaces.pid", "stable", _dash),
    ("timens", "namespaces.time", "stable", _dash),
    ("userns", "namespaces.user", "stable", _dash),
    ("utsns", "namespaces.uts", "stable", _dash),
    ("ag_id", "autogroup", "gauge", lambda word: None if word == "-1" else int(word)),
]
# Files that a process without memory (a kernel thread, a zombie) or of another user does not open: ps shows 0 then.
ZERO_IF_UNTOLD = ("footprint.", "read_", "write_", "cancelled_", "oom_score")


def value_of(row, field):
    for part in field.split("."):
        row = (row or {}).get(part)
    if field.startswith("namespaces."):
        return row or None  # a zombie has left most of them
    return row


def _ps(run, pids, columns):
    """Of one row of ps per process, its line."""
    which = ["-e"] if pids is None else ["-p", ",".join(map(str, pids))]
    lines = run.text("ps", *which, "-ww", "-o", "pid=," + columns, ok=(0, 1)).splitlines()
    return {int(line.split(None, 1)[0]): line for line in lines}


@against("ps")
def processes_of_ps(run):
    columns = ",".join(column + "=" for column, *_ in COLUMNS_OF_PS)

    def compare(run, key, a, line, b):
        words = line.split()[1:]
        if len(words) != len(COLUMNS_OF_PS):
            raise AssertionError("ps: %r" % words)
        for word, (column, field, rule, read) in zip(words, COLUMNS_OF_PS):
            one, other, value = value_of(a, field), value_of(b, field), read(word)
            if one is None and other is None and value == 0 and field.startswith(ZERO_IF_UNTOLD):
                continue
            explained = "ids-of-32-bits" if field.startswith("gids.") and value < 0 and value + 2 ** 32 == one else None
            if rule == "stable":
                run.stable("process." + field, one, value, other, key, explained)
            elif rule == "gauge":
                run.gauge("process." + field, one, value, other, key, slack=SHARE if column in ("pss", "uss") else 0)
            else:
                run.counter("process." + field, one, value, other, key)
    bracketed(run, lambda pids: _ps(run, pids, columns), compare)


LETTERS = {"R": "running", "S": "sleeping", "D": "disk_sleep", "T": "stopped", "t": "tracing_stop", "Z": "zombie",
           "X": "dead", "I": "idle", "P": "parked"}


@against("ps")
def processes_of_ps_in_words(run):
    """Columns in seconds, letters and words."""
    def compare(run, key, a, line, b):
        _, letter, cpu, nice, realtime, start = line.split(None, 5)
        run.gauge("process.state", a["state"], LETTERS.get(letter, letter), b["state"], key)
        run.counter("process.user_time", (a["user_time"] + a["system_time"]) // NS, int(cpu),
                    (b["user_time"] + b["system_time"]) // NS, key)
        if nice != "-":  # of the real-time classes, where it means nothing
            run.stable("process.nice", a["nice"], int(nice), b["nice"], key)
        run.stable("process.rt_priority", a["rt_priority"], 0 if realtime == "-" else int(realtime), b["rt_priority"],
                   key)
        # Now less how long ago, each cut to seconds.
        began = calendar.timegm(time.strptime(start.strip(), "%a %b %d %H:%M:%S %Y"))
        run.gauge("process.start_time", a["start_time"], began * NS, b["start_time"], key, slack=2 * NS)
    bracketed(run, lambda pids: _ps(run, pids, "s=,cputimes=,ni=,rtprio=,lstart="), compare)


WORDS_OF_PS = ("ucmd:64", "args", "ruser:64", "wchan:64", "tname:32", "label:256", "cgroup:512", "exe:512")


def _words_of_ps(run, pids):
    """Columns that may hold blanks: each by itself."""
    told = {}
    for column in WORDS_OF_PS:
        for pid, line in _ps(run, pids, column + "=").items():
            words = line.split(None, 1)
            told.setdefault(pid, {})[column.split(":")[0]] = words[1].strip() if len(words) > 1 else ""
    return {pid: words for pid, words in told.items() if len(words) == len(WORDS_OF_PS)}


@against("ps")
def words_of_ps(run):
    def compare(run, key, a, told, b):
        is_zombie = "zombie" in (a["state"], b["state"])
        if plain(a["name"]) and a["name"] == a["name"].strip():
            run.gauge("process.name", a["name"], told["ucmd"].replace(" <defunct>", ""), b["name"], key)
        ours = [" ".join(row.get("args", [])).strip() for row in (a, b)]
        if all(ours) and plain(ours[0]) and plain(ours[1]) and not is_zombie:
            run.stable("process.args", ours[0], told["args"], ours[1], key)
        if a.get("username") and plain(a["username"]):
            run.stable("process.username", a["username"], told["ruser"], b.get("username"), key)
        run.stable("process.terminal", a.get("terminal", ""), "" if told["tname"] == "?" else "/dev/" + told["tname"],
                   b.get("terminal", ""), key)
        if a.get("wchan") is not None and b.get("wchan") is not None:
            run.gauge("process.wchan", a["wchan"].lstrip("_"), told["wchan"].lstrip("-_"), b["wchan"].lstrip("_"), key)
        run.stable("process.label", a.get("label"), None if told["label"] == "-" else told["label"], b.get("label"),
                   key)
        # "0::/a;1:name=b:/c": that of version 2.
        paths = [part[3:] for part in told["cgroup"].split(";") if part.startswith("0::")]
        if paths:
            run.stable("process.cgroup", a.get("cgroup"), paths[0], b.get("cgroup"), key)
        if plain(a.get("exe")) and plain(b.get("exe")):
            marks = [row["exe"] + (" (deleted)" if row.get("exe_deleted") else "") for row in (a, b)]
            run.stable("process.exe", marks[0], told["exe"], marks[1], key)
    bracketed(run, lambda pids: _words_of_ps(run, pids), compare)


def _top(run, pids):
    which = [] if pids is None else ["-p", ",".join(map(str, pids))]
    text = run.text("top", "-b", "-n", "1", "-w", "512", "-e", "k", *which)
    lines = text[text.index("PID USER"):].splitlines()
    columns = lines[0].split()
    rows = (line.split(None, len(columns) - 1) for line in lines[1:] if line.strip())
    return {int(words[0]): dict(zip(columns, words)) for words in rows}


@against("top")
def processes_of_top(run):
    def compare(run, key, a, row, b):
        for column, field in (("VIRT", "vms"), ("RES", "rss"), ("SHR", "shared")):
            if row[column].isdigit():
                run.gauge("process." + field, a.get(field), _kib(row[column]), b.get(field), key)
        if row["PR"] != "rt":
            run.stable("process.priority", a["priority"], int(row["PR"]), b["priority"], key)
            run.stable("process.nice", a["nice"], int(row["NI"]), b["nice"], key)
    bracketed(run, lambda pids: _top(run, pids), compare)


@against("pgrep")
def pids_of_pgrep(run):
    a = run.sonde("pids")["pid_list"]
    theirs = [int(word) for word in run.text("pgrep", "").split()]
    b = run.sonde("pids")["pid_list"]
    run.rows("pid_list", a, theirs, b, transient=True)


@against("psutil")
def pids_of_psutil(run):
    a = run.sonde("pids")["pid_list"]
    theirs = run.psutil.pids()
    b = run.sonde("pids")["pid_list"]
    run.rows("pid_list", a, theirs, b, transient=True)


@against("psutil")
def families(run):
    """Children and parents, as they follow from ppid."""
    def below(rows, top):
        children = {}
        for row in rows.values():
            children.setdefault(row["ppid"], []).append(row["pid"])
        found, queue = set(), list(children.get(top, []))
        while queue:
            pid = queue.pop()
            if pid not in found:
                found.add(pid)
                queue += children.get(pid, [])
        return found

    def above(rows, pid):
        parents = {row["pid"]: row["ppid"] for row in rows.values()}
        found = []
        while parents.get(pid) in parents:
            pid = parents[pid]
            found.append(pid)
        return found
    tops = (1, 2, os.getppid(), os.getpid())
    a = table(run)
    theirs, parents = {}, {}
    for top in tops:
        try:
            process = run.psutil.Process(top)
            theirs[top] = {child.pid for child in process.children(recursive=True)}
            parents[top] = [parent.pid for parent in process.parents()]
        except run.psutil.NoSuchProcess:
            pass
    b = table(run)
    for top in theirs:
        # A parent that ends while the others are read takes its children out of sight.
        run.restless_rows("process.ppid.children", below(a, top), theirs[top], below(b, top),
                          key=lambda pid, top=top: "%d of %d" % (pid, top))
        run.stable("process.ppid.parents", above(a, top), parents[top], above(b, top), top)
