# SPDX-License-Identifier: MIT
"""Memory, swap, NUMA nodes, and the kernel's own counters."""

import glob
import os
import re

from run import against, by

PAGE = os.sysconf("SC_PAGESIZE")
# Counters of vmstat that the kernel keeps in KiB; sonde tells bytes.
IN_KIB = ("pgpgin", "pgpgout", "nr_kernel_stack", "nr_shadow_call_stack")
# What a process that runs for a moment adds to, as sonde does while it reads.
OF_READERS = ("Mapped", "nr_mapped", "AnonPages", "nr_anon_pages", "PageTables", "nr_page_table_pages", "KernelStack",
              "nr_kernel_stack", "Committed_AS")
READERS_OWN = 2 << 20  # bytes: no reader has more


def _both(run, record, theirs, read):
    """theirs: called between ours; field -> value."""
    a = run.sonde("memory")[record]
    told = read()
    b = run.sonde("memory")[record]
    for field in theirs:
        run.gauge("%s.%s" % (record, field), a.get(field), told[field], b.get(field),
                  slack=READERS_OWN if field in ("committed", "page_tables") else 0)


@against("psutil")
def virtual(run):
    fields = ("total", "available", "used", "free", "active", "inactive", "buffers", "cached", "shared", "slab")
    _both(run, "virtual_memory", fields, lambda: run.psutil.virtual_memory()._asdict())


def _free(run):
    rows = {line.split(":")[0]: [int(word) for word in line.split(":")[1].split()]
            for line in run.text("free", "-b", "-w").splitlines()[1:]}
    return dict(zip(("total", "used", "free", "shared", "buffers", "cached", "available"), rows["Mem"])), \
        dict(zip(("total", "used", "free"), rows["Swap"]))


@against("free")
def virtual_of_free(run):
    fields = ("total", "used", "free", "shared", "buffers", "cached", "available")
    _both(run, "virtual_memory", fields, lambda: _free(run)[0])


@against("vmstat")
def virtual_of_vmstat(run):
    def read():
        rows = re.findall(r"^\s*(\d+) K (\S+) memory$", run.text("vmstat", "-s"), re.M)
        names = {"total": "total", "used": "used", "active": "active", "inactive": "inactive", "free": "free",
                 "buffer": "buffers"}
        return {names[word]: int(number) * 1024 for number, word in rows}
    _both(run, "virtual_memory", ("total", "used", "active", "inactive", "free", "buffers"), read)


def _meminfo():
    with open("/proc/meminfo", encoding="ascii") as file:
        return {row[0]: int(row[1]) * (1024 if row[2:] == ["kB"] else 1)
                for row in (line.replace(":", " ", 1).split() for line in file)}


@against("kernel")
def virtual_of_kernel(run):
    def read():
        told = _meminfo()
        huge = told.get("Hugepagesize", 0)
        return {"dirty": told.get("Dirty"), "committed": told.get("Committed_AS"),
                "commit_limit": told.get("CommitLimit"), "slab_reclaimable": told.get("SReclaimable"),
                "page_tables": told.get("PageTables"), "hugepages_total": told.get("HugePages_Total", 0) * huge,
                "hugepages_free": told.get("HugePages_Free", 0) * huge, "compressed": told.get("Zswap")}
    fields = ("dirty", "committed", "commit_limit", "slab_reclaimable", "page_tables", "hugepages_total",
              "hugepages_free", "compressed")
    _both(run, "virtual_memory", fields, read)


@against("getconf")
def page_size(run):
    a = run.sonde("memory")["virtual_memory"]["page_size"]
    run.exact("virtual_memory.page_size", a, int(run.text("getconf", "PAGESIZE")), a)


@against("psutil")
def swap(run):
    _both(run, "swap_memory", ("total", "used", "free"), lambda: run.psutil.swap_memory()._asdict())
    if PAGE == 4096:  # in other pages they count otherwise
        _both(run, "swap_memory", ("sin", "sout"), lambda: run.psutil.swap_memory()._asdict())


@against("free")
def swap_of_free(run):
    _both(run, "swap_memory", ("total", "used", "free"), lambda: _free(run)[1])


@against("vmstat")
def swap_of_vmstat(run):
    def read():
        text = run.text("vmstat", "-s")
        return {field: int(re.search(r"(\d+) pages swapped " + word, text).group(1)) * PAGE
                for field, word in (("sin", "in"), ("sout", "out"))}
    _both(run, "swap_memory", ("sin", "sout"), read)


@against("swapon")
def swap_devices(run):
    a = by(run.sonde("memory")["swap_device_list"], "name")
    rows = run.text("swapon", "--show=NAME,TYPE,SIZE,USED,PRIO", "--bytes", "--noheadings", "--raw").splitlines()
    b = by(run.sonde("memory")["swap_device_list"], "name")
    theirs = {words[0].replace("\\x20", " "): words for words in (row.split(" ") for row in rows)}
    run.rows("swap_device_list", a, theirs, b)
    for name, words in theirs.items():
        mine, after = a.get(name, {}), b.get(name, {})
        run.stable("swap_device.type", mine.get("type"), words[1], after.get("type"), name,
                   "swap-on-zram" if mine.get("type") == "zram" else None)
        for field, value in (("total", int(words[2])), ("priority", int(words[4]))):
            run.stable("swap_device." + field, mine.get(field), value, after.get(field), name)
        run.gauge("swap_device.used", mine.get("used"), int(words[3]), after.get("used"), name)


@against("kernel")
def nodes(run):
    a = by(run.sonde("memory", "--all").get("numa_node_list", []), "node")
    theirs = {}
    for path in glob.glob("/sys/devices/system/node/node[0-9]*"):
        with open(path + "/meminfo", encoding="ascii") as file:
            words = dict(re.findall(r"(MemTotal|MemFree):\s+(\d+) kB", file.read()))
        theirs[int(path.rsplit("node", 1)[1])] = {"total": int(words["MemTotal"]) * 1024,
                                                  "free": int(words["MemFree"]) * 1024}
    b = by(run.sonde("memory", "--all").get("numa_node_list", []), "node")
    run.rows("numa_node_list", a, theirs, b)
    for node, row in theirs.items():
        for field, value in row.items():
            run.gauge("numa_node." + field, a[node].get(field), value, b[node].get(field), node)


@against("lscpu")
def nodes_of_lscpu(run):
    ours = {row["node"]: row.get("cpus", []) for row in run.sonde("memory", "--all").get("numa_node_list", [])}
    theirs = {}
    for line in run.text("lscpu", "-y", "-p=CPU,NODE").splitlines():
        if not line.startswith("#") and line.split(",")[1]:
            theirs.setdefault(int(line.split(",")[1]), []).append(int(line.split(",")[0]))
    for node, cpus in theirs.items():
        run.exact("numa_node.cpus", ours.get(node), cpus, ours.get(node), node)


def _counters(run, *sources):
    return by((row for row in run.sonde("memory", "--all")["memory_stat_list"] if row["source"] in sources), "source",
              "name")


@against("kernel")
def counters(run):
    a = _counters(run, "meminfo", "vmstat")
    theirs = {("meminfo", name): value for name, value in _meminfo().items()}
    with open("/proc/vmstat", encoding="ascii") as file:
        theirs.update({("vmstat", line.split()[0]): int(line.split()[1]) *
                       (1024 if line.split()[0] in IN_KIB else 1) for line in file})
    b = _counters(run, "meminfo", "vmstat")
    run.rows("memory_stat_list", a, theirs, b)
    for name, value in theirs.items():
        if name in a and name in b:
            # Whoever reads has some memory while it does.
            slack = min(value // 50, READERS_OWN if a[name]["unit"] == "bytes" else READERS_OWN // PAGE)
            run.gauge("memory_stat.value", a[name]["value"], value, b[name]["value"], "%s.%s" % name,
                      slack=slack if name[1] in OF_READERS else 0)


@against("kernel")
def counters_of_nodes(run):
    paths = glob.glob("/sys/devices/system/node/node[0-9]*")
    names = [path.rsplit("/", 1)[1] for path in paths]
    a = _counters(run, *names)
    theirs = {}
    for path, name in zip(paths, names):
        with open(path + "/numastat", encoding="ascii") as file:
            theirs.update({(name, line.split()[0]): int(line.split()[1]) for line in file})
    b = _counters(run, *names)
    for key, value in theirs.items():
        run.counter("memory_stat.value", a.get(key, {}).get("value"), value, b.get(key, {}).get("value"), "%s.%s" % key)


@against("kernel")
def huge_pages(run):
    a = by(run.sonde("memory").get("hugepages_list", []), "node", "page_size")
    theirs = {}
    # The command's word for the whole machine is the number of no node.
    folders = {4294967295: "/sys/kernel/mm/hugepages"}
    folders.update({int(path.rsplit("node", 1)[1]): path + "/hugepages"
                    for path in glob.glob("/sys/devices/system/node/node[0-9]*")})
    for node, folder in folders.items():
        for path in glob.glob(folder + "/hugepages-*kB"):
            values = {}
            for field, name in (("total", "nr"), ("free", "free"), ("surplus", "surplus"), ("reserved", "resv"),
                                ("overcommit", "nr_overcommit")):
                try:
                    with open("%s/%s_hugepages" % (path, name), encoding="ascii") as file:
                        values[field] = int(file.read())
                except FileNotFoundError:
                    pass
            theirs[node, int(path.rsplit("-", 1)[1][:-2]) * 1024] = values
    b = by(run.sonde("memory").get("hugepages_list", []), "node", "page_size")
    run.rows("hugepages_list", a, theirs, b)
    for key, values in theirs.items():
        for field in ("total", "free", "surplus", "reserved", "overcommit"):
            run.gauge("hugepages." + field, a[key].get(field), values.get(field), b[key].get(field), "%s.%s" % key)


@against("vmstat")
def counters_of_vmstat(run):
    a = by(run.sonde("memory", "--all")["memory_stat_list"], "source", "name")
    text = run.text("vmstat", "-s")
    b = by(run.sonde("memory", "--all")["memory_stat_list"], "source", "name")
    for name, word in (("pgpgin", "K paged in"), ("pgpgout", "K paged out")):
        value = int(re.search(r"(\d+) " + word, text).group(1)) * 1024
        run.counter("memory_stat.value", a["vmstat", name]["value"], value, b["vmstat", name]["value"],
                    "vmstat." + name)
