// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_vmstat.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  static const char *const units[] = {"", "B", " pages", "ns"};
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_vmstat row;
  sondei_parse_error err;
  while (sondei_linux_next_vmstat(&row, &err, &in)) {
    all += std::string(row.name.data, row.name.len) + "=" + std::to_string(row.value) + units[row.unit];
    if (err.expected != nullptr) all += " bad at " + std::to_string(err.position) + ": " + err.expected;
    all += "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

TEST(LinuxVmstat, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"zswap counts pages too", "zswpin 1\nzswpwb 2\n", "zswpin=1 pages\nzswpwb=2 pages\n"},
      {"pages", "nr_free_pages 12\npswpin 3\npswpout 4\n", "nr_free_pages=12 pages\npswpin=3 pages\npswpout=4 pages\n"},
      {"KiB", "pgpgin 2\npgpgout 3\nnr_kernel_stack 4\nnr_shadow_call_stack 5\n",
       "pgpgin=2048B\npgpgout=3072B\nnr_kernel_stack=4096B\nnr_shadow_call_stack=5120B\n"},
      {"events and huge pages", "pgfault 7\nnr_tlb_remote_flush 8\nnr_anon_transparent_hugepages 9\noom_kill 0\n",
       "pgfault=7\nnr_tlb_remote_flush=8\nnr_anon_transparent_hugepages=9\noom_kill=0\n"},
      {"short row", "pswpin\npgfault 1\n", "pswpin=0 pages bad at 6: a number\npgfault=1\n"},
      {"more bytes than fit", "pgpgin 18014398509481984\npgfault 18446744073709551615\n",
       "pgpgin=0B bad at 0: a size below 2^64 bytes\npgfault=18446744073709551615\n"},
      {"the most bytes", "pgpgin 18014398509481983\n", "pgpgin=18446744073709550592B\n"},
      {"a blank line before a bad row", "\npgpgin 18014398509481984\n",
       "pgpgin=0B bad at 1: a size below 2^64 bytes\n"},
      {"huge pages and events, all of Linux 6.1",
       "nr_shmem_hugepages 1\nnr_shmem_pmdmapped 2\nnr_file_hugepages 3\n"
       "nr_file_pmdmapped 4\nnr_tlb_local_flush_all 5\n",
       "nr_shmem_hugepages=1\nnr_shmem_pmdmapped=2\nnr_file_hugepages=3\nnr_file_pmdmapped=4\nnr_tlb_local_flush_all="
       "5\n"},
      {"garbage", "\xff\x01\n", "\xff\x01=0 bad at 2: a number\n"},
      {"truncated", "pgfau", "pgfau=0 bad at 5: a number\n"},
      {"empty", "", ""},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
