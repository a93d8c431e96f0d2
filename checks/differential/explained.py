# SPDX-License-Identifier: MIT
"""The differences that are meant: docs/differences.md is written from this table, and nothing else is excused.

Each row: what other tools may show, what sonde shows, and why. A row is used by its name in the modules beside this
one, where the condition stands under which a difference is a case of it: it excuses nothing else.
"""

EXPLAINED = {}


def _row(name, fields, may_be, ours, why):
    EXPLAINED[name] = (fields, may_be, ours, why)


_row("cmdline-blanks", "process.args",
     "A single argument with blanks in it may be shown cut into several.",
     "The arguments as the process keeps them, cut at each NUL and nowhere else; `cmdline` has the raw bytes.",
     "A process that rewrote its command line and one that has an argument with a blank look alike. The bytes tell "
     "all there is; who wants to guess can guess from them.")
_row("name-of-15-bytes", "process.name",
     "A name of 15 bytes may be shown lengthened by the first argument, where that begins with it.",
     "The name as the kernel keeps it, at most 15 bytes for a program.",
     "The first argument is whatever the process wrote there; it stands in `args[0]`.")
_row("broadcast-of-loopback", "net_if_addr.broadcast",
     "The hardware broadcast address of the loopback interface may be left out.",
     "What the kernel tells: all zeros.",
     "rtnetlink tells it of every interface; only the sort of interface says that it means nothing here.")
_row("strings-of-devices", "disk_device.serial, model, vendor, wwn, firmware",
     "A string of a device may be missing where udev keeps no database, as in most containers.",
     "What the kernel's own files of the device say.",
     "udev need not run for a disk to have a serial number.")
_row("exe-deleted", "process.exe",
     "The path of a program that was deleted may carry a mark at its end, or lose it when something else has its name "
     "now.",
     "`exe` is the path without the mark, and `exe_deleted` says whether the kernel set it.",
     "A file may be called like the mark; a flag cannot be mistaken.")
_row("username-unknown", "process.username",
     "For a uid without a name the number may be shown, and names may come from other sources than passwd.",
     "`username` is empty where <etc>/passwd does not know the uid; `uids` has the number.",
     "Asking name services may go over the network and blocks; sonde only reads the file.")
