// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_sysfs_link.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

struct Row {
  const char *origin;
  std::string text;
  std::string expected;  // empty: false
};

TEST(LinuxSysfsLink, Table) {
  const Row rows[] = {
      {"a partition", "../../devices/pci0000:00/0000:00:1f.2/ata1/block/sda/sda1", "sda"},
      {"a disk", "../../devices/virtual/block/loop0", "block"},
      {"a slash in the name", "../../devices/x/block/cciss!c0d0/cciss!c0d0p1", "cciss!c0d0"},
      {"absolute", "/sda/sda1", "sda"},
      {"no folder", "sda1", ""},
      {"the folder is dots", "../sda1", ""},
      {"the folder is the root", "/sda1", ""},
      {"ends in a slash", "a/b/", ""},
      {"garbage", "//", ""},
      {"truncated", "../../devices/", ""},
      {"empty", "", ""},
  };
  for (const Row &row : rows) {
    sondei_span out = {"untouched", 9};
    const bool found = sondei_linux_link_parent(&out, sondei_span_of(row.text.data(), row.text.size()));
    EXPECT_EQ(std::string(out.data, out.len), found ? row.expected : "untouched") << row.origin;
    EXPECT_EQ(found, !row.expected.empty()) << row.origin;
  }
}

}  // namespace
