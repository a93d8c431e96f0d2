// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_cgroup.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }
sondei_span Span(const std::string &text) { return sondei_span_of(text.data(), text.size()); }

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = Span(text);
  struct sondei_linux_cgroup row = {};
  sondei_parse_error err;
  while (sondei_linux_next_cgroup(&row, &err, &in)) {
    if (err.expected != nullptr) {
      all += "bad at " + std::to_string(err.position) + ": " + err.expected + "\n";
    } else {
      all += std::to_string(row.hierarchy) + "|" + Text(row.controllers) + "|" + Text(row.path) + "\n";
    }
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

TEST(LinuxCgroup, Table) {
  const Row rows[] = {
      {"a private cgroup namespace, version 2", "0::/\n", "0||/\n"},
      {"a legacy hierarchy without a name or controllers", "7::/a\n", "7||/a\n"},
      {"systemd on version 2", "0::/user.slice/user-1000.slice/session-3.scope\n",
       "0||/user.slice/user-1000.slice/session-3.scope\n"},
      {"hybrid", "9:name=systemd:/\n4:memory:/a/b\n1:cpu,cpuacct:/x\n0::/\n",
       "9|name=systemd|/\n4|memory|/a/b\n1|cpu,cpuacct|/x\n0||/\n"},
      {"names with blanks and colons", "4:memory:/a b/c:d: e\n", "4|memory|/a b/c:d: e\n"},
      {"outside of the namespace", "0::/../../other\n", "0||/../../other\n"},
      {"removed while in use", "0::/gone (deleted)\n", "0||/gone (deleted)\n"},
      {"a bad row loses only itself", "x:memory:/a\n3:pids:/b\n",
       "bad at 0: the number of a cgroup hierarchy\n3|pids|/b\n"},
      {"a number that does not fit", "4294967296:cpu:/\n", "bad at 0: the number of a cgroup hierarchy\n"},
      {"one colon", "1:cpu\n2:pids:/\n", "bad at 5: two colons\n2|pids|/\n"},
      {"no path", "1:cpu:\n", "bad at 6: the path of a cgroup\n"},
      {"a path without a slash", "1:cpu:a/b\n", "bad at 6: the path of a cgroup\n"},
      {"blank lines, no final line end", "\n \n0::/a", "0||/a\n"},
      {"garbage", "\xff\x00:\x01", "bad at 0: the number of a cgroup hierarchy\n"},
      {"truncated", "0:", "bad at 2: two colons\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxCgroup, PositionCountsFromTheCallsInput) {
  const std::string text = "\n\n1:cpu:x\n";
  sondei_span in = Span(text);
  struct sondei_linux_cgroup row = {7, sondei_span_text("before"), sondei_span_text("before")};
  sondei_parse_error err;
  ASSERT_TRUE(sondei_linux_next_cgroup(&row, &err, &in));
  EXPECT_EQ(err.position, 8u);
  EXPECT_EQ(row.hierarchy, 7u) << "untouched";
  EXPECT_EQ(Text(row.path), "before");
}

TEST(LinuxCgroup, ListHas) {
  EXPECT_TRUE(sondei_linux_list_has(Span("rw,cpu,cpuacct"), "cpu"));
  EXPECT_TRUE(sondei_linux_list_has(Span("rw,cpu,cpuacct"), "cpuacct"));
  EXPECT_FALSE(sondei_linux_list_has(Span("rw,cpuacct"), "cpu"));
  EXPECT_FALSE(sondei_linux_list_has(Span("cpuset"), "cpu"));
  EXPECT_FALSE(sondei_linux_list_has(Span(""), "cpu"));
}

const std::string kId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

TEST(LinuxCgroup, PathOf) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;  // version|path|id|engine
  } rows[] = {
      {"version 2", "0::/user.slice\n", "2|/user.slice||"},
      {"version 1: the memory controller's", "5:cpu,cpuacct:/c\n4:memory:/m\n3:pids:/p\n", "1|/m||"},
      {"version 1 without memory: the first", "5:cpu,cpuacct:/c\n3:pids:/p\n", "1|/c||"},
      {"hybrid: version 2's", "4:memory:/m\n1:name=systemd:/s\n0::/u\n", "12|/u||"},
      {"version 2 and systemd's own hierarchy", "1:name=systemd:/s\n0::/u\n", "2|/u||"},
      {"docker on version 1", "4:memory:/docker/" + kId + "\n", "1|/docker/" + kId + "|" + kId + "|docker"},
      {"docker on a hybrid machine whose version 2 it does not use", "4:memory:/docker/" + kId + "\n0::/\n",
       "12|/|" + kId + "|docker"},
      {"podman on version 2", "0::/machine.slice/libpod-" + kId + ".scope/container\n",
       "2|/machine.slice/libpod-" + kId + ".scope/container|" + kId + "|podman"},
      {"bad rows are passed over", "what\n0::/x\n", "2|/x||"},
  };
  for (const auto &row : rows) {
    struct sondei_linux_cgroup_summary out = {};
    ASSERT_TRUE(sondei_linux_cgroup_path_of(&out, Span(row.text))) << row.origin;
    EXPECT_EQ(std::to_string(out.version) + "|" + Text(out.path) + "|" + Text(out.container_id) + "|" +
                  (out.engine != nullptr ? out.engine : ""),
              row.expected)
        << row.origin;
  }
  for (const std::string &nothing : {std::string(""), std::string("\n\n"), std::string("garbage\n")}) {
    struct sondei_linux_cgroup_summary out = {7, sondei_span_text(""), sondei_span_text(""), nullptr};
    EXPECT_FALSE(sondei_linux_cgroup_path_of(&out, Span(nothing)));
    EXPECT_EQ(out.version, 7u) << "untouched";
  }
}

TEST(LinuxCgroup, Below) {
  const struct {
    const char *origin, *root, *path, *expected;  // nullptr: not below
  } rows[] = {
      {"the host: everything is mounted", "/", "/a/b/c", "a/b/c"},
      {"a container without a namespace", "/docker/x", "/docker/x", ""},
      {"a cgroup within that container", "/docker/x", "/docker/x/init.scope", "init.scope"},
      {"the root itself", "/", "/", ""},
      {"another container", "/docker/x", "/docker/y", nullptr},
      {"a name that begins alike", "/docker/x", "/docker/xy", nullptr},
      {"above the root", "/a/b", "/a", nullptr},
      {"a mount from outside of the namespace: parts unknown", "/../..", "/", nullptr},
      {"a mount from outside, and the same outside", "/..", "/../other", "other"},
      {"a process outside of the namespace", "/", "/../other", nullptr},
      {"an id with ../ in it", "/", "/docker/../../etc", nullptr},
      {"doubled slashes", "//a/", "/a//b", "b"},
      {"dots", "/./a", "/a/.", ""},
      {"no slash", "", "a", "a"},
      {"empty", "", "", ""},
  };
  for (const auto &row : rows) {
    sondei_span out = sondei_span_text("before");
    const bool is_below = sondei_linux_cgroup_below(&out, sondei_span_text(row.root), sondei_span_text(row.path));
    EXPECT_EQ(is_below, row.expected != nullptr) << row.origin;
    EXPECT_EQ(Text(out), row.expected != nullptr ? row.expected : "before") << row.origin;
  }
}

}  // namespace
