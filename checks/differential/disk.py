# SPDX-License-Identifier: MIT
"""Disks: partitions, usage, work, devices."""

import collections
import json

from run import NoAnswer, against, by, ours_text

SECTOR = 512
MS = 1_000_000
STRINGS = ("model", "serial", "vendor", "wwn", "firmware")


def numbered(rows, key):
    """Rows by key and how often it has been met: mounts may lie on top of each other."""
    met = collections.Counter()
    found = {}
    for row in rows:
        name = key(row)
        found[name, met[name]] = row
        met[name] += 1
    return found


def _partitions(run, *options):
    return run.sonde("disk", "--interval", 0, *options)["disk_partition_list"]


def _compare_partitions(run, fact, a, theirs, b):
    """By mountpoint."""
    a, theirs, b = (numbered(rows, lambda row: row["mountpoint"]) for rows in (a, theirs, b))
    run.rows(fact, a, theirs, b, transient=True)
    for key, row in theirs.items():
        if key in a and key in b:
            for field in ("device", "fstype", "opts"):
                nameless = field == "device" and row[field] == "" and a[key][field] == "none"
                run.stable("disk_partition." + field, a[key][field], row[field], b[key][field], key,
                           "device-none" if nameless else None)


def _of_psutil(rows):
    return [{"mountpoint": ours_text(row.mountpoint), "device": ours_text(row.device), "fstype": row.fstype,
             "opts": ours_text(row.opts)} for row in rows]


@against("psutil")
def partitions(run):
    a = _partitions(run, "--all")
    theirs = _of_psutil(run.psutil.disk_partitions(all=True))
    b = _partitions(run, "--all")
    _compare_partitions(run, "disk_partition_list", a, theirs, b)


@against("psutil")
def partitions_with_storage(run):
    a = _partitions(run)
    theirs = _of_psutil(run.psutil.disk_partitions(all=False))
    b = _partitions(run)
    _compare_partitions(run, "disk_partition_list.storage", a, theirs, b)


@against("findmnt")
def partitions_of_findmnt(run):
    a = by(_partitions(run, "--all"), "mount_id")
    columns = "ID,PARENT,TARGET,SOURCE,FSTYPE,OPTIONS,VFS-OPTIONS,FS-OPTIONS,MAJ:MIN,FSROOT"
    found = run.tool_json("findmnt", "-J", "-l", "-v", "-o", columns, "--kernel")["filesystems"]
    b = by(_partitions(run, "--all"), "mount_id")
    theirs = {row["id"]: row for row in found}
    run.rows("disk_partition_list", a, theirs, b, transient=True)
    for key, row in theirs.items():
        if key not in a or key not in b:
            continue
        major, minor = row["maj:min"].split(":")
        for field, value in (("mountpoint", row["target"]), ("device", row["source"]), ("fstype", row["fstype"]),
                             ("root", row["fsroot"]), ("parent_id", row["parent"]), ("dev_major", int(major)),
                             ("dev_minor", int(minor))):
            run.stable("disk_partition." + field, a[key].get(field), value, b[key].get(field), key)
        # It sorts the options of the mount and those of the file system, and shows what stands in both once.
        words = set(row["vfs-options"].split(",")) | set(row["fs-options"].split(","))
        run.stable("disk_partition.flags", "read_only" in a[key]["flags"], "ro" in words,
                   "read_only" in b[key]["flags"], key)
        run.stable("disk_partition.opts", *(set(text.split(",")) - {"ro", "rw"}
                                            for text in (a[key]["opts"], row["options"], b[key]["opts"])), key)


def _usages(run):
    """Of the mount that lies on top at each mountpoint."""
    return {row["mountpoint"]: row["disk_usage"] for row in _partitions(run, "--all")
            if row.get("disk_usage") and "total" in row["disk_usage"]}


@against("psutil")
def usage(run):
    a = _usages(run)
    theirs = {}
    for mountpoint in a:
        try:
            theirs[mountpoint] = run.psutil.disk_usage(mountpoint)
        except OSError:
            pass  # unmounted since, or a name that is no UTF-8
    b = _usages(run)
    for mountpoint, told in theirs.items():
        for field in ("total", "used", "free"):
            if mountpoint in b:
                run.gauge("disk_usage." + field, a[mountpoint][field], getattr(told, field), b[mountpoint][field],
                          mountpoint)


@against("df")
def usage_of_df(run):
    a = _usages(run)
    columns = "size,used,avail,itotal,iused,iavail,fstype,target"
    names = [name for name in a if name.isprintable()]
    rows = run.text("df", "-a", "-B1", "--output=" + columns, "--", *names, ok=(0, 1)).splitlines()[1:]
    b = _usages(run)
    for row in rows:
        words = row.split(None, 7)
        mountpoint = words[7] if len(words) == 8 else None
        if mountpoint not in a or mountpoint not in b:
            continue
        for field, word in zip(("total", "used", "free", "inodes", "inodes_used", "inodes_free"), words):
            # Where the file system tells nothing, df shows a dash, and 0 for what it takes for a dummy.
            value = None if word == "-" else int(word)
            run.gauge("disk_usage." + field, a[mountpoint].get(field, 0), value or 0, b[mountpoint].get(field, 0),
                      mountpoint)


@against("stat")
def usage_of_stat(run):
    a = _usages(run)
    theirs = {}
    for mountpoint in a:
        if mountpoint.isprintable():
            try:
                theirs[mountpoint] = [int(word) for word in
                                      run.text("stat", "-f", "-c", "%S %b %f %a %c %d", mountpoint).split()]
            except NoAnswer:
                pass
    b = _usages(run)
    for mountpoint, (size, blocks, free, available, files, free_files) in theirs.items():
        if mountpoint not in b:
            continue
        told = {"block_size": size, "total": blocks * size, "used": (blocks - free) * size, "free": available * size,
                "reserved": (free - available) * size, "inodes": files, "inodes_used": files - free_files}
        for field, value in told.items():
            run.gauge("disk_usage." + field, a[mountpoint].get(field, 0), value, b[mountpoint].get(field, 0),
                      mountpoint)


def _io(run):
    return by(run.sonde("disk", "--interval", 0)["disk_io_list"], "name")


@against("psutil")
def work(run):
    a = _io(run)
    theirs = run.psutil.disk_io_counters(perdisk=True, nowrap=False) or {}
    b = _io(run)
    run.rows("disk_io_list", a, theirs, b)
    names = {"read_count": ("read_count", 1), "write_count": ("write_count", 1), "read_bytes": ("read_bytes", 1),
             "write_bytes": ("write_bytes", 1), "read_time": ("read_time", MS), "write_time": ("write_time", MS),
             "read_merged": ("read_merged_count", 1), "write_merged": ("write_merged_count", 1),
             "busy_time": ("busy_time", MS)}
    for name, row in theirs.items():
        for field, (word, unit) in names.items():
            run.counter("disk_io." + field, a[name].get(field), getattr(row, word) * unit, b[name].get(field), name)


@against("psutil")
def work_in_sum(run):
    """psutil's sum leaves partitions out, as sonde_disk_io_sum does: here the rows that are none are added."""
    def total(rows, field):
        return sum(row[field] for row in rows.values() if not row["partition"])
    a, theirs, b = _io(run), run.psutil.disk_io_counters(nowrap=False), _io(run)
    if theirs is not None:
        for field in ("read_count", "write_count", "read_bytes", "write_bytes"):
            run.counter("disk_io.partition", total(a, field), getattr(theirs, field), total(b, field), field)


@against("vmstat")
def work_of_vmstat(run):
    a = _io(run)
    rows = [line.split() for line in run.text("vmstat", "-d").splitlines()[2:]]
    b = _io(run)
    disks = {name for name, row in a.items() if not row["partition"]}
    run.rows("disk_io_list", disks, {row[0] for row in rows}, disks)
    for row in rows:
        name, numbers = row[0], [int(word) for word in row[1:]]
        told = {"read_count": numbers[0], "read_merged": numbers[1], "read_bytes": numbers[2] * SECTOR,
                "read_time": numbers[3] * MS, "write_count": numbers[4], "write_merged": numbers[5],
                "write_bytes": numbers[6] * SECTOR, "write_time": numbers[7] * MS}
        for field, value in told.items():
            run.counter("disk_io." + field, a[name].get(field), value, b[name].get(field), name)
        run.gauge("disk_io.in_flight", a[name].get("in_flight"), numbers[8], b[name].get("in_flight"), name)
        # Whole seconds, cut.
        run.counter("disk_io.busy_time", a[name]["busy_time"], numbers[9] * 1000 * MS, b[name]["busy_time"], name,
                    slack=1000 * MS)


@against("kernel")
def work_of_kernel(run):
    """The columns that nobody else shows."""
    a = _io(run)
    with open("/proc/diskstats", encoding="ascii") as file:
        rows = [line.split() for line in file]
    b = _io(run)
    for row in rows:
        name, numbers = row[2], [int(word) for word in row[3:]]
        told = {"weighted_time": (10, MS), "discard_count": (11, 1), "discard_merged": (12, 1),
                "discard_bytes": (13, SECTOR), "discard_time": (14, MS), "flush_count": (15, 1), "flush_time": (16, MS)}
        for field, (column, unit) in told.items():
            value = numbers[column] * unit if column < len(numbers) else None
            # The kernel's sum of what is under way is made when it is asked.
            rule = run.gauge if field == "weighted_time" else run.counter
            rule("disk_io." + field, a[name].get(field), value, b[name].get(field), name)


@against("lsblk")
def devices(run):
    ours = by(run.sonde("disk", "--interval", 0)["disk_device_list"], "name")
    columns = "KNAME,PKNAME,MODEL,SERIAL,SIZE,RO,RM,TYPE,ROTA,LOG-SEC,PHY-SEC,MAJ:MIN,VENDOR,WWN,REV"
    found = json.loads(run.text("lsblk", "-J", "-b", "-a", "-l", "-o", columns))["blockdevices"]
    theirs = {row["kname"]: row for row in found}
    run.rows("disk_device_list", ours, theirs, ours)
    for name, row in theirs.items():
        mine = ours.get(name, {})
        major, minor = row["maj:min"].split(":")
        told = {"size": int(row["size"]), "read_only": row["ro"], "removable": row["rm"],
                "logical_block_size": row["log-sec"], "physical_block_size": row["phy-sec"],
                "dev_major": int(major), "dev_minor": int(minor), "type": row["type"]}
        if row["type"] in ("part", "disk"):
            told["parent"] = row["pkname"] if row["type"] == "part" else None
        for field, word in (("model", "model"), ("serial", "serial"), ("vendor", "vendor"), ("wwn", "wwn"),
                            ("firmware", "rev")):
            told[field] = row[word]
        for field, value in told.items():
            text = mine.get(field)
            run.exact("disk_device." + field, text, value, text, name,
                      "strings-of-devices" if value is None and field in STRINGS else None)
        if mine.get("kind") in ("hdd", "ssd"):
            run.exact("disk_device.kind", mine["kind"] == "hdd", row["rota"], mine["kind"] == "hdd", name)
