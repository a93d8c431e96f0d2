// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_processor_groups.h"
}

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

struct sondei_windows_processor_groups Groups(const std::vector<uint32_t> &maximums) {
  struct sondei_windows_processor_groups groups = {};
  for (const uint32_t maximum : maximums) EXPECT_TRUE(sondei_windows_add_group(&groups, maximum)) << maximum;
  return groups;
}

struct Row {
  const char *origin;
  std::vector<uint32_t> maximums;
  uint32_t cpu;
  const char *expected;  // "group:number", or "none"
};

TEST(WindowsProcessorGroups, Table) {
  const Row rows[] = {
      {"one group, its first", {8}, 0, "0:0"},
      {"one group, its last", {8}, 7, "0:7"},
      {"one beyond", {8}, 8, "none"},
      {"two groups of 64: the last of the first", {64, 64}, 63, "0:63"},
      {"two groups of 64: the first of the second", {64, 64}, 64, "1:0"},
      {"two groups of 64: the last", {64, 64}, 127, "1:63"},
      {"72 CPUs as 36 and 36, how Windows splits two sockets", {36, 36}, 36, "1:0"},
      {"groups of different size", {32, 48, 64}, 79, "1:47"},
      {"groups of different size", {32, 48, 64}, 80, "2:0"},
      {"a group without CPUs in between", {4, 0, 4}, 4, "2:0"},
      {"the greatest number", {64, 64}, UINT32_MAX, "none"},
      {"no groups", {}, 0, "none"},
  };
  for (const Row &row : rows) {
    const struct sondei_windows_processor_groups groups = Groups(row.maximums);
    struct sondei_windows_processor processor = {99, 98};
    std::string got = "none";
    if (sondei_windows_processor_of(&processor, &groups, row.cpu)) {
      got = std::to_string(processor.group) + ":" + std::to_string(processor.number);
      uint32_t back = 0;
      EXPECT_TRUE(sondei_windows_cpu_of(&back, &groups, processor)) << row.origin;
      EXPECT_EQ(back, row.cpu) << row.origin;
    } else {
      EXPECT_TRUE(processor.group == 99 && processor.number == 98) << row.origin;
      EXPECT_GE(row.cpu, sondei_windows_count_cpus(&groups)) << row.origin;
    }
    EXPECT_EQ(got, row.expected) << row.origin << ", CPU " << row.cpu;
  }
}

TEST(WindowsProcessorGroups, WhatIsNotThereHasNoId) {
  const struct sondei_windows_processor_groups groups = Groups({4, 64});
  uint32_t cpu = 77;
  EXPECT_FALSE(sondei_windows_cpu_of(&cpu, &groups, {0, 4}));
  EXPECT_FALSE(sondei_windows_cpu_of(&cpu, &groups, {1, 64}));
  EXPECT_FALSE(sondei_windows_cpu_of(&cpu, &groups, {2, 0}));
  EXPECT_FALSE(sondei_windows_cpu_of(&cpu, &groups, {65535, 255}));
  EXPECT_EQ(cpu, 77u);
  EXPECT_EQ(sondei_windows_count_cpus(&groups), 68u);
}

TEST(WindowsProcessorGroups, WhatNoWindowsHasIsRefused) {
  struct sondei_windows_processor_groups groups = {};
  EXPECT_FALSE(sondei_windows_add_group(&groups, 65));
  EXPECT_FALSE(sondei_windows_add_group(&groups, UINT32_MAX));
  EXPECT_EQ(groups.count, 0u);
  for (size_t i = 0; i < SONDEI_WINDOWS_GROUPS_MAX; i++) EXPECT_TRUE(sondei_windows_add_group(&groups, 64));
  EXPECT_FALSE(sondei_windows_add_group(&groups, 1));
  EXPECT_EQ(sondei_windows_count_cpus(&groups), 4096u);
}

}  // namespace
