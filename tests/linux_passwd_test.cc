// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_passwd.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_passwd row;
  sondei_parse_error err;
  while (sondei_linux_next_passwd(&row, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += std::string(row.name.data, row.name.len) + "|" + std::to_string(row.uid) + "\n";
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

TEST(LinuxPasswd, Table) {
  const Row rows[] = {
      {"Debian 12", "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
       "root|0\nnobody|65534\n"},
      {"BusyBox: no line end", "root::0:0:root:/:/bin/sh", "root|0\n"},
      {"the greatest uid", "max:x:4294967295:0:::\n", "max|4294967295\n"},
      {"a uid beyond", "over:x:4294967296:0:::\nnext:x:1:1:::\n", "bad at 7: a user id|over|0\nnext|1\n"},
      {"a negative uid", "minus:x:-2:0:::\n", "bad at 8: a user id|minus|0\n"},
      {"a uid that goes on", "a:x:12b:0:::\n", "bad at 4: a user id|a|0\n"},
      {"a uid that goes on, at the end", "a:x:1b\n", "bad at 4: a user id|a|0\n"},
      {"no uid", "a:x::0:::\n", "bad at 4: a user id|a|0\n"},
      {"ends after the uid", "short:x:7\n", "short|7\n"},
      {"name service switch", "+::::::\n-bad::::::\n+@group::0:0:::\nroot:x:0:0:::\n",
       "bad at 0: a user name||0\nbad at 0: a user name||0\nbad at 0: a user name||0\nroot|0\n"},
      {"comments and blank lines are no rows", "# users\n\n  \t\nroot:x:0:0:::\n", "root|0\n"},
      {"no name", ":x:0:0:::\n", "bad at 0: a user name||0\n"},
      {"no colon: RELIABILITY A2.2", "rootx00\n", "bad at 0: a user name||0\n"},
      {"10 MB without a colon: RELIABILITY A2.2", std::string(10 << 20, 'a') + "\nroot:x:0:0:::\n",
       "bad at 0: a user name||0\nroot|0\n"},
      {"names are bytes", "m\xc3\xbcller \xff:x:1000:1000:::\n", "m\xc3\xbcller \xff|1000\n"},
      {"garbage", std::string("\xff\x00\x01", 3), "bad at 0: a user name||0\n"},
      {"truncated", "root:x", "bad at 5: a password field|root|0\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxPasswd, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_passwd row = {};
  row.uid = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_of("\n#\n", 3);
  EXPECT_FALSE(sondei_linux_next_passwd(&row, &err, &in));
  EXPECT_EQ(row.uid, 4711u);
}

}  // namespace
