// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_fstype.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

const char kFilesystems[] =
    "nodev\tsysfs\nnodev\ttmpfs\nnodev\toverlay\nnodev\tnfs4\nnodev\tfuse\nnodev\tzfs\nnodev\tubifs\n"
    "\text4\n\tfuseblk\n\tvfat\n\tiso9660\nbroken line\n";

struct Row {
  const char *origin;
  std::string fstype, source;
  std::string
      expected;  // R: remote, V: virtual, A: auto, h: may hang; l: local; s: storage; S: also without /proc/filesystems
};

TEST(LinuxFstype, Table) {
  const Row rows[] = {
      {"a disk", "ext4", "/dev/sda1", "lsS"},
      {"a DVD", "iso9660", "/dev/sr0", "lsS"},
      {"zfs is nodev: psutil keeps it, too", "zfs", "tank/home", "lsS"},
      {"raw flash of an embedded board is nodev", "ubifs", "ubi0:rootfs", "lsS"},
      {"a type the kernel has not registered any more", "xfs", "/dev/sda2", "lS"},
      {"memory", "tmpfs", "tmpfs", "Vl"},
      {"proc", "proc", "proc", "Vl"},
      {"a container's root", "overlay", "overlay", "l"},
      {"NFS, by server", "nfs4", "server:/export", "RhsS"},
      {"SMB", "cifs", "//server/share", "RhsS"},
      {"a virtual machine's share", "virtiofs", "share", "hsS"},
      {"WSL's drives", "9p", "C:\\", "RhsS"},
      {"sshfs", "fuse.sshfs", "user@host:/dir", "RhsS"},
      {"rclone by its source", "fuse.other", "remote:bucket", "RhsS"},
      {"a local FUSE program", "fuse.mergerfs", "a", "h"},
      {"ntfs-3g", "fuseblk", "/dev/sdb1", "hsS"},
      {"ntfs-3g with a subtype", "fuseblk.ntfs", "/dev/sdb1", "hsS"},
      {"lxcfs", "fuse.lxcfs", "lxcfs", "Vh"},
      {"an automount point", "autofs", "systemd-1", "Ah"},
      {"garbage", "\xff.", "", "S"},
      {"truncated", "ext", "/dev/sda1", "S"},
      {"empty", "", "", "S"},
  };
  const sondei_span filesystems = sondei_span_text(kFilesystems);
  for (const Row &row : rows) {
    const sondei_span fstype = sondei_span_of(row.fstype.data(), row.fstype.size());
    const sondei_span source = sondei_span_of(row.source.data(), row.source.size());
    const uint32_t flags = sondei_linux_mount_flags(fstype, source);
    std::string got;
    if (flags & SONDE_MOUNT_REMOTE) got += 'R';
    if (flags & SONDE_MOUNT_VIRTUAL) got += 'V';
    if (flags & SONDE_MOUNT_AUTO) got += 'A';
    if (sondei_linux_mount_may_hang(fstype, source)) got += 'h';
    if (sondei_linux_mount_is_local(fstype, source)) got += 'l';
    if (sondei_linux_mount_is_storage(fstype, source, &filesystems)) got += 's';
    if (sondei_linux_mount_is_storage(fstype, source, nullptr)) got += 'S';
    EXPECT_EQ(got, row.expected) << row.origin;
  }
}

}  // namespace
