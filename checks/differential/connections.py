# SPDX-License-Identifier: MIT
"""Sockets of the host and of a process: by the number of the socket where it has one, else by its addresses."""

import collections
import os
import re
import socket

from run import NoAnswer, against, ours_text

STATES = {"ESTAB": "established", "SYN-SENT": "syn_sent", "SYN-RECV": "syn_recv", "FIN-WAIT-1": "fin_wait1",
          "FIN-WAIT-2": "fin_wait2", "TIME-WAIT": "time_wait", "UNCONN": "close", "CLOSE-WAIT": "close_wait",
          "LAST-ACK": "last_ack", "LISTEN": "listen", "CLOSING": "closing"}
TYPES = {socket.SOCK_STREAM: "stream", socket.SOCK_DGRAM: "dgram", socket.SOCK_SEQPACKET: "seqpacket",
         socket.SOCK_RAW: "raw"}
FAMILIES = {socket.AF_INET: "inet", socket.AF_INET6: "inet6", socket.AF_UNIX: "unix"}


def every(run):
    return run.sonde("net", "--all", "--interval", 0)["connection_list"]


def ends(row):
    """What an internet socket is, if it has no number."""
    return row["family"], row["type"], row["state"], row.get("laddr"), row.get("raddr")


def by_number(rows):
    return {row["inode"]: row for row in rows if row.get("inode")}


def inode_of(pid, descriptor):
    try:
        found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink("/proc/%d/fd/%d" % (pid, descriptor)))
    except OSError:
        return None
    return int(found.group(1)) if found else None


def _address(family, address):
    if not address or family == socket.AF_UNIX:
        return None
    return ("[%s]:%d" if family == socket.AF_INET6 else "%s:%d") % (address.ip.split("%")[0], address.port)


def _plain(address):
    return None if address is None else re.sub(r"%\d+", "", address)


def _of_psutil(row):
    state = row.status.lower()
    return {"family": FAMILIES[row.family], "type": TYPES.get(row.type, "unknown"), "state": state,
            "laddr": _address(row.family, row.laddr), "raddr": _address(row.family, row.raddr),
            "pid": row.pid if hasattr(row, "pid") else None, "fd": row.fd}


def _sees_as_none(row):
    """An address that stands for any, with no port, is none."""
    return {**row, "laddr": _plain(row.get("laddr")), "raddr": _plain(row.get("raddr"))}


def compare_owned(run, key, a, told, b):
    """One socket with an owner."""
    run.stable("connection.family", a["family"], told["family"], b["family"], key)
    run.stable("connection.type", a["type"], told["type"], b["type"], key)
    if told["family"] == "unix":
        return
    run.gauge("connection.state", a["state"], told["state"], b["state"], key)
    for field in ("laddr", "raddr"):
        run.gauge("connection." + field, _plain(a.get(field)), told[field], _plain(b.get(field)), key)


def unix_path(run, key, a, path, b):
    """Abstract names begin with NUL; tables of text show each NUL as @."""
    ours = [row.get("lpath", "").replace("\0", "@") for row in (a, b)]
    shown = ours_text(path)
    explained = None
    if shown not in ours and any(" " in text or "\n" in text or "\t" in text for text in ours):
        explained = "path-of-a-socket"
    run.stable("connection.lpath", ours[0], shown, ours[1], key, explained)


def looks(row):
    return (row["type"], _plain(row.get("laddr")), _plain(row.get("raddr")),
            row.get("lpath", "").replace("\0", "@") if row["family"] == "unix" else None)


@against("psutil")
def connections(run):
    a = every(run)
    theirs = [(row, inode_of(row.pid, row.fd) if row.pid is not None else None)
              for row in run.psutil.net_connections("all")]
    b = every(run)
    mine, after = by_number(a), by_number(b)
    found = set()
    loose = collections.Counter()
    unresolved = set()
    for row, inode in theirs:
        told = _of_psutil(row)
        if inode in mine:
            found.add(inode)
            if inode in after:
                key = "socket %d" % inode
                compare_owned(run, key, mine[inode], told, after[inode])
                if told["family"] == "unix":
                    unix_path(run, key, mine[inode], row.laddr, after[inode])
        else:  # new, or closed since by this owner, who may have ended or put another socket in its place
            if row.pid is None and told["family"] != "unix":
                loose[ends(told)] += 1
            unresolved.add((told["type"], told["laddr"], told["raddr"], ours_text(row.laddr)
                            if told["family"] == "unix" else None))
    # Which of several owners is named is a matter of taste; that the socket is there is not. Without an owner, it is
    # about to be closed.
    owned = [{inode for inode, row in rows.items() if row.get("pid") and looks(row) not in unresolved}
             for rows in (mine, after)]
    run.rows("connection_list", {("socket", inode) for inode in owned[0]}, {("socket", inode) for inode in found},
             {("socket", inode) for inode in owned[1]}, transient=True)
    without = [{ends(_sees_as_none(row)) for row in rows if row["family"] != "unix" and row.get("pid") is None}
               for rows in (a, b)]
    run.rows("connection_list", without[0], set(loose), without[1], transient=True)


@against("psutil")
def owners(run):
    """The owner that sonde names is one; psutil, asked for that process, shows the socket there."""
    for row in every(run):
        pid = row.get("pid")
        if pid is None or pid not in run.subjects:
            continue
        run.exact("connection.pid", row.get("inode"), inode_of(pid, row["fd"]), row.get("inode"),
                  "%d %d" % (pid, row["fd"]))


@against("psutil")
def connections_of_processes(run):
    for pid in run.subjects:
        try:
            a = run.sonde("process", pid)
            theirs = [(row, inode_of(pid, row.fd)) for row in run.psutil.Process(pid).net_connections("all")]
            b = run.sonde("process", pid)
        except (NoAnswer, run.psutil.NoSuchProcess, run.psutil.AccessDenied):
            continue
        if a["process"]["state"] == "zombie" or "connection_list" not in a or "connection_list" not in b:
            continue
        if a["process"]["namespaces"]["net"] != os.stat("/proc/self/ns/net").st_ino:
            continue  # ss sees into it: below
        mine, after = by_number(a["connection_list"]), by_number(b["connection_list"])
        told = {}
        for row, inode in theirs:
            if inode is not None:
                told[inode] = row
        run.rows("process.connection_list", {(pid, inode) for inode in mine}, {(pid, inode) for inode in told},
                 {(pid, inode) for inode in after}, transient=True)
        for inode, row in told.items():
            if inode in mine and inode in after:
                compare_owned(run, "%d socket %d" % (pid, inode), mine[inode], _of_psutil(row), after[inode])


def _ss_address(word):
    """"[::1]:80", "127.0.0.1%lo:80", "*:80", "0.0.0.0:*" as sonde writes it; None for any address without a port."""
    host, _, port = word.rpartition(":")
    host, _, _ = host.partition("%")
    if port == "*":
        return None
    if host == "*":
        host = "[::]"
    return "%s:%s" % (host, port)


def _ss(run, *options):
    """By the number of the socket, or by its addresses."""
    numbered, loose = {}, {}
    for line in run.text("ss", "-H", "-t", "-u", "-a", "-n", "-p", "-e", "-O", "-m", "-o", *options).splitlines():
        words = line.split()
        kind = words[0]
        state = STATES.get(words[1], words[1])
        row = {"type": "stream" if kind == "tcp" else "dgram", "state": state if kind == "tcp" else "none",
               "recv_queue": int(words[2]), "send_queue": int(words[3]), "laddr": _ss_address(words[4]),
               "raddr": _ss_address(words[5]), "uid": 0, "owners": set(), "interface": "", "drops": 0}
        row["family"] = "inet6" if words[4][0] in "[*" else "inet"
        for pid, descriptor in re.findall(r"pid=(\d+),fd=(\d+)", line):
            row["owners"].add((int(pid), int(descriptor)))
        for name, pattern in (("uid", r" uid:(\d+)"), ("inode", r" ino:(\d+)"), ("drops", r"skmem:\([^)]*,d(\d+)\)")):
            found = re.search(pattern, line)
            row[name] = int(found.group(1)) if found else 0
        found = re.search(r"timer:\(on,[^,]*,(\d+)\)", line)
        row["retransmits"] = int(found.group(1)) if found else 0
        if row["inode"]:
            numbered[row["inode"]] = row
        else:
            loose[ends(row)] = row
    return numbered, loose


def compare_with_ss(run, a, theirs, b, prefix=""):
    numbered, loose = theirs
    internet = [[row for row in rows if row["family"] != "unix"] for rows in (a, b)]
    mine, after = by_number(internet[0]), by_number(internet[1])
    run.rows(prefix + "connection_list", {("socket", inode) for inode in mine},
             {("socket", inode) for inode in numbered}, {("socket", inode) for inode in after}, transient=True)
    without = [{ends(_sees_as_none(row)) for row in rows if not row.get("inode")} for rows in internet]
    run.rows(prefix + "connection_list", without[0], set(loose), without[1], transient=True)
    for inode, row in numbered.items():
        if inode not in mine or inode not in after:
            continue
        one, other, key = mine[inode], after[inode], "socket %d" % inode
        compare_owned(run, key, one, row, other)
        run.stable("connection.uid", one.get("uid"), row["uid"], other.get("uid"), key)
        run.exact("connection.inode", one["inode"], row["inode"], other["inode"], key)
        if one.get("pid") is not None and other.get("pid") is not None and row["owners"]:
            run.gauge("connection.pid", True, (one["pid"], one["fd"]) in row["owners"] or
                      (other["pid"], other["fd"]) in row["owners"], True, key)
        for field in ("recv_queue", "send_queue"):
            if field in one and field in other:
                run.gauge("connection." + field, one[field], row[field], other[field], key)
        if row["type"] == "dgram":
            run.gauge("connection.drops", one.get("drops"), row["drops"], other.get("drops"), key)
        elif row["state"] == "established" and "retransmits" in one:
            run.gauge("connection.retransmits", one["retransmits"], row["retransmits"], other["retransmits"], key)


@against("ss")
def connections_of_ss(run):
    a = every(run)
    theirs = _ss(run)
    b = every(run)
    compare_with_ss(run, a, theirs, b)


@against("ss")
def unix_sockets_of_ss(run):
    a = every(run)
    text = run.text("ss", "-H", "-x", "-a", "-n", "-p", "-O")
    b = every(run)
    mine, after = by_number(a), by_number(b)
    theirs = {}
    # A line end in a path begins a line of its own, which has no number.
    pattern = r"^(u_\w+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(.*?) (\d+)\s+(\S.*?|\*) (\d+)(\s|$)"
    for found in re.finditer(pattern, text, re.M):
        theirs[int(found.group(6))] = found.groups()
    tail = {int(number) for number in re.findall(r"^\S.*? (\d+)\s+\* \d+\s+users:", text, re.M)}
    units = [{("socket", inode) for inode, row in rows.items() if row["family"] == "unix"} for rows in (mine, after)]
    run.rows("connection_list", units[0], {("socket", inode) for inode in set(theirs) | tail}, units[1],
             transient=True)
    types = {"u_str": "stream", "u_dgr": "dgram", "u_seq": "seqpacket"}
    for inode, (kind, _, received, sent, path, _, _, peer, _) in theirs.items():
        if inode not in mine or inode not in after:
            continue
        one, other, key = mine[inode], after[inode], "socket %d" % inode
        run.stable("connection.type", one["type"], types.get(kind), other["type"], key)
        if "\n" not in one.get("lpath", "") and "\\" not in one.get("lpath", ""):
            ours = [row.get("lpath", "").replace("\0", "@") for row in (one, other)]
            run.stable("connection.lpath", ours[0], ours_text(path.strip()) if path.strip() != "*" else "", ours[1],
                       key)
        for field, word in (("recv_queue", received), ("send_queue", sent)):
            if field in one and field in other:
                run.gauge("connection." + field, one[field], int(word), other[field], key)
        if one.get("rpath") and int(peer) in mine:
            run.stable("connection.rpath", one["rpath"], mine[int(peer)].get("lpath"), other.get("rpath"), key)


@against("ss")
def connections_in_another_namespace(run):
    """ss enters it; sonde reads it from outside."""
    here = os.stat("/proc/self/ns/net").st_ino
    for pid in run.subjects:
        try:
            a = run.sonde("process", pid)
            if a["process"]["state"] == "zombie" or a["process"]["namespaces"]["net"] == here:
                continue
            if "connection_list" not in a:
                continue
            theirs = _enter(run, pid)
            b = run.sonde("process", pid)
        except (NoAnswer, KeyError):
            continue
        owned = {inode: row for inode, row in theirs[0].items()
                 if any(owner == pid for owner, _ in row["owners"])}
        compare_with_ss(run, a["connection_list"], (owned, {}), b["connection_list"], "process.")


def _enter(run, pid):
    class Inside:
        """Runs the tool in that namespace."""

        @staticmethod
        def text(*arguments):
            return run.text("nsenter", "-t", str(pid), "-n", *arguments)
    return _ss(Inside)
