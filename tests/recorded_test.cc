// SPDX-License-Identifier: MIT
// Recorded machines: every call that answers from files gives the answer that was reviewed,
// tests/fixtures/NAME.expected. To write these anew, from the top of the tree: bazel build //tests:recorded_test,
// out/bin/tests/recorded_test --update
#include <gtest/gtest.h>
#include <string.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "tests/support/calls.h"
#include "tests/support/context.h"
#include "tests/support/recording.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Call;
using sonde_test::CallKind;
using sonde_test::Context;
using sonde_test::Snapshot;
using sonde_test::Subject;
using sonde_test::Tree;

bool g_update = false;

// One call's answer, as a member of the object that `text` is becoming.
void add_answer(std::string *text, const Call &call, const std::string &name, const Subject &subject) {
  const std::unique_ptr<sonde_test::Caller> caller = call.make();
  Snapshot answer = caller->call(subject);
  // A file system gives its entries in an order of its own: what is found by a walk has none that could be expected.
  for (const char *walk : {"pid", "process", "sensor", "battery", "device", "if_stats", "thread", "open_file"}) {
    if (std::string(call.name).find(walk) == std::string::npos) continue;
    // By key, and rows of one key as they came. (What std::stable_sort needs is deprecated, clang says.)
    std::multimap<std::string, sonde_test::Row> sorted;
    for (const sonde_test::Row &row : answer.rows) sorted.emplace(row.key, row);
    answer.rows.clear();
    for (const auto &[key, row] : sorted) answer.rows.push_back(row);
    break;
  }
  for (const std::string &broken : answer.broken) ADD_FAILURE() << name << ": " << broken;
  *text += text->size() == 1 ? "\n" : ",\n";
  *text += sonde_test::json_string(name) + ": " + answer.json();
}

std::string answers(const Tree &tree, sonde *context, const sonde_options *options) {
  Subject subject;
  subject.context = context;
  subject.options = options;
  subject.pid = 1;
  std::string text = "{";
  for (const Call &call : sonde_test::all_calls()) {
    if (call.kind != CallKind::kSystem || !sonde_test::is_steady_on_a_recording(call)) continue;
    add_answer(&text, call, call.name, subject);
  }
  sonde_test::List<sonde_pid_list> pids;
  EXPECT_EQ(sonde_pid_list_get(context, &pids), SONDE_OK);
  std::vector<sonde_pid> sorted(pids.begin(), pids.end());
  std::sort(sorted.begin(), sorted.end());
  for (const sonde_pid pid : sorted) {
    const sonde_test::Handle handle(context, pid);
    subject.pid = pid;
    subject.handle = handle;
    for (const Call &call : sonde_test::all_calls()) {
      if (call.kind != CallKind::kProcess || std::string(call.name) == "sonde_process_read") continue;
      add_answer(&text, call, std::string(call.name) + " of " + std::to_string(pid), subject);
    }
  }
  text += "\n}\n";
  // Where the tree lies is different each time.
  for (size_t at = text.find(tree.path()); at != std::string::npos; at = text.find(tree.path(), at)) {
    text.replace(at, tree.path().size(), "");
  }
  return text;
}

class Recorded : public testing::TestWithParam<std::string> {};

TEST_P(Recorded, AnswersAsExpected) {
  const std::string path = sonde_test::fixture_path(GetParam() + ".expected");
  Tree tree;
  sonde_test::Refusals refusals;
  sonde_test::unpack_machine(&tree, GetParam(), &refusals);
  sonde_test::RefusingOs os;
  for (const auto &[refused, code] : refusals) os.refuse_path(tree.at(refused), code);
  tree.options()->os_override = os.override();
  Context context(tree.options());
  const std::string got = answers(tree, context, tree.options());
  if (g_update) {
    std::ofstream(path, std::ios::binary) << got;
    return;
  }
  const std::string expected = sonde_test::read_file(path);
  ASSERT_FALSE(expected.empty()) << path << " is missing: --update writes it";
  std::istringstream got_lines(got), expected_lines(expected);
  int different = 0;
  for (int number = 1; got_lines || expected_lines; number++) {
    std::string got_line, expected_line;
    std::getline(got_lines, got_line);
    std::getline(expected_lines, expected_line);
    if (got_line != expected_line && different++ < 5) {
      ADD_FAILURE() << path << ":" << number << "\n  expected " << expected_line << "\n  got      " << got_line;
    }
  }
  EXPECT_EQ(different, 0) << "lines of " << path;
  EXPECT_TRUE(got == expected);
}

INSTANTIATE_TEST_SUITE_P(Machines, Recorded, testing::ValuesIn(sonde_test::recorded_machines()),
                         [](const testing::TestParamInfo<std::string> &machine) { return machine.param; });

TEST(Recording, SaysWhatIsWrong) {
  const struct {
    const char *text;
    const char *wrong;
  } rows[] = {
      {"sonde recording 1\nf a/b\n|one\\x00\\\\\n|two\\\nl c\n|/some where\nd e\n", ""},
      {"", "empty"},
      {"sonde recording 2\n", "line 1: not a recording"},
      {"sonde recording 1\nf ../x\n", "line 2: a path that cannot be"},
      {"sonde recording 1\nf /x\n", "line 2: a path that cannot be"},
      {"sonde recording 1\n|x\n", "line 2: contents of nothing"},
      {"sonde recording 1\nf x\n|\\n\n", "line 3: unknown escape"},
      {"sonde recording 1\nx\n", "line 2: neither f, d, l, e nor |"},
      {"sonde recording 1\ne a\n|EACCES\\\ne b\n|ENOTHING\\\nf c\n", "line 6: an unknown errno before it"},
      {"sonde recording 1\ne a\n|\n", "the end: an unknown errno before it"},
  };
  sonde_test::Refusals refusals;
  for (const auto &row : rows) {
    Tree tree;
    refusals.clear();
    EXPECT_EQ(sonde_test::unpack_recording(&tree, row.text, &refusals), row.wrong);
  }
  Tree tree;
  sonde_test::unpack_recording(&tree, rows[0].text);
  EXPECT_EQ(sonde_test::read_file(tree.at("a/b")), std::string("one\0\\\ntwo", 9));
  Tree refusing;
  EXPECT_EQ(sonde_test::unpack_recording(&refusing, "sonde recording 1\ne a\n|EACCES\\\ne b/c\n|EIO\\\n", &refusals),
            "");
  EXPECT_EQ(refusals, (sonde_test::Refusals{{"a", EACCES}, {"b/c", EIO}}));
}

}  // namespace

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  g_update = argc > 1 && strcmp(argv[1], "--update") == 0;
  return RUN_ALL_TESTS();
}
