// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_mount_options.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

struct Row {
  const char *origin;
  std::string mount, super;
  std::string expected;
};

TEST(LinuxMountOptions, Table) {
  const Row rows[] = {
      {"Debian 12", "rw,relatime", "rw,discard,resuid=65534", "rw,relatime,discard,resuid=65534"},
      {"the mount is read-only: a bind mount", "ro,nosuid", "rw,size=4k", "ro,nosuid,size=4k"},
      {"the file system is read-only", "rw,relatime", "ro", "ro,relatime"},
      {"from /proc/mounts: no second half", "rw,relatime,errors=continue", "", "rw,relatime,errors=continue"},
      {"remount-ro is not ro", "rw", "rw,errors=remount-ro", "rw,errors=remount-ro"},
      {"neither", "a", "b", "a,b"},
      {"garbage", ",,ro,,rw,", "rw,,x", "ro,x"},
      {"truncated", "r", "", "r"},
      {"empty", "", "", ""},
  };
  for (const Row &row : rows) {
    std::string out(row.mount.size() + row.super.size() + 1, '\xee');
    out.resize(sondei_linux_merge_options(&out[0], sondei_span_of(row.mount.data(), row.mount.size()),
                                          sondei_span_of(row.super.data(), row.super.size())));
    EXPECT_EQ(out, row.expected) << row.origin;
  }
}

TEST(LinuxMountOptions, Has) {
  EXPECT_TRUE(sondei_linux_has_option(sondei_span_text("rw,ro"), "ro"));
  EXPECT_TRUE(sondei_linux_has_option(sondei_span_text("ro"), "ro"));
  EXPECT_FALSE(sondei_linux_has_option(sondei_span_text("rw,errors=remount-ro,root"), "ro"));
  EXPECT_FALSE(sondei_linux_has_option(sondei_span_text(""), "ro"));
}

}  // namespace
