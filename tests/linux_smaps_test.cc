// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_smaps.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return span.len == 0 ? "" : std::string(span.data, span.len); }

std::string Hex(uint64_t value) {
  char text[32];
  snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
  return text;
}

std::string Describe(const struct sondei_linux_mapping &mapping, const sondei_parse_error &err) {
  if (err.expected != nullptr) return "bad at " + std::to_string(err.position) + ": " + err.expected;
  return Hex(mapping.start) + "-" + Hex(mapping.end) + "|" + Text(mapping.perms) + "|" + Hex(mapping.offset) + "|" +
         Hex(mapping.dev_major) + ":" + Hex(mapping.dev_minor) + "|" + std::to_string(mapping.inode) + "|" +
         Text(mapping.path);
}

std::string Maps(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_mapping mapping;
  sondei_parse_error err;
  while (sondei_linux_next_mapping(&mapping, &err, &in)) all += Describe(mapping, err) + "\n";
  EXPECT_EQ(in.len, 0u);
  return all;
}

std::string Smaps(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_smaps row;
  sondei_parse_error err;
  while (sondei_linux_next_smaps(&row, &err, &in)) {
    all += Describe(row.mapping, err) + " " + Hex(row.valid) + ": " + std::to_string(row.rss / 1024) + " " +
           std::to_string(row.pss / 1024) + " " + std::to_string(row.private_dirty / 1024) + "\n";
  }
  EXPECT_EQ(in.len, 0u);
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxSmaps, Maps) {
  const Row rows[] = {
      {"Linux 6.18", "55eeb6d93000-55eeb6d95000 r--p 00002000 fe:00 247278                     /usr/bin/head\n",
       "55eeb6d93000-55eeb6d95000|r--p|2000|fe:0|247278|/usr/bin/head\n"},
      {"anonymous", "7f00-7f01 rw-p 00000000 00:00 0 \n", "7f00-7f01|rw-p|0|0:0|0|\n"},
      {"no path at all", "7f00-7f01 rw-p 00000000 00:00 0", "7f00-7f01|rw-p|0|0:0|0|\n"},
      {"the top of the address space",
       "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n",
       "ffffffffff600000-ffffffffff601000|--xp|0|0:0|0|[vsyscall]\n"},
      {"a named anonymous one", "0-1 rw-p 0 00:00 0 [anon:a b]\n", "0-1|rw-p|0|0:0|0|[anon:a b]\n"},
      {"blanks, a mark and an escape stay", "0-1 rw-s 0 103:1f 5    /a b\\012c (deleted)\n",
       "0-1|rw-s|0|103:1f|5|/a b\\012c (deleted)\n"},
      {"a path that looks like a size", "0-1 rw-s 0 0:0 5 Rss: 99 kB\n", "0-1|rw-s|0|0:0|5|Rss: 99 kB\n"},
      {"one bad row among good ones", "0-1 rw-s 0 0:0 x\n\n1-2 r--p 0 0:0 1\n",
       "bad at 15: an inode\n1-2|r--p|0|0:0|1|\n"},
      {"an address too large", "10000000000000000-1 rw-s 0 0:0 1\n", "bad at 0: an address range\n"},
      {"garbage", "\x01\x02\n", "bad at 0: an address range\n"},
      {"truncated", "7f00-7f01 r--p 0000", "bad at 19: a device\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Maps(row.text), row.expected) << row.origin;
}

TEST(LinuxSmaps, Smaps) {
  const Row rows[] = {
      {"two mappings",
       "0-1 r--p 0 0:0 5 /a\nSize: 8 kB\nRss:   4 kB\nPss: 3 kB\nVmFlags: rd mr mw me \n"
       "1-2 r--p 0 0:0 6 /b\nRss: 2 kB\nPrivate_Dirty: 1 kB\n",
       "0-1|r--p|0|0:0|5|/a 3: 4 3 0\n1-2|r--p|0|0:0|6|/b 21: 2 0 1\n"},
      {"smaps_rollup",
       "55e3c4252000-7ffd2de59000 ---p 00000000 00:00 0                          [rollup]\nRss: 1688 kB\n",
       "55e3c4252000-7ffd2de59000|---p|0|0:0|0|[rollup] 1: 1688 0 0\n"},
      {"psutil #369, #2560: no Rss, empty VmFlags, keys without unit",
       "0-1 r--p 0 0:0 5\nVmFlags:\nProtectionKey:         0\nTHPeligible:    0\n", "0-1|r--p|0|0:0|5| 0: 0 0 0\n"},
      {"a path that looks like a size", "0-1 r--p 0 0:0 5 Rss: 99 kB\nRss: 1 kB\n",
       "0-1|r--p|0|0:0|5|Rss: 99 kB 1: 1 0 0\n"},
      {"a size that is none", "0-1 r--p 0 0:0 5\nRss: x kB\nPss: 1 kB\n1-2 r--p 0 0:0 6\n",
       "bad at 22: a size 2: 0 1 0\n1-2|r--p|0|0:0|6| 0: 0 0 0\n"},
      {"the largest size", "0-1 r--p 0 0:0 5\nRss: 18014398509481983 kB\n",
       "0-1|r--p|0|0:0|5| 1: 18014398509481983 0 0\n"},
      {"a size too large", "0-1 r--p 0 0:0 5\nRss: 18014398509481984 kB\n", "bad at 22: a size 0: 0 0 0\n"},
      {"sizes before any mapping", "Rss: 1 kB\nPss: 1 kB\n", "bad at 0: an address range 2: 0 1 0\n"},
      {"an empty line within", "0-1 r--p 0 0:0 5\n\nRss: 1 kB\n", "0-1|r--p|0|0:0|5| 1: 1 0 0\n"},
      {"garbage", "\x01\n\x02\n", "bad at 0: an address range 0: 0 0 0\n"},
      {"truncated", "0-1 r--p 0 0:0 5 /a\nRss: 1", "0-1|r--p|0|0:0|5|/a 1: 1 0 0\n"},
      {"empty: a kernel thread", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Smaps(row.text), row.expected) << row.origin;
}

TEST(LinuxSmaps, EverySize) {
  const std::string text =
      "0-1 r--p 0 0:0 5\nRss: 1 kB\nPss: 2 kB\nShared_Clean: 3 kB\nShared_Dirty: 4 kB\nPrivate_Clean: 5 kB\n"
      "Private_Dirty: 6 kB\nReferenced: 7 kB\nAnonymous: 8 kB\nSwap: 9 kB\nLocked: 10 kB\nPrivate_Hugetlb: 11 kB\n";
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_smaps row;
  sondei_parse_error err;
  ASSERT_TRUE(sondei_linux_next_smaps(&row, &err, &in));
  EXPECT_EQ(row.valid, (1u << 11) - 1);
  EXPECT_EQ(row.rss, 1u << 10);
  EXPECT_EQ(row.pss, 2u << 10);
  EXPECT_EQ(row.shared_clean, 3u << 10);
  EXPECT_EQ(row.shared_dirty, 4u << 10);
  EXPECT_EQ(row.private_clean, 5u << 10);
  EXPECT_EQ(row.private_dirty, 6u << 10);
  EXPECT_EQ(row.referenced, 7u << 10);
  EXPECT_EQ(row.anonymous, 8u << 10);
  EXPECT_EQ(row.swap, 9u << 10);
  EXPECT_EQ(row.locked, 10u << 10);
  EXPECT_EQ(row.private_hugetlb, 11u << 10);
}

}  // namespace
