// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_disk_type.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(LinuxDiskType, DeviceMapper) {
  const struct {
    const char *origin, *uuid, *expected;
  } rows[] = {
      {"LVM", "LVM-8Rs3EM9j2NkkxKYqpxHmQKS1Zp7cGdUkuTWmcZ0vCuBzzqEhXEyDxbOn8SJqSkuH", "lvm"},
      {"dm-crypt", "CRYPT-LUKS2-0123456789abcdef0123456789abcdef-root", "crypt"},
      {"multipath", "mpath-360000000000000000e00000000010001", "mpath"},
      {"a partition on multipath: kpartx", "part2-mpath-360000000000000000e00000000010001", "part"},
      {"dmraid", "DMRAID-isw_cbdiggffgb_Volume0", "dmraid"},
      {"made by dmsetup, without a uuid", "", "dm"},
      {"no dash", "mpath", "dm"},
      {"only a dash", "-x", "dm"},
      {"a word of one letter", "x-y", "dm"},
      {"a word that is too long", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG-x", "dm"},
      {"the longest", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF-x", "abcdefghijklmnopqrstuvwxyzabcdef"},
      {"garbage", "\xff\x01-", "\xff\x01"},
      {"truncated", "LV", "dm"},
  };
  for (const auto &row : rows) {
    char type[SONDEI_LINUX_DISK_TYPE_MAX];
    const size_t len = sondei_linux_dm_type(type, sondei_span_text(row.uuid));
    EXPECT_EQ(std::string(type, len), row.expected) << row.origin << ": " << row.uuid;
  }
}

TEST(LinuxDiskType, Others) {
  const struct {
    const char *name, *expected;
  } rows[] = {
      {"sda", "disk"}, {"nvme0n1", "disk"}, {"zram0", "disk"},    {"loop0", "loop"}, {"loop10", "loop"}, {"sr0", "rom"},
      {"srx", "disk"}, {"sr", "disk"},      {"loopback", "disk"}, {"", "disk"},      {"\xff", "disk"},
  };
  for (const auto &row : rows) {
    EXPECT_STREQ(sondei_linux_disk_type_of(sondei_span_text(row.name)), row.expected) << row.name;
  }
}

}  // namespace
