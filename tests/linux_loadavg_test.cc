// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_loadavg.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

struct Row {
  const char *origin;
  std::string text;
  double load[3];
  bool has_tasks;
  uint64_t running, total_tasks;
  const char *expected;  // nullptr: understood
  size_t position;
};

TEST(LinuxLoadavg, Table) {
  const Row rows[] = {
      {"Debian 12", "0.57 0.42 0.30 2/1234 5678\n", {0.57, 0.42, 0.30}, true, 2, 1234, nullptr, 0},
      {"a busy machine", "1024.99 12.00 0.01 1025/99999 4194304\n", {1024.99, 12, 0.01}, true, 1025, 99999, nullptr, 0},
      {"lxcfs without tasks", "0.00 0.00 0.00\n", {0, 0, 0}, false, 0, 0, nullptr, 0},
      {"tasks that are cut", "0.10 0.20 0.30 2/\n", {0.1, 0.2, 0.3}, false, 0, 0, nullptr, 0},
      {"tasks that are none", "0.10 0.20 0.30 x/1 2\n", {0.1, 0.2, 0.3}, false, 0, 0, nullptr, 0},
      {"no fraction", "1 2 3 1/1 1\n", {1, 2, 3}, true, 1, 1, nullptr, 0},
      {"a decimal comma is none", "0,57 0,42 0,30 2/3 4\n", {}, false, 0, 0, "a load average", 1},
      {"an average too great to be one", "9007199255 0 0\n", {}, false, 0, 0, "a load average", 0},
      {"negative", "-0.01 0 0 1/1 1\n", {}, false, 0, 0, "a load average", 0},
      {"garbage", "\xff\xfe", {}, false, 0, 0, "a load average", 0},
      {"truncated", "0.57 0.42", {}, false, 0, 0, "a load average", 9},
      {"empty", "", {}, false, 0, 0, "a load average", 0},
  };
  for (const Row &row : rows) {
    SCOPED_TRACE(row.origin);
    struct sondei_linux_loadavg out = {{-1, -1, -1}, true, 7, 8};
    sondei_parse_error err = {0, nullptr};
    const sonde_status status =
        sondei_linux_parse_loadavg(&out, &err, sondei_span_of(row.text.data(), row.text.size()));
    if (row.expected != nullptr) {
      EXPECT_EQ(status, SONDE_ERR_PARSE);
      EXPECT_STREQ(err.expected, row.expected);
      EXPECT_EQ(err.position, row.position);
      EXPECT_TRUE(out.load[0] == -1 && out.load[2] == -1 && out.has_tasks && out.running == 7 && out.total_tasks == 8);
      continue;
    }
    EXPECT_EQ(status, SONDE_OK);
    for (int i = 0; i < 3; i++) EXPECT_EQ(out.load[i], row.load[i]);
    EXPECT_EQ(out.has_tasks, row.has_tasks);
    EXPECT_EQ(out.running, row.running);
    EXPECT_EQ(out.total_tasks, row.total_tasks);
  }
}

}  // namespace
