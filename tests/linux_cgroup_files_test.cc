// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_cgroup_files.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

sondei_span Span(const std::string &text) { return sondei_span_of(text.data(), text.size()); }
std::string Text(sondei_span span) { return std::string(span.data, span.len); }

std::string Bad(const sondei_parse_error &err) {
  return "bad at " + std::to_string(err.position) + ": " + err.expected;
}

std::string Number(uint64_t value) { return value == SONDE_UNLIMITED ? "unlimited" : std::to_string(value); }

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxCgroupFiles, Limit) {
  const Row rows[] = {
      {"memory.max", "max\n", "unlimited"},
      {"memory.max", "67108864\n", "67108864"},
      {"memory.max", "0\n", "0"},
      {"version 1, unlimited, 4 KiB pages", "9223372036854771712\n", "unlimited"},
      {"version 1, unlimited, 64 KiB pages (ppc64, arm64)", "9223372036854710272\n", "unlimited"},
      {"version 1, unlimited, before Linux 3.19", "9223372036854775807\n", "unlimited"},
      {"version 1, unlimited, ULLONG_MAX", "18446744073709551615\n", "unlimited"},
      {"version 1, unlimited, 32-bit kernel", "8796093018112\n", "unlimited"},
      {"version 1, written by hand", "-1\n", "unlimited"},
      {"the largest that is a limit", "9223372036853727231", "9223372036853727231"},
      {"blanks around", " \t67108864 \t\n", "67108864"},
      {"does not fit", "18446744073709551616\n", "bad at 0: a limit"},
      {"another negative number", "-2\n", "bad at 0: a limit"},
      {"a tail", "max x\n", "bad at 3: the end of a limit"},
      {"a unit", "64M\n", "bad at 2: the end of a limit"},
      {"garbage", "\xff", "bad at 0: a limit"},
      {"truncated", "ma", "bad at 0: a limit"},
      {"empty", "", "bad at 0: a limit"},
  };
  for (const Row &row : rows) {
    uint64_t out = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_linux_parse_cgroup_limit(&out, &err, Span(row.text));
    EXPECT_EQ(status == SONDE_OK ? Number(out) : Bad(err), row.expected) << row.origin;
    if (status != SONDE_OK) {
      EXPECT_EQ(status, SONDE_ERR_PARSE);
      EXPECT_EQ(out, 4711u) << row.origin;
    }
  }
}

TEST(LinuxCgroupFiles, CpuMax) {
  const Row rows[] = {
      {"cpu.max: nothing limits", "max 100000\n", "unlimited 100000"},
      {"one and a half", "150000 100000\n", "150000 100000"},
      {"another period", "5000 20000\n", "5000 20000"},
      {"no period", "50000\n", "50000 100000"},
      {"no period, unlimited", "max", "unlimited 100000"},
      {"a period of 0 divides nothing", "50000 0\n", "bad at 6: a period"},
      {"no blank between", "max100000\n", "bad at 3: a period"},
      {"three columns", "1 2 3\n", "bad at 3: the end of a quota"},
      {"does not fit", "18446744073709551616 100000\n", "bad at 0: a quota"},
      {"period does not fit", "1 18446744073709551616\n", "bad at 2: a period"},
      {"negative", "-1 100000\n", "bad at 0: a quota"},
      {"garbage", "\xff\xff", "bad at 0: a quota"},
      {"truncated", "50000 ", "50000 100000"},
      {"empty", "", "bad at 0: a quota"},
  };
  for (const Row &row : rows) {
    struct sondei_linux_cpu_max out = {4711, 4711};
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_linux_parse_cpu_max(&out, &err, Span(row.text));
    EXPECT_EQ(status == SONDE_OK ? Number(out.quota) + " " + Number(out.period) : Bad(err), row.expected) << row.origin;
    if (status != SONDE_OK) {
      EXPECT_TRUE(out.quota == 4711 && out.period == 4711) << row.origin;
    }
  }
}

TEST(LinuxCgroupFiles, CfsQuota) {
  const Row rows[] = {
      {"nothing limits", "-1\n", "unlimited"},
      {"half a CPU", "50000\n", "50000"},
      {"any negative number", "-1000\n", "unlimited"},
      {"0", "0\n", "0"},
      {"does not fit", "9223372036854775808\n", "bad at 0: a quota"},
      {"garbage", "max\n", "bad at 0: a quota"},
      {"empty", "", "bad at 0: a quota"},
  };
  for (const Row &row : rows) {
    uint64_t out = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_linux_parse_cfs_quota(&out, &err, Span(row.text));
    EXPECT_EQ(status == SONDE_OK ? Number(out) : Bad(err), row.expected) << row.origin;
    if (status != SONDE_OK) {
      EXPECT_EQ(out, 4711u) << row.origin;
    }
  }
}

std::string IoStat(const std::string &text) {
  std::string all;
  sondei_span in = Span(text);
  struct sondei_linux_io_stat row;
  sondei_parse_error err;
  while (sondei_linux_next_io_stat(&row, &err, &in)) {
    all += Text(row.device) + " " + Number(row.read_bytes) + " " + Number(row.write_bytes) + " " +
           Number(row.read_count) + " " + Number(row.write_count);
    if (err.expected != nullptr) all += " " + Bad(err);
    all += "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

TEST(LinuxCgroupFiles, IoStat) {
  const Row rows[] = {
      {"Linux 6.1", "8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=7 dios=8\n", "8:0 4096 8192 1 2\n"},
      {"a row without pairs", "8:16 \n8:0 rbytes=1 wbytes=2 rios=3 wios=4\n", "8:16 0 0 0 0\n8:0 1 2 3 4\n"},
      {"a row without pairs and line end, as kernels before 5.16 wrote it",
       "8:16 8:0 rbytes=1 wbytes=2 rios=3 wios=4\n", "8:0 1 2 3 4\n"},
      {"keys of io.cost", "8:0 rbytes=1 wbytes=0 rios=1 wios=0 cost.usage=5 cost.wait=0\n", "8:0 1 0 1 0\n"},
      {"a number that does not fit", "8:0 rbytes=18446744073709551616 wbytes=2\n8:1 rios=3\n",
       "8:0 0 2 0 0 bad at 11: a number\n8:1 0 0 3 0\n"},
      {"no number", "8:0 rbytes= wbytes=2\n", "8:0 0 2 0 0 bad at 11: a number\n"},
      {"no device", "rbytes=1\n8:0 wios=2\n", " 1 0 0 0 bad at 0: the numbers of a device\n8:0 0 0 0 2\n"},
      {"what is no device", "8 rbytes=1\n8:x rios=2\n8: wios=3\n8:0x rios=4\n",
       " 1 0 0 0 bad at 0: the numbers of a device\n 0 0 2 0 bad at 0: the numbers of a device\n"
       " 0 0 0 3 bad at 0: the numbers of a device\n 0 0 4 0 bad at 0: the numbers of a device\n"},
      {"no pair", "8:0 what rbytes=1\n", "8:0 1 0 0 0 bad at 4: a key and its value\n"},
      {"garbage", "\xff\n", " 0 0 0 0 bad at 0: the numbers of a device\n"},
      {"truncated", "8:0 rbyt", "8:0 0 0 0 0 bad at 4: a key and its value\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(IoStat(row.text), row.expected) << row.origin;
}

std::string Blkio(const std::string &text) {
  std::string all;
  sondei_span in = Span(text);
  struct sondei_linux_blkio row;
  sondei_parse_error err;
  while (sondei_linux_next_blkio(&row, &err, &in)) {
    all += Text(row.device) + "|" + Text(row.operation) + "|" + Number(row.value);
    if (err.expected != nullptr) all += " " + Bad(err);
    all += "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

TEST(LinuxCgroupFiles, Blkio) {
  const Row rows[] = {
      {"Linux 4.19", "8:0 Read 4096\n8:0 Write 8192\n8:0 Total 12288\nTotal 12288\n",
       "8:0|Read|4096\n8:0|Write|8192\n8:0|Total|12288\n|Total|12288\n"},
      {"no I/O yet", "Total 0\n", "|Total|0\n"},
      {"no operation", "8:0\n8:0 Read 1\n", "8:0||0 bad at 0: an operation\n8:0|Read|1\n"},
      {"no number", "8:0 Read\n", "8:0|Read|0 bad at 8: a number\n"},
      {"does not fit", "8:0 Read 18446744073709551616\n", "8:0|Read|0 bad at 9: a number\n"},
      {"a tail", "8:0 Read 1 2\n", "8:0|Read|0 bad at 10: a number\n"},
      {"garbage", "\xff", "|\xff|0 bad at 1: a number\n"},
      {"truncated", "8:0 Re", "8:0|Re|0 bad at 6: a number\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Blkio(row.text), row.expected) << row.origin;
}

}  // namespace
