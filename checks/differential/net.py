# SPDX-License-Identifier: MIT
"""Network: interfaces, addresses, traffic, counters of the protocols."""

import ipaddress
import socket

from run import against, by

KNOWN_FLAGS = {"up", "broadcast", "loopback", "pointopoint", "running", "promisc", "multicast", "noarp"}


def _net(run, name, *options):
    return run.sonde("net", "--interval", 0, *options)[name]


def _interfaces(run):
    """Less those that went while they were read: of them there is only a name."""
    return {row["name"]: row for row in _net(run, "net_if_stats_list") if "index" in row}


@against("psutil")
def traffic(run):
    a = by(_net(run, "net_io_list"), "name")
    theirs = run.psutil.net_io_counters(pernic=True, nowrap=False)
    b = by(_net(run, "net_io_list"), "name")
    run.rows("net_io_list", a, theirs, b, transient=True)
    for name, row in theirs.items():
        if name in a and name in b:
            for field, value in row._asdict().items():
                run.counter("net_io." + field, a[name].get(field), value, b[name].get(field), name)


@against("ip")
def traffic_of_ip(run):
    a = by(_net(run, "net_io_list"), "name")
    links = run.tool_json("ip", "-s", "-s", "-j", "link")
    b = by(_net(run, "net_io_list"), "name")
    theirs = {link["ifname"]: link["stats64"] for link in links if link}
    run.rows("net_io_list", a, theirs, b, transient=True)
    for name, row in theirs.items():
        if name not in a or name not in b:
            continue
        received, sent = row["rx"], row["tx"]
        # The kernel's table of interfaces adds the finer kinds of errors up like this.
        told = {"bytes_recv": received["bytes"], "packets_recv": received["packets"], "errin": received["errors"],
                "dropin": received["dropped"] + received["missed_errors"], "multicast": received["multicast"],
                "fifo_in": received["fifo_errors"],
                "frame": sum(received[kind + "_errors"] for kind in ("length", "over", "crc", "frame")),
                "bytes_sent": sent["bytes"], "packets_sent": sent["packets"], "errout": sent["errors"],
                "dropout": sent["dropped"], "collisions": sent["collisions"], "fifo_out": sent["fifo_errors"],
                "carrier": sum(sent[kind + "_errors"] for kind in ("carrier", "aborted", "window", "heartbeat"))}
        for field, value in told.items():
            run.counter("net_io." + field, a[name].get(field), value, b[name].get(field), name)


@against("ip")
def errors_of_ip(run):
    a = by(_net(run, "net_error_list", "--all"), "name")
    links = run.tool_json("ip", "-s", "-s", "-j", "link")
    b = by(_net(run, "net_error_list", "--all"), "name")
    theirs = {link["ifname"]: link["stats64"] for link in links if link}
    run.rows("net_error_list", a, theirs, b, transient=True)
    for name, row in theirs.items():
        if name not in a or name not in b:
            continue
        for side, kinds in (("rx", ("length", "over", "crc", "frame", "fifo", "missed")),
                            ("tx", ("aborted", "carrier", "fifo", "heartbeat", "window"))):
            for kind in kinds:
                field = "%s_%s" % (side, kind)
                run.counter("net_error." + field, a[name].get(field), row[side][kind + "_errors"], b[name].get(field),
                            name)


@against("psutil")
def interfaces(run):
    a = _interfaces(run)
    theirs = run.psutil.net_if_stats()
    b = _interfaces(run)
    run.rows("net_if_stats_list", a, theirs, b, transient=True)
    duplex = {0: None, 1: "half", 2: "full"}
    for name, row in theirs.items():
        if name not in a or name not in b:
            continue
        told = {"isup": row.isup, "mtu": row.mtu, "speed": row.speed * 1_000_000 or None,
                "duplex": duplex[{0: 0, 1: 1, 2: 2}[int(row.duplex)]]}
        if run.psutil.NIC_DUPLEX_FULL == row.duplex:
            told["duplex"] = "full"
        elif run.psutil.NIC_DUPLEX_HALF == row.duplex:
            told["duplex"] = "half"
        is_down = "up" not in a[name]["flags"] or "up" not in b[name]["flags"]
        for field, value in told.items():
            explained = "speed-of-what-is-down" if is_down and field in ("speed", "duplex") and value else None
            run.gauge("net_if_stats." + field, a[name].get(field), value, b[name].get(field), name, explained=explained)
        run.gauge("net_if_stats.flags", set(a[name]["flags"]), set(row.flags.split(",")) & KNOWN_FLAGS,
                  set(b[name]["flags"]), name)


@against("ip")
def interfaces_of_ip(run):
    a = _interfaces(run)
    links = run.tool_json("ip", "-s", "-s", "-j", "link")
    b = _interfaces(run)
    theirs = {link["ifname"]: link for link in links if link}
    run.rows("net_if_stats_list", a, theirs, b, transient=True)
    for name, row in theirs.items():
        if name not in a or name not in b:
            continue
        told = {"index": row["ifindex"], "mtu": row["mtu"], "operstate": row["operstate"].lower(),
                "hwaddr": row.get("address"), "carrier_changes": row["stats64"]["tx"].get("carrier_changes")}
        for field, value in told.items():
            mine, after = a[name].get(field), b[name].get(field)
            if field == "hwaddr" and value is not None and ":" not in value:
                continue  # of a tunnel: an address, not a hardware address
            run.gauge("net_if_stats." + field, mine, value, after, name)
        # Running is shown as its opposite, NO-CARRIER, and only of what is up.
        flags = {flag.lower() for flag in row["flags"]} & KNOWN_FLAGS
        run.gauge("net_if_stats.flags", *(set(told["flags"]) - {"running"} for told in (a[name],)),
                  flags, set(b[name]["flags"]) - {"running"}, name)


def _addresses(run):
    """(name, address) -> row; a link-local address without the interface that it belongs to."""
    return {(row["name"], row.get("address", "").split("%")[0]): row for row in _net(run, "net_if_addr_list")}


def _bare(text):
    return None if text is None else text.split("%")[0]


@against("psutil")
def addresses(run):
    a = _addresses(run)
    theirs = {(name, _bare(row.address)): row for name, rows in run.psutil.net_if_addrs().items() for row in rows}
    b = _addresses(run)
    run.rows("net_if_addr_list", a, theirs, b, transient=True)
    for key, row in theirs.items():
        if key not in a or key not in b:
            continue
        for field in ("netmask", "broadcast", "ptp"):
            explained = None
            if field == "broadcast" and row.broadcast is None and set(a[key].get(field, "")) <= set("0:"):
                explained = "broadcast-of-loopback"
            if field == "broadcast" and field not in a[key] and row.broadcast == row.address:
                explained = "broadcast-not-set"
            run.stable("net_if_addr." + field, _bare(a[key].get(field)), getattr(row, field), _bare(b[key].get(field)),
                       key, explained)


@against("ip")
def addresses_of_ip(run):
    a = _addresses(run)
    links = [link for link in run.tool_json("ip", "-j", "addr") if link]
    b = _addresses(run)
    theirs = {}
    for link in links:
        if ":" in link.get("address", ""):
            theirs[link["ifname"], link["address"]] = {"index": link["ifindex"], "broadcast": link.get("broadcast")}
        elif not link["addr_info"]:
            theirs[link["ifname"], ""] = {"index": link["ifindex"]}
        for row in link["addr_info"]:
            if "local" not in row:
                continue
            network = ipaddress.ip_network("::/%d" % row["prefixlen"] if row["family"] == "inet6"
                                           else "0.0.0.0/%d" % row["prefixlen"])
            theirs[link["ifname"], row["local"]] = {
                "index": link["ifindex"], "broadcast": row.get("broadcast"), "prefix_len": row["prefixlen"],
                "netmask": str(network.netmask), "ptp": row.get("address")}
    run.rows("net_if_addr_list", a, theirs, b, transient=True)
    for key, row in theirs.items():
        if key in a and key in b:
            for field, value in row.items():
                run.stable("net_if_addr." + field, _bare(a[key].get(field)) if field != "index" and
                           field != "prefix_len" else a[key][field], value,
                           _bare(b[key].get(field)) if field != "index" and field != "prefix_len" else b[key][field],
                           key)


@against("python")
def indexes(run):
    a = _interfaces(run)
    theirs = {name: index for index, name in socket.if_nameindex()}
    b = _interfaces(run)
    run.rows("net_if_stats_list", a, theirs, b, transient=True)
    for name, index in theirs.items():
        if name in a and name in b:
            run.stable("net_if_stats.index", a[name]["index"], index, b[name]["index"], name)


@against("nstat")
def protocols(run):
    def ours():
        return {row["protocol"] + row["name"]: row["value"] for row in _net(run, "net_protocol_list", "--all")}
    a = ours()
    # As text: numbers of all lengths.
    lines = (line.split() for line in run.tool("nstat", "-a", "-s", "-z").decode().splitlines() if line[:1] != "#")
    theirs = {words[0]: int(words[1]) for words in lines}
    b = ours()
    told = {name for name in a if name in theirs}
    # It leaves out what is no counter, and knows no conntrack.
    shown = {name for name in a if not name.startswith("conntrack")}
    run.rows("net_protocol_list", told, theirs, told | shown)
    for name, value in theirs.items():
        if name in a and name in b:
            rule = run.gauge if "Curr" in name or "MemoryPressure" in name else run.counter
            rule("net_protocol.value", a[name], value, b[name], name)


@against("kernel")
def conntrack(run):
    a = {row["name"]: row["value"] for row in _net(run, "net_protocol_list", "--all")
         if row["protocol"] == "conntrack"}
    for name in a:
        with open("/proc/sys/net/netfilter/nf_conntrack_" + name, encoding="ascii") as file:
            run.gauge("net_protocol.value", a[name], int(file.read()), a[name], "conntrack." + name)
