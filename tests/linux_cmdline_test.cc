// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_cmdline.h"
}

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace std::string_literals;

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

TEST(LinuxCmdline, Args) {
  const struct {
    const char *origin;
    std::string text;
    std::vector<std::string> expected;
  } rows[] = {
      {"every program", "cat\0-n\0/etc/passwd\0"s, {"cat", "-n", "/etc/passwd"}},
      {"psutil #1179: one argument with blanks", "only one arg\0"s, {"only one arg"}},
      {"nginx, with setproctitle", "nginx: master process /usr/sbin/nginx"s, {"nginx: master process /usr/sbin/nginx"}},
      {"empty arguments", "a\0\0b\0\0"s, {"a", "", "b", ""}},
      {"no NUL at the end", "a\0b"s, {"a", "b"}},
      {"padded: postgres", "p\0\0\0"s, {"p", "", ""}},
      {"a line end, and no UTF-8", "a\nb\0\xff\xfe\0"s, {"a\nb", "\xff\xfe"}},
      {"argc 0, as the kernel mends it", "\0"s, {""}},
      {"empty", ""s, {}},
  };
  for (const auto &row : rows) {
    sondei_span in = sondei_span_of(row.text.data(), row.text.size());
    EXPECT_EQ(sondei_linux_count_args(in), row.expected.size()) << row.origin;
    std::vector<std::string> args;
    sondei_span arg;
    sondei_parse_error err;
    while (sondei_linux_next_arg(&arg, &err, &in)) args.push_back(Text(arg));
    EXPECT_EQ(args, row.expected) << row.origin;
  }
}

TEST(LinuxCmdline, Variables) {
  const struct {
    const char *origin;
    std::string text;
    std::vector<std::string> expected;
  } rows[] = {
      {"every program", "HOME=/root\0PATH=/bin:/usr/bin\0"s, {"HOME|=|/root", "PATH|=|/bin:/usr/bin"}},
      {"'=' in the value", "A=b=c\0"s, {"A|=|b=c"}},
      {"no value", "A=\0"s, {"A|=|"}},
      {"no '='", "A\0"s, {"A||"}},
      {"no name", "=A\0"s, {"|=|A"}},
      {"padded", "A=1\0\0\0B=2\0\0"s, {"A|=|1", "B|=|2"}},
      {"no NUL at the end", "A=1\0B=2"s, {"A|=|1", "B|=|2"}},
      {"a line end in the value: a shell function", "F=() {\n :\n}\0"s, {"F|=|() {\n :\n}"}},
      {"only padding", "\0\0"s, {}},
      {"empty", ""s, {}},
  };
  for (const auto &row : rows) {
    sondei_span in = sondei_span_of(row.text.data(), row.text.size());
    std::vector<std::string> all;
    struct sondei_linux_variable variable;
    sondei_parse_error err;
    while (sondei_linux_next_variable(&variable, &err, &in)) {
      all.push_back(Text(variable.name) + "|" + (variable.has_value ? "=" : "") + "|" + Text(variable.value));
    }
    EXPECT_EQ(all, row.expected) << row.origin;
  }
}

}  // namespace
