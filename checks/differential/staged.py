# SPDX-License-Identifier: MIT
"""What this machine may lack: sensors, batteries, logins, swap. Made-up files are mounted over the kernel's, in a mount
table of their own, and we and the peers look at them as at any machine."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

from run import Missing, against, by, ours_text

NS = 1_000_000_000
MINUTE = 60
NOW = int(time.time())
HWMON = {
    "hwmon0": {"name": "coretemp", "temp1_input": 45000, "temp1_max": 80000, "temp1_crit": 100000,
               "temp1_label": "Package id 0", "temp2_input": -1500, "temp2_label": "Core 0", "temp3_input": 27800},
    "hwmon1": {"name": "nct6775", "fan1_input": 1234, "fan1_label": "CPU fan", "fan2_input": 0, "temp7_input": 33000,
               "in0_input": 12096, "in0_label": "+12V", "curr1_input": 1500, "power1_input": 23500000,
               "energy1_input": 7000000, "humidity1_input": 41000},
    "hwmon2": {"name": "two words", "temp1_input": 99999, "temp1_crit": 105000},
}
BATTERY = {"type": "Battery", "status": "Discharging", "capacity": 62, "energy_now": 31000000, "energy_full": 50000000,
           "energy_full_design": 56000000, "power_now": 10000000, "voltage_now": 11400000, "cycle_count": 123,
           "present": 1}
MAINS = {"type": "Mains", "online": 0}
SWAPS = ("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
         "/dev/zram0                              partition\t4194300\t\t1024\t\t100\n"
         "/swap\\040file                           file\t\t1048572\t\t0\t\t-2\n")
USERS = [("root", "pts/7", "", 0), ("somebody", "pts/8", "192.0.2.77", 1), ("a" * 32, "tty9", "h" * 256, 2)]
UTMP = "=hxxi32s4s32s256shhiii16s20s"  # of x86-64
USER_PROCESS, DEAD_PROCESS, BOOT_TIME = 7, 8, 2


@against("made-up files")
def made_up_machine(run):
    """Runs the checks below behind the made-up files, in a process of its own."""
    if run.only() is not None:
        return
    folder = tempfile.mkdtemp(prefix="sonde_staged")
    try:
        unshare = ["unshare", "-m", "--propagation", "private"] + ([] if os.getuid() == 0 else ["-U", "-r"])
        if shutil.which("unshare") is None:
            raise Missing("unshare: not installed")
        here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compare")
        done = subprocess.run([*unshare, sys.executable, here, "--sonde", run.command, "--psutil", run.psutil_folder,
                               "--inside", folder], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=100, check=False)
        if done.returncode != 0:
            raise Missing("a mount table of its own: " + done.stderr.decode(errors="replace").strip()[-300:])
        run.merge(json.loads(done.stdout))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(folder, files):
    os.makedirs(folder)
    for name, value in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write("%s\n" % value)


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True, stderr=subprocess.PIPE)


def utmp():
    def entry(kind, pid, line, user, host, when):
        return struct.pack(UTMP, kind, pid, line.encode(), line[-4:].encode(), user.encode(), host.encode(), 0, 0, 0,
                           when, 250000, bytes(16), bytes(20))
    entries = [entry(BOOT_TIME, 0, "~", "reboot", "6.1", NOW - 1000)]
    entries += [entry(USER_PROCESS, os.getpid(), line, user, host, NOW - MINUTE * age)
                for user, line, host, age in USERS]
    entries.append(entry(DEAD_PROCESS, 1, "pts/6", "gone", "", NOW - 50))
    return b"".join(entries)


def set_up(folder):
    for name, files in HWMON.items():
        write(os.path.join(folder, "class/hwmon", name), files)
    write(os.path.join(folder, "class/power_supply/BAT0"), BATTERY)
    write(os.path.join(folder, "class/power_supply/AC0"), MAINS)
    os.makedirs(os.path.join(folder, "class/thermal"))
    mount("--bind", os.path.join(folder, "class"), "/sys/class")
    swaps = os.path.join(folder, "swaps")
    with open(swaps, "w", encoding="ascii") as file:
        file.write(SWAPS)
    mount("--bind", swaps, "/proc/swaps")
    mount("-t", "tmpfs", "none", "/run")
    if os.uname().machine == "x86_64":
        with open("/run/utmp", "wb") as file:
            file.write(utmp())


INSIDE = []


def inside(peer):
    def decorate(function):
        INSIDE.append(("staged", peer, function))
        return function
    return decorate


def _sensors(run, kind):
    return {(row["chip"], row.get("label", "")): row for row in run.sonde("sensors")["sensor_list"]
            if row["kind"] == kind}


def _near(value):
    return None if value is None else round(value, 6)


@inside("psutil")
def temperatures(run):
    ours = _sensors(run, "temperature")
    theirs = {(ours_text(chip), ours_text(row.label)): row for chip, rows in run.psutil.sensors_temperatures().items()
              for row in rows}
    run.rows("sensor_list", ours, theirs, ours)
    for key, row in theirs.items():
        mine = ours.get(key, {})
        run.exact("sensor.current", mine.get("current"), _near(row.current), mine.get("current"), key)
        for field in ("high", "critical"):
            # psutil gives the one for the other where there is only one.
            limits = [mine.get(name) for name in ("high", "critical")]
            value = _near(getattr(row, field))
            explained = "limits-of-sensors" if mine.get(field) is None and value in limits else None
            run.exact("sensor." + field, mine.get(field), value, mine.get(field), key, explained)


@inside("psutil")
def fans(run):
    ours = _sensors(run, "fan")
    theirs = {(ours_text(chip), ours_text(row.label)): row for chip, rows in run.psutil.sensors_fans().items()
              for row in rows}
    run.rows("sensor_list", ours, theirs, ours)
    for key, row in theirs.items():
        run.exact("sensor.current", ours[key].get("current"), row.current, ours[key].get("current"), key)


@inside("made-up files")
def other_sensors(run):
    for kind, label, value in (("voltage", "+12V", 12.096), ("current", "", 1.5), ("power", "", 23.5),
                               ("energy", "", 7.0), ("humidity", "", 41.0)):
        mine = _sensors(run, kind).get(("nct6775", label), {})
        run.exact("sensor.current", mine.get("current"), value, mine.get("current"), kind)


@inside("psutil")
def battery(run):
    mine = run.sonde("sensors")["battery_list"]
    theirs = run.psutil.sensors_battery()
    run.exact("battery_list", len(mine), 1 if theirs else 0, len(mine))
    row = mine[0]
    run.exact("battery.percent", round(row["percent"], 6), round(theirs.percent, 6), round(row["percent"], 6))
    run.exact("battery.time_left", row["time_left"] // NS, theirs.secsleft, row["time_left"] // NS)
    run.exact("battery.power_plugged", row["power_plugged"], theirs.power_plugged, row["power_plugged"])


@inside("made-up files")
def battery_in_detail(run):
    row = run.sonde("sensors")["battery_list"][0]
    for field, value in (("name", "BAT0"), ("state", "discharging"), ("energy", 31.0), ("energy_full", 50.0),
                         ("energy_design", 56.0), ("power", 10.0), ("voltage", 11.4), ("cycles", 123)):
        run.exact("battery." + field, row.get(field), value, row.get(field))


@inside("swapon")
def swap_devices(run):
    ours = by(run.sonde("memory")["swap_device_list"], "name")
    rows = [row.split(" ") for row in run.text("swapon", "--show=NAME,TYPE,SIZE,USED,PRIO", "--bytes", "--noheadings",
                                               "--raw").splitlines()]
    theirs = {words[0].replace("\\x20", " "): words for words in rows}
    run.rows("swap_device_list", ours, theirs, ours)
    for name, words in theirs.items():
        mine = ours.get(name, {})
        run.exact("swap_device.type", mine.get("type"), words[1], mine.get("type"), name,
                  "swap-on-zram" if mine.get("type") == "zram" else None)
        for field, value in (("total", int(words[2])), ("used", int(words[3])),
                             ("priority", int(words[4]))):
            run.exact("swap_device." + field, mine.get(field), value, mine.get(field), name)


def _users(run):
    return {row.get("terminal", ""): row for row in run.sonde("users")["user_list"]}


@inside("psutil")
def users(run):
    ours = _users(run)
    theirs = {row.terminal: row for row in run.psutil.users()}
    run.rows("user_list", ours, theirs, ours)
    for terminal, row in theirs.items():
        mine = ours.get(terminal, {})
        name, told = mine.get("name", ""), ours_text(row.name)
        run.exact("user.name", name, told, name, terminal,
                  "fields-without-end" if len(name) == 32 and told.startswith(name) else None)
        host = mine.get("host", "")
        run.exact("user.host", host, ours_text(row.host), host, terminal,
                  "host-of-local-logins" if not host and row.host == "localhost" else None)
        run.exact("user.pid", mine.get("pid"), row.pid, mine.get("pid"), terminal)
        # A float of seconds, of which ours has the fraction, too.
        run.exact("user.started", mine["started"] // NS, int(row.started), mine["started"] // NS, terminal)


@inside("who")
def users_of_who(run):
    ours = _users(run)
    theirs = {}
    for line in run.text("who", "-u", "--ips").splitlines():
        found = re.match(r"(\S+)\s+(\S+)\s+(\w+ [ \d]\d \d\d:\d\d)\s+\S+\s+(\d+)(?:\s+\((.*)\))?$", line)
        theirs[found.group(2)] = found.groups()
    run.rows("user_list", ours, theirs, ours)
    for terminal, words in theirs.items():
        mine = ours.get(terminal, {})
        run.exact("user.name", mine.get("name"), words[0], mine.get("name"), terminal)
        run.exact("user.pid", mine.get("pid"), int(words[3]), mine.get("pid"), terminal)
        host = mine.get("host", "")
        run.exact("user.host", host, words[4] or "", host, terminal)
        when = time.strftime("%b %e %H:%M", time.gmtime(mine["started"] // NS))
        run.exact("user.started", when, words[2], when, terminal)


@inside("w")
def users_of_w(run):
    """It shows those whose terminal it finds."""
    ours = _users(run)
    theirs = {}
    for line in run.text("w", "-h", "-s").splitlines():
        words = line.split()
        theirs[words[1]] = words
    run.rows("user_list", set(ours) & set(theirs), theirs, ours)
    for terminal, words in theirs.items():
        name = ours.get(terminal, {}).get("name", "")
        run.exact("user.name", name[:8], words[0][:8], name[:8], terminal)  # as wide as its column
