// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_pid_limits.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

// "kind soft hard" or "kind bad at N", one line each.
std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_pid_limit limit;
  sondei_parse_error err;
  while (sondei_linux_next_pid_limit(&limit, &err, &in)) {
    all += sonde_limit_name(limit.kind);
    if (err.expected != nullptr) {
      EXPECT_EQ(limit.soft + limit.hard, 0u);
      all += " bad at " + std::to_string(err.position) + "\n";
    } else {
      all += (limit.soft == UINT64_MAX ? " -" : " " + std::to_string(limit.soft)) +
             (limit.hard == UINT64_MAX ? " -" : " " + std::to_string(limit.hard)) + "\n";
    }
  }
  EXPECT_EQ(in.len, 0u);
  return all;
}

TEST(LinuxPidLimits, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"Linux 6.18",
       "Limit                     Soft Limit           Hard Limit           Units     \n"
       "Max cpu time              unlimited            unlimited            seconds   \n"
       "Max file size             1                    2                    bytes     \n"
       "Max data size             3                    4                    bytes     \n"
       "Max stack size            8388608              unlimited            bytes     \n"
       "Max core file size        0                    unlimited            bytes     \n"
       "Max resident set          5                    6                    bytes     \n"
       "Max processes             96365                96366                processes \n"
       "Max open files            1024                 4096                 files     \n"
       "Max locked memory         7                    8                    bytes     \n"
       "Max address space         9                    10                   bytes     \n"
       "Max file locks            11                   12                   locks     \n"
       "Max pending signals       13                   14                   signals   \n"
       "Max msgqueue size         15                   16                   bytes     \n"
       "Max nice priority         0                    0                    \n"
       "Max realtime priority     17                   18                   \n"
       "Max realtime timeout      19                   unlimited            us        \n",
       "cpu - -\nfsize 1 2\ndata 3 4\nstack 8388608 -\ncore 0 -\nrss 5 6\nnproc 96365 96366\nnofile 1024 4096\n"
       "memlock 7 8\nas 9 10\nlocks 11 12\nsigpending 13 14\nmsgqueue 15 16\nnice 0 0\nrtprio 17 18\nrttime 19 -\n"},
      {"a new limit, blank lines", "\nMax frobs   1 2 frobs\n\nMax open files  3 4 files\n", "nofile 3 4\n"},
      {"psutil #513: a soft number with hard unlimited", "Max open files 3 unlimited files\n", "nofile 3 -\n"},
      {"the largest number", "Max data size 18446744073709551614 18446744073709551615 bytes\n",
       "data 18446744073709551614 -\n"},
      {"one bad row among good ones", "Max open files x 4 files\nMax processes 1 2\n", "nofile bad at 16\nnproc 1 2\n"},
      {"too large", "Max open files 18446744073709551616 4\n", "nofile bad at 35\n"},
      {"garbage", "\x01\x02\n\x03", ""},
      {"truncated", "Max open files            1024      ", "nofile bad at 30\n"},
      {"empty", "", ""},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
