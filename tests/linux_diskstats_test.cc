// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_diskstats.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_disk disk;
  sondei_parse_error err;
  while (sondei_linux_next_disk(&disk, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += std::to_string(disk.dev_major) + ":" + std::to_string(disk.dev_minor) + " " +
           std::string(disk.name.data, disk.name.len) + " " + std::to_string(disk.stat.read_count) + " " +
           std::to_string(disk.stat.write_bytes) + (disk.stat.has_times ? " times" : "") +
           (disk.stat.has_discard ? " discard" : "") + (disk.stat.has_flush ? " flush" : "") + "\n";
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

TEST(LinuxDiskstats, Table) {
  const Row rows[] = {
      {"7 columns: a partition of 2.6, psutil #767", "   8       1 sda1 10 20 30 40\n", "8:1 sda1 10 20480\n"},
      {"14: 2.6.25", "   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n", "8:0 sda 1 3584 times\n"},
      {"15: Linux 2.4",
       "   3    0   39082680 hda 446216 784926 9550688 4382310 424847 312726 5922052 19310380 0 3376340 23705160\n",
       "3:0 hda 446216 3032090624 times\n"},
      {"17: lxcfs, psutil #2148", " 252 0 vda 1 2 3 4 5 6 7 8 9 10 11 12 13 14\n", "252:0 vda 1 3584 times\n"},
      {"18: 4.18, psutil #1321", " 8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n", "8:0 sda 1 3584 times discard\n"},
      {"20: 5.5, psutil #1684", " 8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n",
       "8:0 sda 1 3584 times discard flush\n"},
      {"23: the future", " 8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20\n",
       "8:0 sda 1 3584 times discard flush\n"},
      {"a slash in the name: psutil #1354", " 104 0 cciss/c0d0 1 2 3 4 5 6 7 8 9 10 11\n",
       "104:0 cciss/c0d0 1 3584 times\n"},
      {"a name of digits", "8 0 123 1 2 3 4 5 6 7 8 9 10 11\n", "8:0 123 1 3584 times\n"},
      {"blank lines are no rows: psutil 7.2.2 loses the call", "\n \n 8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n\n",
       "8:0 sda 1 3584 times\n"},
      {"12 columns between good rows: psutil 7.2.2 loses the call",
       "8 0 a 1 2 3 4 5 6 7 8 9 10 11\n8 1 b 1 2 3 4 5 6 7 8 9\n8 2 c 1 2 3 4 5 6 7 8 9 10 11\n",
       "8:0 a 1 3584 times\nbad at 5: 4 or at least 11 numbers|8:1 b 0 0\n8:2 c 1 3584 times\n"},
      {"only a name", "8 1 sda1\n", "bad at 8: 4 or at least 11 numbers|8:1 sda1 0 0\n"},
      {"no name", "8 1\n", "bad at 3: a name|8:1  0 0\n"},
      {"only a number", "8\n", "bad at 1: a minor number|8:0  0 0\n"},
      {"a major number over 32 bits", "4294967296 0 a 1 2 3 4\n", "bad at 0: a major number|0:0  0 0\n"},
      {"sectors x 512 over 64 bits", "8 0 a 1 36028797018963968 3 4\n", "bad at 8: a number that fits|8:0 a 0 0\n"},
      {"garbage", std::string("\xff\x00\x01", 3), "bad at 0: a major number|0:0  0 0\n"},
      {"truncated", "8 0 sda 1 2 3 4 5 6 7 8 9 1", "bad at 7: 4 or at least 11 numbers|8:0 sda 0 0\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxDiskstats, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_disk disk = {};
  disk.dev_major = 4711;
  sondei_parse_error err;
  sondei_span in = sondei_span_of("\n", 1);
  EXPECT_FALSE(sondei_linux_next_disk(&disk, &err, &in));
  EXPECT_EQ(disk.dev_major, 4711u);
}

TEST(LinuxDiskstats, PartitionNames) {
  const struct {
    const char *disk, *name;
    bool expected;
  } rows[] = {
      {"sda", "sda1", true},
      {"sda", "sda15", true},
      {"nvme0n1", "nvme0n1p2", true},
      {"mmcblk0", "mmcblk0p1", true},
      {"vda", "vda1", true},
      {"cciss/c0d0", "cciss/c0d0p1", true},
      {"loop0", "loop0p1", true},
      {"md0", "md0p1", true},
      {"sda", "sda", false},
      {"sda", "sdb1", false},
      {"sda", "sdaa", false},
      {"sda", "sdap1", false},
      {"loop1", "loop10", false},
      {"nvme0n1", "nvme0n10", false},
      {"mmcblk0", "mmcblk0boot0", false},
      {"mmcblk0", "mmcblk0p", false},
      {"", "1", false},
      {"", "sda1", false},
      {"sda", "", false},
  };
  for (const auto &row : rows) {
    EXPECT_EQ(sondei_linux_is_partition_of(sondei_span_text(row.disk), sondei_span_text(row.name)), row.expected)
        << row.disk << " " << row.name;
  }
}

}  // namespace
