// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_pid_status.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

sonde_status Parse(struct sondei_linux_pid_status *row, const std::string &text) {
  sondei_parse_error err;
  return sondei_linux_parse_pid_status(row, &err, sondei_span_of(text.data(), text.size()));
}

// Kept by the caller: the spans lie in it.
const std::string kCat =
    "Name:\tcat\nUmask:\t0022\nState:\tR (running)\nTgid:\t7409\nNgid:\t0\nPid:\t7409\nPPid:\t7407\nTracerPid:\t0\n"
    "Uid:\t1000\t1001\t1002\t1003\nGid:\t100\t101\t102\t103\nFDSize:\t256\nGroups:\t4 24 27 \nNStgid:\t7409\t3\n"
    "NSpid:\t7409\t3\nNSpgid:\t7407\t1\nNSsid:\t19568\t1\nKthread:\t0\nVmPeak:\t    3060 kB\nVmSize:\t    3050 kB\n"
    "VmLck:\t       1 kB\nVmPin:\t       2 kB\nVmHWM:\t    1640 kB\nVmRSS:\t    1630 kB\nRssAnon:\t     112 kB\n"
    "RssFile:\t    1528 kB\nRssShmem:\t       3 kB\nVmData:\t     360 kB\nVmStk:\t     132 kB\nVmExe:\t      20 kB\n"
    "VmLib:\t    1528 kB\nVmPTE:\t      40 kB\nVmSwap:\t       4 kB\nHugetlbPages:\t       5 kB\nCoreDumping:\t0\n"
    "THP_enabled:\t1\nuntag_mask:\t0xffffffffffffffff\nThreads:\t6\nSigQ:\t7/96365\nSigPnd:\t0000000000000001\n"
    "ShdPnd:\t0000000000000002\nSigBlk:\t0000000000000004\nSigIgn:\t0000000000000008\nSigCgt:\tffffffff00000010\n"
    "CapInh:\t0000000000000020\nCapPrm:\t000001fffeffffff\nCapEff:\t0000000000000040\nCapBnd:\t0000000000000080\n"
    "CapAmb:\t0000000000000100\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n"
    "Speculation_Store_Bypass:\tvulnerable\nCpus_allowed:\t3\nCpus_allowed_list:\t0-3,8,10-11\nMems_allowed:\t1\n"
    "Mems_allowed_list:\t0\nvoluntary_ctxt_switches:\t11\nnonvoluntary_ctxt_switches:\t12\n";

TEST(LinuxPidStatus, EveryLine) {
  struct sondei_linux_pid_status row;
  ASSERT_EQ(Parse(&row, kCat), SONDE_OK);
  EXPECT_EQ(row.valid, (UINT64_C(1) << 39) - 1);
  EXPECT_EQ(row.bad, 0u);
  EXPECT_EQ(Text(row.name), "cat");
  EXPECT_EQ(row.umask, 022u);
  EXPECT_EQ(row.state, 'R');
  EXPECT_EQ(row.tgid, 7409);
  EXPECT_EQ(row.ppid, 7407);
  for (uint32_t i = 0; i < 4; i++) {
    EXPECT_EQ(row.uid[i], 1000 + i);
    EXPECT_EQ(row.gid[i], 100 + i);
  }
  EXPECT_EQ(Text(row.groups), "4 24 27");
  EXPECT_EQ(Text(row.nspid), "7409\t3");
  EXPECT_EQ(row.vm_peak, 3060u * 1024);
  EXPECT_EQ(row.vm_lck, 1u * 1024);
  EXPECT_EQ(row.vm_pin, 2u * 1024);
  EXPECT_EQ(row.vm_hwm, 1640u * 1024);
  EXPECT_EQ(row.rss_anon, 112u * 1024);
  EXPECT_EQ(row.rss_file, 1528u * 1024);
  EXPECT_EQ(row.rss_shmem, 3u * 1024);
  EXPECT_EQ(row.vm_stk, 132u * 1024);
  EXPECT_EQ(row.vm_lib, 1528u * 1024);
  EXPECT_EQ(row.vm_pte, 40u * 1024);
  EXPECT_EQ(row.vm_swap, 4u * 1024);
  EXPECT_EQ(row.hugetlb, 5u * 1024);
  EXPECT_EQ(row.threads, 6u);
  EXPECT_EQ(row.sigq, 7u);
  EXPECT_EQ(row.sigq_limit, 96365u);
  EXPECT_EQ(row.sig_pnd, 1u);
  EXPECT_EQ(row.shd_pnd, 2u);
  EXPECT_EQ(row.sig_blk, 4u);
  EXPECT_EQ(row.sig_ign, 8u);
  EXPECT_EQ(row.sig_cgt, 0xffffffff00000010u);
  EXPECT_EQ(row.cap_inh, 0x20u);
  EXPECT_EQ(row.cap_prm, 0x1fffeffffffu);
  EXPECT_EQ(row.cap_eff, 0x40u);
  EXPECT_EQ(row.cap_bnd, 0x80u);
  EXPECT_EQ(row.cap_amb, 0x100u);
  EXPECT_EQ(row.no_new_privs, 1u);
  EXPECT_EQ(row.seccomp, 2u);
  EXPECT_EQ(Text(row.cpus_allowed_list), "0-3,8,10-11");
  EXPECT_EQ(row.voluntary, 11u);
  EXPECT_EQ(row.involuntary, 12u);
  EXPECT_EQ(row.kthread, 0u);
}

// "uid gid threads valid bad".
std::string Ids(const std::string &text) {
  struct sondei_linux_pid_status row;
  if (Parse(&row, text) != SONDE_OK) return "bad";
  const uint64_t looked_at = SONDEI_LINUX_STATUS_UID | SONDEI_LINUX_STATUS_GID | SONDEI_LINUX_STATUS_THREADS;
  std::string told;
  for (const uint64_t mask : {row.valid & looked_at, row.bad & looked_at}) {
    told += mask & SONDEI_LINUX_STATUS_UID ? " u" : " -";
    told += mask & SONDEI_LINUX_STATUS_GID ? "g" : "-";
    told += mask & SONDEI_LINUX_STATUS_THREADS ? "t" : "-";
  }
  return std::to_string(row.uid[0]) + " " + std::to_string(row.gid[0]) + " " + std::to_string(row.threads) + told;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxPidStatus, Forgeries) {
  const std::string rest = "\nUmask:\t0022\nState:\tS (sleeping)\nUid:\t5\t5\t5\t5\nGid:\t6\t6\t6\t6\nThreads:\t7\n";
  const Row rows[] = {
      {"psutil 7.2.2: a process named Uid", "Name:\tUid:\t9\t9\t9\t9" + rest, "5 6 7 ugt ---"},
      {"psutil 7.2.2: a process named Gid", "Name:\tGid:\t8\t8\t8\t8" + rest, "5 6 7 ugt ---"},
      {"psutil 7.2.2: a process named Threads", "Name:\tThreads:\t99" + rest, "5 6 7 ugt ---"},
      {"escaped line end", "Name:\ta\\nUid:\t9\t9\t9\t9" + rest, "5 6 7 ugt ---"},
      {"a kernel that does not escape", "Name:\ta\nUid:\t9\t9\t9\t9\nThreads:\t99" + rest, "5 6 7 ugt ---"},
      {"a kernel that does not escape, half a line", "Name:\ta\nUid:\tx" + rest, "5 6 7 ugt ---"},
      {"a key inside a line", "Name:\ta\nX Uid:\t9\t9\t9\t9\n Threads:\t3\n", "0 0 0 --- ---"},
  };
  for (const Row &row : rows) EXPECT_EQ(Ids(row.text), row.expected) << row.origin;
}

TEST(LinuxPidStatus, Table) {
  const Row rows[] = {
      {"no name line", "Uid:\t1\t2\t3\t4\n", "1 0 0 u-- ---"},
      {"blank lines and unknown keys", "Name:\ta\n\nNew:\tx\n\nGid:\t1\t1\t1\t1\n", "0 1 0 -g- ---"},
      {"more ids than four", "Name:\ta\nUid:\t1\t1\t1\t1\t1\n", "0 0 0 --- u--"},
      {"fewer", "Name:\ta\nUid:\t1\t1\n", "0 0 0 --- u--"},
      {"an id too large", "Name:\ta\nUid:\t4294967296\t1\t1\t1\n", "0 0 0 --- u--"},
      {"the largest", "Name:\ta\nUid:\t4294967295\t1\t1\t1\n", "4294967295 0 0 u-- ---"},
      {"a value that is missing", "Name:\ta\nThreads:\t\n", "0 0 0 --- --t"},
      {"a value with a tail", "Name:\ta\nThreads:\t1 x\n", "0 0 0 --- --t"},
      {"no line end", "Name:\ta\nThreads:\t1", "0 0 1 --t ---"},
      {"garbage", "\x01\xff: x\n", "bad"},
      {"truncated", "Name:\ta\nUid:\t1\t1\t1", "0 0 0 --- u--"},
      {"empty", "", "bad"},
  };
  for (const Row &row : rows) EXPECT_EQ(Ids(row.text), row.expected) << row.origin;
}

TEST(LinuxPidStatus, AnEmptyStateIsBadAndNothingElse) {
  const std::string text = "Name:\ta\nState:\t\nThreads:\t2\n";
  struct sondei_linux_pid_status row;
  sondei_parse_error err;
  ASSERT_EQ(sondei_linux_parse_pid_status(&row, &err, sondei_span_of(text.data(), text.size())), SONDE_OK);
  EXPECT_EQ(row.bad, SONDEI_LINUX_STATUS_STATE);
  EXPECT_EQ(row.valid, SONDEI_LINUX_STATUS_NAME | SONDEI_LINUX_STATUS_THREADS);
  ASSERT_NE(err.expected, nullptr);
  EXPECT_EQ(err.position, text.find("\nThreads"));
}

TEST(LinuxPidStatus, EveryBadLineIsTold) {
  struct sondei_linux_pid_status row;
  ASSERT_EQ(Parse(&row, "Name:\ta\nTgid:\tx\nPPid:\t-2147483649\nSigQ:\t1\nSigPnd:\tg\nUmask:\t9\nThreads:\t1\n"),
            SONDE_OK);
  EXPECT_EQ(row.bad, SONDEI_LINUX_STATUS_TGID | SONDEI_LINUX_STATUS_PPID | SONDEI_LINUX_STATUS_SIGQ |
                         SONDEI_LINUX_STATUS_SIG_PND | SONDEI_LINUX_STATUS_UMASK);
  EXPECT_EQ(row.valid, SONDEI_LINUX_STATUS_NAME | SONDEI_LINUX_STATUS_THREADS);
  const uint64_t kinds = SONDEI_LINUX_STATUS_UMASK | SONDEI_LINUX_STATUS_TGID | SONDEI_LINUX_STATUS_UID |
                         SONDEI_LINUX_STATUS_VM_HWM | SONDEI_LINUX_STATUS_THREADS | SONDEI_LINUX_STATUS_SIGQ |
                         SONDEI_LINUX_STATUS_SIG_PND | SONDEI_LINUX_STATUS_SECCOMP;
  ASSERT_EQ(Parse(&row, "Umask:\t\nTgid:\t\nUid:\t\nVmHWM:\t\nThreads:\t\nSigQ:\t\nSigPnd:\t\nSeccomp:\t\n"), SONDE_OK);
  EXPECT_EQ(row.bad, kinds) << "nothing is no number";
  EXPECT_EQ(row.valid, 0u);
  ASSERT_EQ(Parse(&row, "SigQ:\t7/18446744073709551616\n"), SONDE_OK);
  EXPECT_EQ(row.bad, SONDEI_LINUX_STATUS_SIGQ);
  EXPECT_EQ(row.sigq, 0u) << "nothing of half a value";
}

// The kernel's order is what makes it quick, not what makes it right.
TEST(LinuxPidStatus, LinesInAnyOrder) {
  std::string backwards;
  for (size_t at = 0, end; at < kCat.size(); at = end + 1) {
    end = kCat.find('\n', at);
    if (at > 0) backwards = kCat.substr(at, end + 1 - at) + backwards;
  }
  struct sondei_linux_pid_status row;
  ASSERT_EQ(Parse(&row, backwards), SONDE_OK);
  EXPECT_EQ(row.valid, ((UINT64_C(1) << 39) - 1) & ~SONDEI_LINUX_STATUS_NAME);
  EXPECT_EQ(row.umask, 022u);
  EXPECT_EQ(row.involuntary, 12u);
}

TEST(LinuxPidStatus, MemoryThatOverflowsIsBad) {
  struct sondei_linux_pid_status row;
  ASSERT_EQ(Parse(&row, "Name:\ta\nVmPeak:\t18014398509481983 kB\nVmHWM:\t18014398509481984 kB\n"), SONDE_OK);
  EXPECT_EQ(row.vm_peak, UINT64_C(18446744073709550592));
  EXPECT_EQ(row.vm_hwm, 0u);
  EXPECT_EQ(row.bad, SONDEI_LINUX_STATUS_VM_HWM);
}

TEST(LinuxPidStatus, OutIsUntouchedOnFailure) {
  struct sondei_linux_pid_status row;
  struct sondei_linux_pid_status untouched;
  memset(&row, 0x5a, sizeof row);
  memcpy(&untouched, &row, sizeof row);
  EXPECT_EQ(Parse(&row, "nothing"), SONDE_ERR_PARSE);
  EXPECT_EQ(memcmp(&row, &untouched, sizeof row), 0);
}

TEST(LinuxPidStatus, Numbers) {
  const std::string text = "4 24\t27 ";
  sondei_span in = sondei_span_of(text.data(), text.size());
  sondei_parse_error err;
  std::vector<uint32_t> numbers;
  uint32_t number = 0;
  while (sondei_linux_next_pid_status_number(&number, &err, &in)) numbers.push_back(number);
  EXPECT_EQ(numbers, (std::vector<uint32_t>{4, 24, 27}));
  EXPECT_EQ(err.expected, nullptr);
  in = sondei_span_text("4294967296");
  EXPECT_FALSE(sondei_linux_next_pid_status_number(&number, &err, &in));
  EXPECT_NE(err.expected, nullptr);
}

TEST(LinuxPidStatus, NameWithoutEscapes) {
  const Row rows[] = {
      {"plain", "cat", "cat"},
      {"a line end", "a\\nb", "a\nb"},
      {"a backslash", "a\\\\nb", "a\\nb"},
      {"a lone backslash", "a\\", "a\\"},
      {"no escape", "a\\tb", "a\\tb"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) {
    std::string out(row.text.size(), '?');
    out.resize(sondei_linux_unescape_pid_status_name(&out[0], sondei_span_of(row.text.data(), row.text.size())));
    EXPECT_EQ(out, row.expected) << row.origin;
  }
}

}  // namespace
