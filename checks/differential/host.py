# SPDX-License-Identifier: MIT
"""The host: its names, system, times."""

import os
import time

from run import against

NS = 1_000_000_000


def _same(run, ours, field, theirs):
    run.exact("host_info." + field, ours.get(field), theirs or None, ours.get(field))


@against("uname")
def names(run):
    ours = run.sonde("host")["host_info"]
    for field, option in (("kernel_name", "-s"), ("hostname", "-n"), ("kernel_release", "-r"),
                          ("kernel_version", "-v"), ("architecture", "-m")):
        _same(run, ours, field, run.text("uname", option).rstrip("\n"))


@against("sh")
def system(run):
    """A shell reads os-release as its specification says."""
    ours = run.sonde("host")["host_info"]
    words = run.text("sh", "-c", '. /etc/os-release; printf "%s\\n" "$NAME" "$ID" "$VERSION_ID" "$PRETTY_NAME"')
    for field, word in zip(("os_name", "os_id", "os_version", "os_pretty_name"), words.split("\n")):
        _same(run, ours, field, word)


@against("systemd-id128")
def ids(run):
    ours = run.sonde("host")["host_info"]
    _same(run, ours, "boot_id", run.text("systemd-id128", "-u", "boot-id").strip())
    _same(run, ours, "machine_id", run.text("systemd-id128", "machine-id").strip())


@against("systemd-detect-virt")
def virtualization(run):
    ours = run.sonde("host")["host_info"]
    words = {"microsoft": "hyperv", "oracle": "virtualbox", "none": None}
    theirs = run.text("systemd-detect-virt", "--vm", ok=(0, 1)).strip()
    _same(run, ours, "virtualization", words.get(theirs, theirs))
    theirs = run.text("systemd-detect-virt", "--container", ok=(0, 1)).strip()
    _same(run, ours, "container", words.get(theirs, theirs))


@against("lscpu")
def hypervisor(run):
    ours = run.sonde("host")["host_info"]
    rows = run.tool_json("lscpu", "-J")["lscpu"]
    found = [row["data"].lower() for row in rows if row["field"] == "Hypervisor vendor:"]
    words = {"microsoft": "hyperv", "oracle": "virtualbox"}
    if not ours.get("container"):
        _same(run, ours, "virtualization", words.get(found[0], found[0]) if found else None)


@against("hostnamectl")
def hostname_control(run):
    told = run.tool_json("hostnamectl", "--json=short")
    ours = run.sonde("host")["host_info"]
    _same(run, ours, "hostname", told["Hostname"])
    _same(run, ours, "os_pretty_name", told["OperatingSystemPrettyName"])
    _same(run, ours, "kernel_release", told["KernelRelease"])


def _times(run):
    return run.sonde("host")["host_times"]


@against("psutil")
def boot(run):
    # The kernel computes it anew each time: it may jump by a second.
    a, theirs, b = _times(run), run.psutil.boot_time(), _times(run)
    run.gauge("host_times.boot_time", a["boot_time"], round(theirs * NS), b["boot_time"])


@against("vmstat")
def boot_of_vmstat(run):
    a = _times(run)
    rows = [line.split() for line in run.text("vmstat", "-s").splitlines()]
    b = _times(run)
    theirs = [int(row[0]) for row in rows if row[1:] == ["boot", "time"]]
    run.gauge("host_times.boot_time", a["boot_time"], theirs[0] * NS, b["boot_time"])


@against("uptime")
def boot_of_uptime(run):
    """Now less the time since, each cut to seconds."""
    a = _times(run)
    theirs = time.strptime(run.text("uptime", "-s").strip() + " UTC", "%Y-%m-%d %H:%M:%S %Z")
    b = _times(run)
    import calendar
    run.gauge("host_times.boot_time", a["boot_time"], calendar.timegm(theirs) * NS, b["boot_time"], slack=2 * NS)


@against("kernel")
def uptime(run):
    a = _times(run)
    with open("/proc/uptime", encoding="ascii") as file:
        theirs = file.read().split()[0]
    b = _times(run)
    run.counter("host_times.uptime", a["uptime"], round(float(theirs) * NS), b["uptime"], slack=NS // 100)


@against("python")
def clocks(run):
    a = _times(run)
    wall, monotonic, boot_clock = time.time_ns(), time.monotonic_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    b = _times(run)
    run.counter("host_times.now", a["now"], wall, b["now"])
    run.counter("host_times.monotonic", a["monotonic"], monotonic, b["monotonic"])
    run.counter("host_times.uptime", a["uptime"], boot_clock, b["uptime"], slack=NS // 100)


@against("python")
def names_of_the_c_library(run):
    ours = run.sonde("host")["host_info"]
    told = os.uname()
    for field, value in (("kernel_name", told.sysname), ("hostname", told.nodename), ("architecture", told.machine)):
        _same(run, ours, field, value)
