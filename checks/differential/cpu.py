# SPDX-License-Identifier: MIT
"""CPU: times, counts, statistics, load, frequency, topology, caches, interrupts."""

import os

from run import against, by

NS = 1_000_000_000
TICK = NS // os.sysconf("SC_CLK_TCK")
TOTAL = 2 ** 32 - 1
# idle and what is accounted from it may go back by a tick.
GROWING = ("user", "nice", "system", "irq", "softirq", "guest", "guest_nice")
RESTLESS = ("idle", "iowait", "steal")


def seconds(value):
    return None if value is None else round(value * NS)


def _times(run, key, a, theirs, b):
    for field in GROWING:
        run.counter("cpu_times." + field, a.get(field), theirs[field], b.get(field), key)
    for field in RESTLESS:
        run.gauge("cpu_times." + field, a.get(field), theirs[field], b.get(field), key)


@against("psutil")
def times(run):
    a = run.sonde("cpu", "--interval", 0)
    total, each = run.psutil.cpu_times(), run.psutil.cpu_times(percpu=True)
    b = run.sonde("cpu", "--interval", 0)
    _times(run, "all", a["cpu_times"], {name: seconds(value) for name, value in total._asdict().items()},
           b["cpu_times"])
    run.exact("cpu_times_list", len(a["cpu_times_list"]), len(each), len(b["cpu_times_list"]))
    for row_a, theirs, row_b in zip(a["cpu_times_list"], each, b["cpu_times_list"]):
        _times(run, row_a["cpu"], row_a, {name: seconds(value) for name, value in theirs._asdict().items()}, row_b)


def _vmstat(run):
    """vmstat -s: "NUMBER words"."""
    rows = (line.strip().split(" ", 1) for line in run.text("vmstat", "-s").splitlines())
    return {words.strip(): int(number) for number, words in rows}


@against("vmstat")
def times_of_vmstat(run):
    a = run.sonde("cpu", "--interval", 0)
    theirs = _vmstat(run)
    b = run.sonde("cpu", "--interval", 0)
    words = {"user": "non-nice user", "nice": "nice user", "system": "system", "idle": "idle", "iowait": "IO-wait",
             "irq": "IRQ", "softirq": "softirq", "steal": "stolen", "guest": "non-nice guest",
             "guest_nice": "nice guest"}
    ticks = {field: theirs["%s cpu ticks" % word] * TICK for field, word in words.items()}
    # It shows user and nice without the time of guests that the kernel counts there.
    ticks["user"] += ticks["guest"]
    ticks["nice"] += ticks["guest_nice"]
    _times(run, "all", a["cpu_times"], ticks, b["cpu_times"])
    for field, word in (("interrupts", "interrupts"), ("ctx_switches", "CPU context switches"),
                        ("procs_created", "forks")):
        run.counter("cpu_stats." + field, a["cpu_stats"][field], theirs[word], b["cpu_stats"][field])


@against("vmstat")
def runnable(run):
    a = run.sonde("cpu", "--interval", 0)["cpu_stats"]
    columns = run.text("vmstat", "-n").splitlines()[-1].split()
    b = run.sonde("cpu", "--interval", 0)["cpu_stats"]
    # It counts itself, where sonde counts itself, too.
    run.gauge("cpu_stats.procs_running", a["procs_running"], int(columns[0]), b["procs_running"], slack=1)
    run.gauge("cpu_stats.procs_blocked", a["procs_blocked"], int(columns[1]), b["procs_blocked"])


@against("psutil")
def stats(run):
    a = run.sonde("cpu", "--interval", 0)["cpu_stats"]
    theirs = run.psutil.cpu_stats()
    b = run.sonde("cpu", "--interval", 0)["cpu_stats"]
    for field in ("ctx_switches", "interrupts", "soft_interrupts"):
        run.counter("cpu_stats." + field, a.get(field), getattr(theirs, field), b.get(field))


@against("psutil")
def count(run):
    a = run.sonde("cpu", "--interval", 0)["cpu_count"]
    run.exact("cpu_count.logical", a["logical"], run.psutil.cpu_count(), a["logical"])
    run.exact("cpu_count.physical", a["physical"], run.psutil.cpu_count(logical=False), a["physical"])


@against("nproc")
def count_of_nproc(run):
    a = run.sonde("cpu", "--interval", 0)["cpu_count"]
    run.exact("cpu_count.usable", a["usable"], int(run.text("nproc")), a["usable"])
    run.exact("cpu_count.configured", a["configured"], int(run.text("nproc", "--all")), a["configured"])


@against("psutil")
def load(run):
    a = run.sonde("cpu", "--interval", 0)["load_average"]
    theirs = run.psutil.getloadavg()
    b = run.sonde("cpu", "--interval", 0)["load_average"]
    for field, value in zip(("load1", "load5", "load15"), theirs):
        run.gauge("load_average." + field, a[field], value, b[field], slack=0.0051)  # ours has two decimals


@against("uptime")
def load_of_uptime(run):
    a = run.sonde("cpu", "--interval", 0)["load_average"]
    theirs = [float(word) for word in run.text("uptime").rsplit("load average:", 1)[1].split(",")]
    b = run.sonde("cpu", "--interval", 0)["load_average"]
    for field, value in zip(("load1", "load5", "load15"), theirs):
        run.gauge("load_average." + field, a[field], value, b[field])


@against("ps")
def tasks(run):
    a = run.sonde("cpu", "--interval", 0)["load_average"]
    theirs = len(run.text("ps", "-eL", "-o", "lwp=").splitlines())
    b = run.sonde("cpu", "--interval", 0)["load_average"]
    # Each looks at itself as well, and takes a while to count what the kernel has counted.
    run.gauge("load_average.total_tasks", a["total_tasks"], theirs, b["total_tasks"],
              slack=2 + theirs // 20)


@against("psutil")
def frequency(run):
    a = run.sonde("cpu", "--interval", 0)["cpu_freq_list"]
    theirs = run.psutil.cpu_freq(percpu=True)
    b = run.sonde("cpu", "--interval", 0)["cpu_freq_list"]
    for row_a, freq, row_b in zip(a, theirs, b):
        run.gauge("cpu_freq.current", row_a.get("current"), round(freq.current * 1e6) or None, row_b.get("current"),
                  row_a["cpu"], slack=1000)
        for field in ("min", "max"):
            run.exact("cpu_freq." + field, row_a.get(field), round(getattr(freq, field) * 1e6) or None,
                      row_b.get(field), row_a["cpu"])
    if any("current" in row for row in a):
        run.exact("cpu_freq_list", len(a), len(theirs), len(b))


def _lscpu(run):
    """The whole output as field -> data, whatever the nesting."""
    found = {}

    def walk(rows):
        for row in rows:
            found.setdefault(row["field"].rstrip(":"), row.get("data"))
            walk(row.get("children", []))
    walk(run.tool_json("lscpu", "-J")["lscpu"])
    return found


@against("lscpu")
def identity(run):
    told = run.sonde("cpu", "--all", "--interval", 0)
    theirs = _lscpu(run)
    count_of = told["cpu_count"]

    def same(fact, ours, other):
        run.exact(fact, ours, other, ours)
    same("cpu_count.configured", count_of["configured"], int(theirs["CPU(s)"]))
    if "Socket(s)" in theirs:
        sockets, cores = int(theirs["Socket(s)"]), int(theirs["Core(s) per socket"])
        same("cpu_count.packages", count_of["packages"], sockets)
        same("cpu_count.physical", count_of["physical"], sockets * cores)
    info = told["cpu_info_list"]
    if len(info) == 1:
        info = info[0]
        same("cpu_info.vendor", info.get("vendor"), theirs.get("Vendor ID"))
        same("cpu_info.model_name", info.get("model_name"), theirs.get("Model name"))
        for field, word in (("family", "CPU family"), ("model", "Model"), ("stepping", "Stepping")):
            same("cpu_info." + field, info.get(field), int(theirs[word]) if word in theirs else None)
        same("cpu_info.features", info.get("features"), theirs["Flags"].split() if "Flags" in theirs else None)
        same("cpu_info.num_cpus", info["num_cpus"], len(told["cpu_times_list"]))


def _number(word):
    return int(word) if word not in ("", "-") else None


@against("lscpu")
def topology(run):
    told = run.sonde("cpu", "--all", "--interval", 0)
    ours = by(told["cpu_topology_list"], "cpu")
    # -y: the kernel's ids, not numbers that lscpu gives.
    lines = run.text("lscpu", "-a", "-y", "-p=CPU,CORE,SOCKET,NODE,ONLINE").splitlines()
    theirs = {int(row[0]): row for row in (line.split(",") for line in lines if not line.startswith("#"))}
    run.rows("cpu_topology_list", ours, theirs, ours)
    for cpu, row in theirs.items():
        mine = ours.get(cpu, {})
        for field, value in (("core", _number(row[1])), ("package", _number(row[2])), ("numa_node", _number(row[3])),
                             ("online", row[4] == "Y")):
            run.exact("cpu_topology." + field, mine.get(field), value, mine.get(field), cpu)


@against("lscpu")
def caches(run):
    ours = run.sonde("cpu", "--all", "--interval", 0)["cpu_cache_list"]
    theirs = run.tool_json("lscpu", "-C", "-J", "-B")["caches"]
    names = {"data": "Data", "instruction": "Instruction", "unified": "Unified"}
    kinds = {}
    for row in ours:
        kinds.setdefault((row["level"], names.get(row["type"])), []).append(row)
    run.rows("cpu_cache_list", kinds, {(row["level"], row["type"]) for row in theirs}, kinds)
    for row in theirs:
        mine = kinds.get((row["level"], row["type"]), [])
        first = mine[0] if mine else {}
        key = row["name"]
        for field, value in (("size", int(row["one-size"])), ("ways", row["ways"]), ("sets", row["sets"]),
                             ("line_size", row["coherency-size"])):
            run.exact("cpu_cache." + field, first.get(field), value, first.get(field), key)
        run.exact("cpu_cache_list.count", len(mine), int(row["all-size"]) // int(row["one-size"]), len(mine), key)


def _interrupts(run, soft, *options):
    rows_a = run.sonde("cpu", "--all", "--interval", 0)["cpu_interrupt_list"]
    theirs = run.tool_json("lsirq", "-J", "-o", "IRQ,TOTAL,NAME", *options)["interrupts"]
    rows_b = run.sonde("cpu", "--all", "--interval", 0)["cpu_interrupt_list"]
    a, b = ({row["name"]: row for row in rows if row["soft"] == soft} for rows in (rows_a, rows_b))
    # One that never came may be left out of theirs.
    silent = {name for name, row in a.items() if row["count"] == 0}
    run.rows("cpu_interrupt_list", set(a) - silent, {row["irq"] for row in theirs} - silent, set(b) - silent)
    for row in theirs:
        name = row["irq"]
        if name in a and name in b:
            run.counter("cpu_interrupt.count", a[name]["count"], row["total"], b[name]["count"], name)


@against("lsirq")
def interrupts(run):
    _interrupts(run, False)


@against("lsirq")
def soft_interrupts(run):
    _interrupts(run, True, "-S")
