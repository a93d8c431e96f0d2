// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_udev_link.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(LinuxUdevLink, Names) {
  const struct {
    const char *origin;
    std::string name, expected;
  } rows[] = {
      {"a label with a blank", "My\\x20Disk", "My Disk"},
      {"a slash", "a\\x2fb\\x2F", "a/b/"},
      {"UTF-8 stays as it is",
       "gr\xc3\xb6\xc3\x9f"
       "e",
       "gr\xc3\xb6\xc3\x9f"
       "e"},
      {"a backslash", "a\\x5cb", "a\\b"},
      {"an escape of an escape is undone once", "\\x5cx41", "\\x41"},
      {"a uuid", "0123-ABCD", "0123-ABCD"},
      {"any byte", "\\x00\\xff", std::string("\0\xff", 2)},
      {"no escape", "a\\n\\xg0\\x-1", "a\\n\\xg0\\x-1"},
      {"garbage", "\xff\\", "\xff\\"},
      {"truncated", "a\\x2", "a\\x2"},
      {"empty", "", ""},
  };
  for (const auto &row : rows) {
    std::string out = row.name;
    out.resize(sondei_linux_unescape_udev(&out[0], sondei_span_of(out.data(), out.size())));
    EXPECT_EQ(out, row.expected) << row.origin;
  }
}

TEST(LinuxUdevLink, Devices) {
  const struct {
    const char *target, *expected;
  } rows[] = {{"../../sda1", "sda1"},
              {"../../dm-0", "dm-0"},
              {"../../cciss/c0d0p1", "cciss/c0d0p1"},
              {"sda1", "sda1"},
              {"/dev/sda1", "/dev/sda1"},
              {"../", ""},
              {"..", ".."},
              {"", ""}};
  for (const auto &row : rows) {
    const sondei_span device = sondei_linux_udev_device(sondei_span_text(row.target));
    EXPECT_EQ(std::string(device.data, device.len), row.expected) << row.target;
  }
}

}  // namespace
