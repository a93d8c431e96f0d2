// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_meminfo.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

sondei_span Span(const std::string &text) { return sondei_span_of(text.data(), text.size()); }

std::string Rows(const std::string &text) {
  std::string all;
  sondei_span in = Span(text);
  struct sondei_linux_meminfo_row row;
  sondei_parse_error err;
  while (sondei_linux_next_meminfo(&row, &err, &in)) {
    all += std::string(row.key.data, row.key.len) + "=" + std::to_string(row.value) + (row.is_in_bytes ? "B" : "");
    if (err.expected != nullptr) all += " bad at " + std::to_string(err.position) + ": " + err.expected;
    all += "\n";
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

TEST(LinuxMeminfo, Rows) {
  const Row rows[] = {
      {"Linux 6.18", "MemTotal:       24684100 kB\nActive(anon):       1576 kB\n",
       "MemTotal=25276518400B\nActive(anon)=1613824B\n"},
      {"counted, not measured", "HugePages_Total:       3\n", "HugePages_Total=3\n"},
      {"no blank: psutil #2809", "ShadowCallStack:10373888 kB\n", "ShadowCallStack=10622861312B\n"},
      {"a NUMA node's", "Node 0 MemTotal:       24684100 kB\nNode 12 HugePages_Free:      1\n",
       "MemTotal=25276518400B\nHugePages_Free=1\n"},
      {"blank lines", "\n  \nMemFree: 1 kB\n\n", "MemFree=1024B\n"},
      {"a key without a value", "MemTotal:\nMemFree: 1 kB\n", "MemTotal=0 bad at 9: a number\nMemFree=1024B\n"},
      {"no colon", "MemTotal 12 kB\n", "MemTotal 12 kB=0 bad at 0: a colon\n"},
      {"another unit", "MemTotal: 12 MB\n", "MemTotal=0 bad at 12: kB\n"},
      {"a tail", "MemTotal: 12 kB x\n", "MemTotal=0 bad at 12: kB\n"},
      {"negative: a counter that went below", "CmaFree: -1 kB\n", "CmaFree=0 bad at 9: a number\n"},
      {"the largest", "VmallocTotal:   18014398509481983 kB\n", "VmallocTotal=18446744073709550592B\n"},
      {"more bytes than fit", "VmallocTotal:   18014398509481984 kB\n",
       "VmallocTotal=0B bad at 33: a size below 2^64 bytes\n"},
      {"a count of 2^64-1", "HugePages_Total: 18446744073709551615\n", "HugePages_Total=18446744073709551615\n"},
      {"a number that does not fit", "HugePages_Total: 18446744073709551616\n",
       "HugePages_Total=0 bad at 17: a number\n"},
      {"no final line end", "MemTotal: 1 kB", "MemTotal=1024B\n"},
      {"garbage", "\xff\xfe:\x01\n:\n", "\xff\xfe=0 bad at 3: a number\n=0 bad at 1: a number\n"},
      {"truncated", "MemTotal:  12 k", "MemTotal=0 bad at 13: kB\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Rows(row.text), row.expected) << row.origin;
}

TEST(LinuxMeminfo, Whole) {
  struct sondei_linux_meminfo info = {};
  sondei_parse_error err;
  const std::string text =
      "SwapFree: 7 kB\nActive: 1 kB\nActive(file): 2 kB\nMemTotal: 4 kB\nMemTotal: 5 kB\nBuffers:\nBuffers: 3 kB\n"
      "Unknown: 1 kB\nHugePages_Total: 9\n";
  ASSERT_EQ(sondei_linux_parse_meminfo(&info, &err, Span(text)), SONDE_OK);
  EXPECT_EQ(info.value[SONDEI_LINUX_MEMINFO_MEM_TOTAL], 4096u) << "the first counts";
  EXPECT_EQ(info.value[SONDEI_LINUX_MEMINFO_ACTIVE], 1024u);
  EXPECT_EQ(info.value[SONDEI_LINUX_MEMINFO_ACTIVE_FILE], 2048u);
  EXPECT_EQ(info.value[SONDEI_LINUX_MEMINFO_BUFFERS], 3072u) << "the first that is understood";
  EXPECT_EQ(info.value[SONDEI_LINUX_MEMINFO_SWAP_FREE], 7168u) << "in any order";
  EXPECT_EQ(info.value[SONDEI_LINUX_MEMINFO_HUGEPAGES_TOTAL], 9u);
  EXPECT_FALSE(sondei_linux_meminfo_has(&info, SONDEI_LINUX_MEMINFO_MEM_FREE));
  EXPECT_EQ(__builtin_popcount(info.valid), 6);
}

// The kernel's order is the table's: every row is met where it is looked for first.
TEST(LinuxMeminfo, EveryField) {
  const char *const keys[] = {
#define MEMINFO_KEY(name, key) key,
      SONDEI_LINUX_MEMINFO_MAP(MEMINFO_KEY)
#undef MEMINFO_KEY
  };
  std::string forwards, backwards;
  for (size_t i = 0; i < SONDEI_LINUX_MEMINFO_COUNT; i++) {
    const std::string row = std::string(keys[i]) + ": " + std::to_string(i) + "\n";
    forwards += row;
    backwards = row + backwards;
  }
  for (const std::string &text : {forwards, backwards}) {
    struct sondei_linux_meminfo info = {};
    sondei_parse_error err;
    ASSERT_EQ(sondei_linux_parse_meminfo(&info, &err, Span(text)), SONDE_OK);
    EXPECT_EQ(info.valid, (UINT64_C(1) << SONDEI_LINUX_MEMINFO_COUNT) - 1);
    for (size_t i = 0; i < SONDEI_LINUX_MEMINFO_COUNT; i++) EXPECT_EQ(info.value[i], i) << keys[i];
  }
}

TEST(LinuxMeminfo, NoTotalIsAnError) {
  const Row rows[] = {
      {"missing", "MemFree: 1 kB\n", "bad at 14: MemTotal"},
      {"without a value", "MemTotal:\nMemFree: 1 kB\n", "bad at 24: MemTotal"},
      {"too large", "MemTotal: 18014398509481984 kB\n", "bad at 31: MemTotal"},
      {"garbage", "\xff", "bad at 1: MemTotal"},
      {"truncated", "MemTot", "bad at 6: MemTotal"},
      {"empty", "", "bad at 0: MemTotal"},
  };
  for (const Row &row : rows) {
    struct sondei_linux_meminfo info = {};
    info.valid = 4711;
    sondei_parse_error err = {0, nullptr};
    EXPECT_EQ(sondei_linux_parse_meminfo(&info, &err, Span(row.text)), SONDE_ERR_PARSE) << row.origin;
    EXPECT_EQ("bad at " + std::to_string(err.position) + ": " + err.expected, row.expected) << row.origin;
    EXPECT_EQ(info.valid, 4711u) << row.origin;
  }
}

}  // namespace
