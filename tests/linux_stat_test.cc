// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_stat.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Cpus(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_stat_cpu row;
  sondei_parse_error err;
  while (sondei_linux_next_stat_cpu(&row, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += row.cpu == SONDE_CPU_TOTAL ? "all" : std::to_string(row.cpu);
    for (size_t i = 0; i < row.num_columns; i++) all += " " + std::to_string(row.ticks[i]);
    for (size_t i = row.num_columns; i < SONDEI_LINUX_STAT_COLUMNS; i++) EXPECT_EQ(row.ticks[i], 0u);
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

TEST(LinuxStat, Cpus) {
  const Row rows[] = {
      {"Linux 6.1", "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5 0 5\nctxt 7\n",
       "all 1 2 3 4 5 6 7 8 9 10\n0 1 2 3 4 5 6 7 8 9 10\n"},
      {"Linux 2.4: 4 columns", "cpu  1 2 3 4\ncpu0 1 2 3 4\n", "all 1 2 3 4\n0 1 2 3 4\n"},
      {"Linux 2.6.0: 7 columns", "cpu  1 2 3 4 5 6 7\n", "all 1 2 3 4 5 6 7\n"},
      {"Linux 2.6.11: 8 columns", "cpu  1 2 3 4 5 6 7 8\n", "all 1 2 3 4 5 6 7 8\n"},
      {"Linux 2.6.24: 9 columns", "cpu  1 2 3 4 5 6 7 8 9\n", "all 1 2 3 4 5 6 7 8 9\n"},
      {"a kernel to come: 12 columns", "cpu  1 2 3 4 5 6 7 8 9 10 11 x\n", "all 1 2 3 4 5 6 7 8 9 10\n"},
      {"offline CPUs: psutil loses the number", "cpu  4 4 4 4\ncpu0 1 1 1 1\ncpu2 3 3 3 3\n",
       "all 4 4 4 4\n0 1 1 1 1\n2 3 3 3 3\n"},
      {"lxcfs: only the sum", "cpu  1 2 3 4 5 6 7 8 9 10\nbtime 1\n", "all 1 2 3 4 5 6 7 8 9 10\n"},
      {"no sum", "cpu0 1 2 3 4\n", "0 1 2 3 4\n"},
      {"counters at their greatest", "cpu0 18446744073709551615 0 0 0\n", "0 18446744073709551615 0 0 0\n"},
      {"a counter beyond", "cpu0 1 18446744073709551616 0 0\ncpu1 1 1 1 1\n",
       "bad at 7: a number of ticks|0 1\n1 1 1 1 1\n"},
      {"a counter that is none", "cpu0 1 -2 3 4\n", "bad at 7: a number of ticks|0 1\n"},
      {"a counter that goes on", "cpu0 1 2x 3 4\n", "bad at 7: a number of ticks|0 1\n"},
      {"a counter that goes on, at the end", "cpu0 1 2x\n", "bad at 7: a number of ticks|0 1\n"},
      {"a CPU number that goes on, at the end", "cpu1x\n", "bad at 3: a blank|all\n"},
      {"one column; a number of nines; tabs", "cpu\t5\ncpu9\t6\t7\n", "all 5\n9 6 7\n"},
      {"a sum without columns", "cpu\n", "bad at 3: a number of ticks|all\n"},
      {"no columns", "cpu0\ncpu1 \n", "bad at 4: a number of ticks|0\nbad at 5: a number of ticks|1\n"},
      {"a CPU number beyond", "cpu4294967296 1 2 3 4\n", "bad at 3: a CPU number|all\n"},
      {"the mark of the sum is no CPU", "cpu4294967295 1 2 3 4\n", "bad at 3: a CPU number|all\n"},
      {"a CPU number that goes on", "cpu1x 1 2 3 4\n", "bad at 3: a blank|all\n"},
      {"other words with cpu", "cpufreq 1 2 3\ncpu_x 1\ncpu1 1 2 3 4\n", "1 1 2 3 4\n"},
      {"blank lines", "\n\ncpu0 1 2 3 4\n\n", "0 1 2 3 4\n"},
      {"garbage", std::string("\xff\x00\ncpu\xff", 7), ""},
      {"truncated", "cpu  1 2 3 4\ncpu0 1 2", "all 1 2 3 4\n0 1 2\n"},
      {"truncated in the name", "cp", ""},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Cpus(row.text), row.expected) << row.origin;
}

std::string Counters(const std::string &text) {
  struct sondei_linux_stat out = {};
  out.ctxt = 4711;
  sondei_parse_error err = {9, "x"};
  if (sondei_linux_parse_stat(&out, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(out.ctxt, 4711u);
    EXPECT_EQ(out.valid, 0u);
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  std::string all;
  if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
  if (out.valid & SONDEI_LINUX_STAT_INTR) all += " intr " + std::to_string(out.intr);
  if (out.valid & SONDEI_LINUX_STAT_CTXT) all += " ctxt " + std::to_string(out.ctxt);
  if (out.valid & SONDEI_LINUX_STAT_BTIME) all += " btime " + std::to_string(out.btime);
  if (out.valid & SONDEI_LINUX_STAT_PROCESSES) all += " processes " + std::to_string(out.processes);
  if (out.valid & SONDEI_LINUX_STAT_PROCS_RUNNING) all += " running " + std::to_string(out.procs_running);
  if (out.valid & SONDEI_LINUX_STAT_PROCS_BLOCKED) all += " blocked " + std::to_string(out.procs_blocked);
  if (out.valid & SONDEI_LINUX_STAT_SOFTIRQS) all += " softirq " + std::to_string(out.softirq);
  return all;
}

TEST(LinuxStat, Counters) {
  std::string long_intr = "intr 123";
  for (int i = 0; i < 100000; i++) long_intr += " 0";
  const Row rows[] = {
      {"Linux 6.1",
       "cpu  1 2 3 4\nintr 5 0 5\nctxt 7\nbtime 1700000000\nprocesses 8\nprocs_running 2\nprocs_blocked 1\n"
       "softirq 9 1 2\n",
       " intr 5 ctxt 7 btime 1700000000 processes 8 running 2 blocked 1 softirq 9"},
      {"a very long intr line", long_intr + "\nctxt 7\n", " intr 123 ctxt 7"},
      {"without ctxt and intr: psutil gives None", "cpu  1 2 3 4\nbtime 5\n", " btime 5"},
      {"beyond 2^32", "ctxt 18446744073709551615\n", " ctxt 18446744073709551615"},
      {"beyond 2^64", "ctxt 18446744073709551616\nbtime 5\n", "bad at 5: a count| btime 5"},
      {"a number that goes on", "ctxt 5x\nintr 3\t4\n", "bad at 5: a count| intr 3"},
      {"no number", "ctxt\nbtime x\nintr 3\n", "bad at 11: a count| intr 3"},
      {"unknown lines, and keys inside lines", "page 1 2\nswap 3 4\ndisk_io: ctxt 4\nxctxt 1\nctxt 5\n", " ctxt 5"},
      {"only CPUs", "cpu  1 2 3 4\n", "bad at 13: a counter"},
      {"garbage", std::string("\xff\x00\n", 3), "bad at 3: a counter"},
      {"truncated", "btime", "bad at 5: a count"},
      {"empty", "", "bad at 0: a counter"},
  };
  for (const Row &row : rows) EXPECT_EQ(Counters(row.text), row.expected) << row.origin;
}

TEST(LinuxStat, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_stat_cpu row = {};
  row.cpu = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_of("intr 1\n", 7);
  EXPECT_FALSE(sondei_linux_next_stat_cpu(&row, &err, &in));
  EXPECT_EQ(row.cpu, 4711u);
}

}  // namespace
