// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_filesystems.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_filesystem filesystem;
  sondei_parse_error err;
  while (sondei_linux_next_filesystem(&filesystem, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += (filesystem.nodev ? "nodev " : "dev ") + std::string(filesystem.name.data, filesystem.name.len) + "\n";
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

TEST(LinuxFilesystems, Table) {
  const Row rows[] = {
      {"Debian 12", "nodev\tsysfs\n\text4\nnodev\tautofs\n\tfuseblk\n",
       "nodev sysfs\ndev ext4\nnodev autofs\ndev fuseblk\n"},
      {"zfs on Linux", "nodev\tzfs\n", "nodev zfs\n"},
      {"a blank after the name", "\text4 \n", "dev ext4\n"},
      {"blank lines are no rows", "\n\text4\n\n", "dev ext4\n"},
      {"no tab", "ext4\n\txfs\n", "bad at 4: \"nodev\" or nothing, and a tab|dev \ndev xfs\n"},
      {"a flag of one letter", "n\text4\n", "bad at 2: \"nodev\" or nothing, and a tab|dev \n"},
      {"another flag", "new\text4\n", "bad at 4: \"nodev\" or nothing, and a tab|dev \n"},
      {"no name", "nodev\t\n", "bad at 6: a name|nodev \n"},
      {"garbage", std::string("\xff\x00\x01", 3), "bad at 3: \"nodev\" or nothing, and a tab|dev \n"},
      {"truncated", "nodev\tsys", "nodev sys\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxFilesystems, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_filesystem filesystem = {true, {"x", 1}};
  sondei_parse_error err;
  sondei_span in = sondei_span_of("\n", 1);
  EXPECT_FALSE(sondei_linux_next_filesystem(&filesystem, &err, &in));
  EXPECT_TRUE(filesystem.nodev);
  EXPECT_EQ(filesystem.name.len, 1u);
}

}  // namespace
