// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_mounts.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_mount mount;
  sondei_parse_error err;
  while (sondei_linux_next_mounts_row(&mount, &err, &in)) {
    EXPECT_FALSE(mount.has_ids);
    EXPECT_EQ(mount.super_options.len, 0u);
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all +=
        Text(mount.source) + "|" + Text(mount.mountpoint) + "|" + Text(mount.fstype) + "|" + Text(mount.options) + "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxMounts, Table) {
  const Row rows[] = {
      {"Debian 12", "/dev/vda / ext4 rw,relatime 0 0\nproc /proc proc rw 0 0\n",
       "/dev/vda|/|ext4|rw,relatime\nproc|/proc|proc|rw\n"},
      {"OpenWrt: the root twice", "rootfs / rootfs rw 0 0\n/dev/root / squashfs ro 0 0\n",
       "rootfs|/|rootfs|rw\n/dev/root|/|squashfs|ro\n"},
      {"escapes stay: psutil #1600", "server:/a\\040b /mnt/a\\040b nfs4 rw,vers=4.2 0 0\n",
       "server:/a\\040b|/mnt/a\\040b|nfs4|rw,vers=4.2\n"},
      {"an empty source", " /mnt tmpfs rw 0 0\n", "|/mnt|tmpfs|rw\n"},
      {"without the two numbers", "/dev/root / ext4 rw\n", "/dev/root|/|ext4|rw\n"},
      {"numbers that are none, further columns", "/dev/root / ext4 rw x y z\n", "/dev/root|/|ext4|rw\n"},
      {"blank lines are no rows", "\n/dev/a / ext4 rw 0 0\n \n", "/dev/a|/|ext4|rw\n"},
      {"short rows", "/dev/sda1 /boot\n/dev/sdb\n/dev/c /c ext4 rw 0 0\n",
       "bad at 15: a file system type|/dev/sda1|/boot||\nbad at 8: a mount point|/dev/sdb|||\n/dev/c|/c|ext4|rw\n"},
      {"two blanks: no mount point", "a  ext4 rw 0 0\n", "bad at 3: a mount point|a|||\n"},
      {"two blanks: no file system type", "a /m  rw 0 0\n", "bad at 6: a file system type|a|/m||\n"},
      {"words of one letter", "a / b c\n", "a|/|b|c\n"},
      {"garbage", std::string("\xff\x00", 2), std::string("bad at 2: a mount point|\xff\x00|||\n", 30)},
      {"truncated", "/dev/vda / ext", "bad at 14: mount options|/dev/vda|/|ext|\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxMounts, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_mount mount = {};
  mount.id = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_of("\n", 1);
  EXPECT_FALSE(sondei_linux_next_mounts_row(&mount, &err, &in));
  EXPECT_EQ(mount.id, 4711u);
}

}  // namespace
