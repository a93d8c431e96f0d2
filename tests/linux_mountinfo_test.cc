// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_mountinfo.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

// Every row on a line of its own: the fields between '|', or "bad at N: what" and what was understood.
std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_mount mount;
  sondei_parse_error err;
  while (sondei_linux_next_mount(&mount, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    if (mount.has_ids) {
      all += std::to_string(mount.id) + "|" + std::to_string(mount.parent_id) + "|" + std::to_string(mount.dev_major) +
             ":" + std::to_string(mount.dev_minor) + "|" + Text(mount.root) + "|";
    }
    all += Text(mount.mountpoint) + "|" + Text(mount.options) + "|" + Text(mount.optional) + "|" + Text(mount.fstype) +
           "|" + Text(mount.source) + "|" + Text(mount.super_options) + "\n";
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

TEST(LinuxMountinfo, Table) {
  const Row rows[] = {
      {"the example of proc(5)", "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n",
       "36|35|98:0|/mnt1|/mnt2|rw,noatime|master:1|ext3|/dev/root|rw,errors=continue\n"},
      {"no optional field: a container", "22 27 0:21 / /proc rw,relatime - proc proc rw\n",
       "22|27|0:21|/|/proc|rw,relatime||proc|proc|rw\n"},
      {"four optional fields",
       "88 24 0:44 /@home /home rw shared:40 master:2 propagate_from:2 unbindable - btrfs /dev/sda2 rw,subvolid=257\n",
       "88|24|0:44|/@home|/home|rw|shared:40 master:2 propagate_from:2 unbindable|btrfs|/dev/sda2|rw,subvolid=257\n"},
      {"escapes stay: psutil #1600", "90 24 0:50 / /mnt/a\\040b rw - nfs4 server:/x\\040y rw,vers=4.2\n",
       "90|24|0:50|/|/mnt/a\\040b|rw||nfs4|server:/x\\040y|rw,vers=4.2\n"},
      {"a bind-mounted file: a container's resolv.conf",
       "701 690 8:1 /var/lib/docker/containers/x/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda1 rw\n",
       "701|690|8:1|/var/lib/docker/containers/x/resolv.conf|/etc/resolv.conf|rw||ext4|/dev/sda1|rw\n"},
      {"a network namespace kept by ip-netns", "99 24 0:4 net:[4026532281] /run/netns/a rw shared:5 - nsfs nsfs rw\n",
       "99|24|0:4|net:[4026532281]|/run/netns/a|rw|shared:5|nsfs|nsfs|rw\n"},
      {"an empty source: mount -t tmpfs '' /mnt", "36 35 0:9 / /mnt rw - tmpfs  rw,size=4k\n",
       "36|35|0:9|/|/mnt|rw||tmpfs||rw,size=4k\n"},
      {"a source \"-\"", "36 35 0:9 / /mnt rw - fuse - rw\n", "36|35|0:9|/|/mnt|rw||fuse|-|rw\n"},
      {"a subtype", "91 24 0:51 / /doc rw - fuse.portal portal rw,user_id=1000\n",
       "91|24|0:51|/|/doc|rw||fuse.portal|portal|rw,user_id=1000\n"},
      {"the largest numbers", "18446744073709551615 1 4294967295:4294967295 / / rw - a b c\n",
       "18446744073709551615|1|4294967295:4294967295|/|/|rw||a|b|c\n"},
      {"no super options", "36 35 98:0 / /m rw - ext4 /dev/a", "36|35|98:0|/|/m|rw||ext4|/dev/a|\n"},
      {"further columns", "36 35 98:0 / /m rw - ext4 /dev/a rw new thing\n", "36|35|98:0|/|/m|rw||ext4|/dev/a|rw\n"},
      {"blank lines are no rows", "\n\n36 35 98:0 / /m rw - ext4 /dev/a rw\n \t\n",
       "36|35|98:0|/|/m|rw||ext4|/dev/a|rw\n"},
      {"a bad row between good ones", "1 0 0:1 / / rw - a b c\n2 0 0:x / / rw - a b c\n3 0 0:1 / /z rw - a b c\n",
       "1|0|0:1|/|/|rw||a|b|c\nbad at 6: major:minor||||||\n3|0|0:1|/|/z|rw||a|b|c\n"},
      {"an id over 64 bits", "18446744073709551616 1 0:0 / / rw - a b c\n", "bad at 0: a mount id||||||\n"},
      {"a device number over 32 bits", "1 1 4294967296:0 / / rw - a b c\n", "bad at 4: major:minor||||||\n"},
      {"no separator: what was told is told", "7 2 3:4 / /m rw shared:1 ext4\n",
       "bad at 16: a field \"-\"|7|2|3:4|/|/m|rw||||\n"},
      {"nothing after the separator", "7 2 3:4 / /m rw -\n", "bad at 17: a file system type|7|2|3:4|/|/m|rw||||\n"},
      {"no source", "7 2 3:4 / /m rw - ext4\n", "bad at 22: a source|7|2|3:4|/|/m|rw||ext4||\n"},
      {"an empty mount point", "7 2 3:4 /  rw - ext4 a b\n", "bad at 11: a mount point|7|2|3:4|/||||||\n"},
      {"an empty root", "7 2 3:4  /m rw - ext4 a b\n", "bad at 9: a root||||||\n"},
      {"no root", "7 2 3:4 \n", "bad at 8: a root||||||\n"},
      {"no mount options", "7 2 3:4 / /m\n", "bad at 12: mount options|7|2|3:4|/|/m|||||\n"},
      {"empty mount options", "7 2 3:4 / /m  - ext4 a b\n", "bad at 14: mount options|7|2|3:4|/|/m|||||\n"},
      {"mount options of one letter", "7 2 3:4 / /m r - ext4 a b\n", "7|2|3:4|/|/m|r||ext4|a|b\n"},
      {"an empty file system type", "7 2 3:4 / /m rw -  a b\n", "bad at 19: a file system type|7|2|3:4|/|/m|rw||||\n"},
      {"a negative id", "-1 2 3:4 / / rw - ext4 a b\n", "bad at 0: a mount id||||||\n"},
      {"garbage", std::string("\xff\x00 garbage", 10), "bad at 0: a mount id||||||\n"},
      {"truncated", "36 35 98:0 /mnt1 /mnt2 rw,noa", "bad at 29: a field \"-\"|36|35|98:0|/mnt1|/mnt2|rw,noa||||\n"},
      {"truncated in the first number", "3", "bad at 1: a mount id||||||\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxMountinfo, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_mount mount = {};
  mount.id = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_of("\n \n", 3);
  EXPECT_FALSE(sondei_linux_next_mount(&mount, &err, &in));
  EXPECT_EQ(mount.id, 4711u);
  EXPECT_EQ(err.expected, nullptr);
}

TEST(LinuxMountinfo, SixtyFiveThousandMounts) {
  std::string text;
  for (int i = 0; i < 65536; i++) text += std::to_string(i) + " 1 0:9 / /mnt/" + std::to_string(i) + " rw - a b c\n";
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_mount mount;
  sondei_parse_error err;
  uint64_t count = 0;
  while (sondei_linux_next_mount(&mount, &err, &in)) {
    ASSERT_EQ(err.expected, nullptr);
    ASSERT_EQ(mount.id, count);
    count++;
  }
  EXPECT_EQ(count, 65536u);
}

}  // namespace
