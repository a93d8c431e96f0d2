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
_row("exe-guessed", "process.exe",
     "The path of a program that one may not look at may be guessed from its first argument.",
     "`exe` is not told, and `denied` says so.",
     "A guess that looks like an answer is none.")
_row("fds-of-others", "process.num_fds",
     "How many files another user's process has open may be refused.",
     "The number, where the kernel tells it as the size of the folder (Linux 6.2), which needs no privilege.",
     "Only the files themselves are kept from others.")
_row("username-unknown", "process.username",
     "For a uid without a name the number may be shown, and names may come from other sources than passwd.",
     "`username` is empty where <etc>/passwd does not know the uid; `uids` has the number.",
     "Asking name services may go over the network and blocks; sonde only reads the file.")
_row("thread-named-like-columns", "thread.user_time, thread.system_time",
     "The times of a thread with a parenthesis in its name may be those of another column.",
     "The name ends at the last parenthesis of the line; the columns follow that.",
     "A thread may have any name.")
_row("path-of-a-mapping", "map.path",
     "A path may be shown with the kernel's escapes, or with its mark of a deleted file.",
     "The path as it is, with line ends and backslashes, and `deleted` by itself.",
     "The mark could be part of a name.")
_row("cwd-deleted", "process.cwd",
     "The path of a deleted working directory may be shown as if it were there.",
     "The path as the kernel tells it, with its mark ` (deleted)`.",
     "That the directory is gone is worth knowing, and whether the mark is part of its name cannot be told without "
     "touching it.")
_row("ids-of-32-bits", "process.gids",
     "Ids of 2^31 and more may be shown as negative numbers.",
     "The number, from 0 to 2^32 - 1.",
     "Ids are unsigned.")
_row("file-named-like-the-mark", "open_file.path, open_file.deleted",
     "A file whose name ends in ` (deleted)` may be shown under that name.",
     "So it is on local file systems. On those that can hang it is taken for a deleted one: `path` without those words, "
     "and `deleted`.",
     "To tell one from the other, the path has to be looked up; a dead mount blocks whoever does that. Deleted files are "
     "common, files of such a name are not.")
_row("descriptor-on-a-dead-mount", "open_file_list",
     "A descriptor may be left out whose file is on a mount that does not answer.",
     "Every descriptor, with what the kernel tells without asking the mount.",
     "A list that is short does not say so.")
_row("path-of-a-socket", "connection.lpath",
     "The path of a unix socket that holds a blank or the end of a line may be cut or missing.",
     "All of its bytes.",
     "A path may hold any byte but NUL, and an abstract name that, too.")
_row("limits-of-sensors", "sensor.high, sensor.critical",
     "A limit that the chip does not tell may be shown as the other one.",
     "Only the limits that the chip tells.",
     "A limit that is made up looks like one that is set.")
_row("host-of-local-logins", "user.host",
     "A login at the machine itself may be shown with a host.",
     "`host` is empty where the record names none.",
     "Empty: here. A host named in the record is never mistaken for that.")
_row("swap-on-zram", "swap_device.type",
     "Swap on compressed memory may be shown as a partition.",
     "`zram`.",
     "It is memory, not storage, and whoever adds the two up counts it twice.")
_row("fields-without-end", "user.name, user.host, user.terminal",
     "A name that fills its field of the login record may be shown with the field that follows.",
     "At most the bytes of its field.",
     "The fields of a login record need not end with NUL.")
_row("speed-of-what-is-down", "net_if_stats.speed, net_if_stats.duplex",
     "An interface that is down may be shown with a speed.",
     "A speed only of an interface that is up.",
     "What is down has none: the number is that of the driver, or of the last time that it was up. The kernel's own "
     "file does not tell it either.")
_row("broadcast-not-set", "net_if_addr.broadcast",
     "An address for which no broadcast address is set may be shown with itself as one.",
     "None.",
     "None is set.")
_row("device-none", "disk_partition.device",
     "What is mounted from `none` may be shown without a device.",
     "`none`, which is what whoever mounted it said.",
     "Sonde tells what the kernel tells.")
