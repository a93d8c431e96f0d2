// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_performance.h"
}

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace {

std::string Number(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; i++) out.push_back(static_cast<char>(value >> 8 * i & 0xff));
  return out;
}

sondei_windows_block Block(const std::string &bytes, size_t pointer_size = 8) {
  return {sondei_span_of(bytes.data(), bytes.size()), 0, pointer_size};
}

struct Counters {
  std::map<std::string, uint64_t> values;
  std::map<std::string, sonde_unit> units;
  size_t count = 0;
};

Counters Read(sondei_windows_counters_class kind, const std::string &bytes, size_t pointer_size = 8) {
  struct sondei_windows_counters in = {kind, Block(bytes, pointer_size), 0};
  struct sondei_windows_counter counter = {};
  Counters out;
  while (sondei_windows_next_counter(&counter, &in)) {
    out.values[counter.name] = counter.value;
    out.units[counter.name] = counter.unit;
    out.count++;
  }
  EXPECT_EQ(out.values.size(), out.count) << "each name once";
  return out;
}

// Words of 4 bytes that hold the offset at which they lie: an answer of `size` bytes.
std::string Offsets(size_t size) {
  std::string out;
  for (size_t at = 0; at < size; at += 4) out += Number(at, 4);
  return out;
}

TEST(WindowsPerformance, SystemPerformanceInformationOfEachWindows) {
  struct Row {
    const char *origin;
    size_t size;
    size_t counters;
    const char *last;
  };
  const Row rows[] = {
      {"Windows XP to Vista, Wine", 312, 65, "SecondLevelTbFills"},
      {"Windows 7", 328, 67, "CcDirtyPageThreshold"},
      {"Windows 8 to 10", 344, 68, "SharedCommittedPages"},
      {"Windows 11 24H2", 376, 72, "ContiguousPagesAllocated"},
      {"one of the future", 400, 72, "ContiguousPagesAllocated"},
      {"cut within a counter", 324, 66, "CcTotalDirtyPages"},
      {"only I/O", 44, 0, ""},
      {"empty", 0, 0, ""},
  };
  for (const Row &row : rows) {
    const Counters read = Read(SONDEI_WINDOWS_PERFORMANCE, Offsets(row.size));
    EXPECT_EQ(read.count, row.counters) << row.origin;
    if (row.counters > 0) {
      EXPECT_EQ(read.values.count(row.last), 1u) << row.origin;
      EXPECT_EQ(read.values.at("AvailablePages"), 44u);
      EXPECT_EQ(read.values.at("PageFaultCount"), 60u);
      EXPECT_EQ(read.values.at("DirtyPagesWriteCount"), 96u);
      EXPECT_EQ(read.values.at("ResidentSystemDriverPage"), 172u);
      EXPECT_EQ(read.values.at("CcDataPages"), 292u);
      EXPECT_EQ(read.units.at("AvailablePages"), SONDE_UNIT_PAGES);
      EXPECT_EQ(read.units.at("PageFaultCount"), SONDE_UNIT_COUNT);
      EXPECT_EQ(read.values.count("ContextSwitches"), 0u);
    }
    if (row.size >= 344) {
      EXPECT_EQ(read.values.at("SharedCommittedPages"), uint64_t{340} << 32 | 336);
    }
  }
  EXPECT_EQ(Read(SONDEI_WINDOWS_PERFORMANCE, Offsets(344), 4).values,
            Read(SONDEI_WINDOWS_PERFORMANCE, Offsets(344), 8).values);
}

TEST(WindowsPerformance, SystemFileCacheInformation) {
  const Counters wide = Read(SONDEI_WINDOWS_FILE_CACHE, Offsets(64));
  const Counters narrow = Read(SONDEI_WINDOWS_FILE_CACHE, Offsets(36), 4);
  EXPECT_EQ(wide.count, 8u);
  EXPECT_EQ(narrow.count, 8u);
  EXPECT_EQ(wide.values.at("PageFaultCount"), 16u);
  EXPECT_EQ(narrow.values.at("PageFaultCount"), 8u);
  EXPECT_EQ(wide.values.at("MinimumWorkingSet"), uint64_t{28} << 32 | 24);
  EXPECT_EQ(narrow.values.at("MinimumWorkingSet"), 12u);
  EXPECT_EQ(wide.values.at("TransitionRePurposeCount"), 56u);
  EXPECT_EQ(narrow.values.at("TransitionRePurposeCount"), 28u);
  EXPECT_EQ(wide.units.at("CurrentSize"), SONDE_UNIT_BYTES);
  EXPECT_EQ(wide.units.at("CurrentSizeIncludingTransitionInPages"), SONDE_UNIT_PAGES);
  EXPECT_EQ(Read(SONDEI_WINDOWS_FILE_CACHE, Offsets(12), 4).count, 3u) << "an old Windows";
}

TEST(WindowsPerformance, SystemMemoryListInformation) {
  const Counters wide = Read(SONDEI_WINDOWS_MEMORY_LIST, Offsets(176));
  const Counters narrow = Read(SONDEI_WINDOWS_MEMORY_LIST, Offsets(88), 4);
  EXPECT_EQ(wide.count, 22u);
  EXPECT_EQ(narrow.count, 22u);
  EXPECT_EQ(Read(SONDEI_WINDOWS_MEMORY_LIST, Offsets(168)).count, 21u) << "Windows 7";
  EXPECT_EQ(wide.values.at("PageCountByPriority[7]"), uint64_t{100} << 32 | 96);
  EXPECT_EQ(narrow.values.at("PageCountByPriority[7]"), 48u);
  EXPECT_EQ(narrow.values.at("ModifiedPageCountPageFile"), 84u);
}

TEST(WindowsPerformance, SchedulerCounts) {
  struct sondei_windows_scheduler_counts counts = {77, 78};
  sondei_parse_error err = {0, nullptr};
  const std::string whole = Offsets(312);
  sondei_windows_block block = Block(whole);
  ASSERT_EQ(sondei_windows_parse_scheduler_counts(&counts, &err, &block), SONDE_OK);
  EXPECT_EQ(counts.context_switches, 296u);
  EXPECT_EQ(counts.system_calls, 308u);
  counts = {77, 78};
  for (const size_t size : {size_t{0}, size_t{296}, size_t{311}}) {
    block.bytes.len = size;
    EXPECT_EQ(sondei_windows_parse_scheduler_counts(&counts, &err, &block), SONDE_ERR_PARSE);
    EXPECT_EQ(err.position, size);
    EXPECT_STREQ(err.expected, "the counts of the scheduler");
    EXPECT_TRUE(counts.context_switches == 77 && counts.system_calls == 78);
  }
}

}  // namespace
