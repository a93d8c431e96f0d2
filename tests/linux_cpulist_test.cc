// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_cpulist.h"
}

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

// "count first-last: every number", or what was wrong.
std::string Parse(const std::string &text) {
  struct sondei_linux_cpulist list = {77, 78, 79};
  sondei_parse_error err;
  const sondei_span in = sondei_span_of(text.data(), text.size());
  if (sondei_linux_parse_cpulist(&list, &err, in) != SONDE_OK) {
    EXPECT_TRUE(list.count == 77 && list.first == 78 && list.last == 79) << text;
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  EXPECT_EQ(err.expected, nullptr);
  std::string all =
      std::to_string(list.count) + " " + std::to_string(list.first) + "-" + std::to_string(list.last) + ":";
  std::vector<uint32_t> cpus(list.count);
  EXPECT_EQ(sondei_linux_fill_cpulist(cpus.data(), cpus.size(), in), list.count);
  for (size_t i = 0; i < cpus.size() && i < 16; i++) all += " " + std::to_string(cpus[i]);
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxCpulist, Table) {
  const Row rows[] = {
      {"one CPU", "0\n", "1 0-0: 0"},
      {"a range", "0-3\n", "4 0-3: 0 1 2 3"},
      {"offline CPUs and hyperthreads", "0-3,8,10-11\n", "7 0-11: 0 1 2 3 8 10 11"},
      {"a range of one CPU", "3-3\n", "1 3-3: 3"},
      {"no line end", "5,7", "2 5-7: 5 7"},
      {"Cpus_allowed_list after its key", "\t0-1", "2 0-1: 0 1"},
      {"nothing offline", "\n", "0 0-0:"},
      {"4,096 CPUs", "0-4095\n", "4096 0-4095: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"},
      {"as many as are taken", "0-1048575", "1048576 0-1048575: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"},
      {"one more", "0-1048576", "bad at 0: no more CPUs than any kernel knows"},
      {"one more in two", "0-1048574,2000000-2000001", "bad at 10: no more CPUs than any kernel knows"},
      {"all numbers there are", "0-4294967295", "bad at 0: no more CPUs than any kernel knows"},
      {"the greatest number", "4294967295", "1 4294967295-4294967295: 4294967295"},
      {"a range of more than 2^32", "0-4294967296", "bad at 2: the end of a range"},
      {"a number beyond 2^32", "1,4294967296", "bad at 2: a CPU number"},
      {"a range that goes down", "3-1", "bad at 2: the end of a range"},
      {"a list that goes down", "8,0-3", "bad at 2: CPU numbers that ascend"},
      {"twice the same", "0,0", "bad at 2: CPU numbers that ascend"},
      {"an empty item", "0,,1", "bad at 2: a CPU number"},
      {"a range without an end", "0-", "bad at 2: the end of a range"},
      {"nohz_full without any", " (null)\n", "bad at 1: a CPU number"},
      {"a mask is no list", "ff,ffffffff\n", "bad at 0: a CPU number"},
      {"two words", "0 1\n", "bad at 2: a comma"},
      {"garbage", std::string("\xff\x00", 2), "bad at 0: a CPU number"},
      {"truncated", "0-3,", "4 0-3: 0 1 2 3"},
      {"empty", "", "0 0-0:"},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxCpulist, BadItemsArePassedOver) {
  const std::string text = "0-1,x,9-3,4";
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_cpu_range range;
  sondei_parse_error err;
  std::string all;
  while (sondei_linux_next_cpu_range(&range, &err, &in)) {
    all += err.expected != nullptr ? err.expected : "";
    all += " " + std::to_string(range.first) + "-" + std::to_string(range.last) + "\n";
  }
  EXPECT_EQ(all, " 0-1\na CPU number 0-0\nthe end of a range 9-9\n 4-4\n");
  uint32_t cpus[3] = {7, 7, 7};
  EXPECT_EQ(sondei_linux_fill_cpulist(cpus, 2, sondei_span_of(text.data(), text.size())), 2u);
  EXPECT_EQ(cpus[2], 7u);
  EXPECT_EQ(sondei_linux_fill_cpulist(cpus, 3, sondei_span_of(text.data(), text.size())), 3u);
  EXPECT_EQ(cpus[2], 4u);
}

TEST(LinuxCpulist, FillStopsWithinARange) {
  uint32_t cpus[3] = {7, 7, 7};
  EXPECT_EQ(sondei_linux_fill_cpulist(cpus, 2, sondei_span_text("4-9")), 2u);
  EXPECT_EQ(cpus[0], 4u);
  EXPECT_EQ(cpus[1], 5u);
  EXPECT_EQ(cpus[2], 7u);
}

}  // namespace
