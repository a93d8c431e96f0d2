// SPDX-License-Identifier: MIT
// The lines of `sonde top` and `sonde tree`, without a terminal.
extern "C" {
#include "tools/text_width.h"
#include "tools/top.h"
#include "tools/top_signal.h"
}

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace {

std::string Text(const top_line &line) {
  return std::string(line.text.data == nullptr ? "" : line.text.data, line.text.len);
}

// ---- Lines ----

TEST(TopLine, NumbersStandOnTheRightAndStayWhole) {
  top_line line = {};
  text_add_u64(top_line_begin(&line), 7);
  top_line_end_number(&line, 3, COLOUR_NONE);
  text_add_u64(top_line_begin(&line), 12345);
  top_line_end_number(&line, 3, COLOUR_BAD);
  (void)top_line_begin(&line);
  top_line_end_number(&line, 2, COLOUR_NONE);
  EXPECT_EQ(Text(line), "  712345  ");
  ASSERT_EQ(line.num_spans, 3u);
  EXPECT_EQ(line.spans[0].end, 3u);
  EXPECT_EQ(line.spans[1].colour, COLOUR_BAD);
  top_line_free(&line);
}

TEST(TopLine, WordsAreCutAtWholeCharacters) {
  struct Row {
    const char *text;
    size_t width;
    const char *expected;
  };
  const Row rows[] = {
      {"root", 8, "root    "},
      {"systemd-network", 8, "systemd+"},
      {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 5, "\xe6\x97\xa5\xe6\x9c\xac+"},  // three characters of two columns
      {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, "\xe6\x97\xa5+ "},
      {"x", 1, "x"},
      {"xy", 1, "+"},
      {"xy", 0, ""},
      {"", 2, "  "},
  };
  for (const Row &row : rows) {
    top_line line = {};
    text_add(top_line_begin(&line), row.text);
    top_line_end_word(&line, row.width, COLOUR_NONE);
    EXPECT_EQ(Text(line), row.expected) << row.text << row.width;
    top_line_free(&line);
  }
}

TEST(TopLine, BarsAddUp) {
  top_line line = {};
  const top_bar_part parts[] = {
      {25.0, COLOUR_GOOD}, {25.0, COLOUR_MIDDLING}, {-3.0, COLOUR_BAD}, {0.0 / 1, COLOUR_BAD}};
  top_line_bar(&line, "CPU", 20, parts, 4, "50%");
  EXPECT_EQ(Text(line), "CPU[||||||      50%]");
  top_line_clear(&line);
  const top_bar_part too_much[] = {{80.0, COLOUR_GOOD}, {1e300, COLOUR_BAD}};
  top_line_bar(&line, "", 12, too_much, 2, "");
  EXPECT_EQ(Text(line), "[||||||||||]");
  for (size_t width = 0; width < 12; width++) {
    top_line_clear(&line);
    top_line_bar(&line, "CPU", width, parts, 4, "100.0%");
    EXPECT_EQ(text_width(line.text.data, line.text.len), width < 5 ? 5 : width) << width;
  }
  top_line_free(&line);
}

TEST(TopLine, MoreSpansThanThereIsRoomFor) {
  top_line line = {};
  for (int i = 0; i < 1000; i++) {
    text_add(&line.text, "x");
    top_line_colour(&line, i % 2 == 0 ? COLOUR_GOOD : COLOUR_BAD);
  }
  EXPECT_EQ(line.num_spans, static_cast<size_t>(TOP_LINE_MAX_SPANS));
  EXPECT_EQ(line.spans[line.num_spans - 1].end, 1000u);
  top_line_free(&line);
}

// ---- Branches ----

std::vector<std::string> Branches(const std::vector<uint32_t> &depths, size_t max_columns) {
  tree_branches branches = {};
  branches.ascii = true;
  const auto more = std::make_unique<bool[]>(depths.size());
  tree_branches_look_ahead(&branches, more.get(), depths.data(), depths.size());
  std::vector<std::string> result;
  for (size_t i = 0; i < depths.size(); i++) {
    text_buffer text = {};
    text_add(&text, "");
    tree_branches_add(&branches, &text, depths[i], more[i], max_columns);
    result.emplace_back(text.data == nullptr ? "" : text.data, text.len);
    text_buffer_free(&text);
  }
  tree_branches_free(&branches);
  return result;
}

TEST(TreeBranches, JoinChildrenToTheirParents) {
  EXPECT_EQ(Branches({0, 1, 2, 1, 2, 2, 0, 1}, 100),
            (std::vector<std::string>{"", "|- ", "|  `- ", "`- ", "   |- ", "   `- ", "", "`- "}));
  EXPECT_EQ(Branches({}, 100), std::vector<std::string>{});
  EXPECT_EQ(Branches({0, 0, 0}, 0), (std::vector<std::string>{"", "", ""}));
}

TEST(TreeBranches, TooDeep) {
  const std::vector<uint32_t> depths = {0, 1, 2, 3, 4, 5, 6};
  EXPECT_EQ(Branches(depths, 14), (std::vector<std::string>{"", "`- ", "   `- ", "      `- ", "         `- ",
                                                            "+3         `- ", "+4         `- "}));
  EXPECT_EQ(Branches(depths, 0)[6], "+6      ");
  std::vector<uint32_t> very_deep(100000);
  for (uint32_t i = 0; i < very_deep.size(); i++) very_deep[i] = i;
  EXPECT_EQ(Branches(very_deep, 14).back(), "+99997     `- ");
}

// ---- Signals ----

TEST(TopSignal, NamesAndNumbers) {
  struct Row {
    const char *word;
    int expected;  // 0: there is none
  };
  const Row rows[] = {
      {"9", 9},   {"64", 64},   {"1", 1},        {"TERM", 15}, {"sigterm", 15}, {"SigKill", 9},
      {"0", 0},   {"65", 0},    {"-9", 0},       {"9x", 0},    {"", 0},         {"SIG", 0},
      {"TER", 0}, {"TERMX", 0}, {"99999999", 0}, {"0x9", 0},   {" 9", 0},       {"\xff", 0},
  };
  for (const Row &row : rows) {
    int number = 0;
    EXPECT_EQ(top_signal_read(&number, row.word, strlen(row.word)), row.expected != 0) << row.word;
    EXPECT_EQ(number, row.expected) << row.word;
  }
  EXPECT_STREQ(top_signal_name(15), "SIGTERM");
  EXPECT_EQ(top_signal_name(63), nullptr);
}

// ---- A made-up machine ----

class Machine : public testing::Test {
 protected:
  Machine() {
    memset(&top_, 0, sizeof top_);
    memset(lines_, 0, sizeof lines_);
  }
  ~Machine() override {
    for (top_line &line : lines_) top_line_free(&line);
    // The rows belong to the test: they are not freed with the table.
    memset(&top_.table, 0, sizeof top_.table);
    top_.each_cpu = nullptr;
    top_.samples[0].cpus.rows = nullptr;
    top_close(&top_);
  }

  void SetCpus(size_t count) {
    cpus_.assign(count, {});
    shares_.assign(count, {});
    for (size_t i = 0; i < count; i++) {
      cpus_[i].cpu = static_cast<uint32_t>(i);
      shares_[i].valid = UINT64_MAX;
      shares_[i].user = 60;
      shares_[i].system = 30;
      shares_[i].steal = 10;
      shares_[i].busy = 100;
    }
    top_.samples[0].cpus.rows = cpus_.data();
    top_.samples[0].cpus.count = count;
    top_.each_cpu = shares_.data();
    top_.shares = shares_[0];
    top_.has_memory = true;
    top_.memory.total = UINT64_MAX;
    top_.memory.used = UINT64_MAX / 2;
    top_.has_swap = true;
    top_.has_load = true;
    top_.load.valid = SONDE_LOAD_AVERAGE_LOAD;
    top_.load.load1 = 12345.678;
    top_.times.valid = SONDE_HOST_TIMES_UPTIME;
    top_.times.uptime = UINT64_C(400) * 86400 * SONDE_NSEC_PER_SEC;
    top_.net.told = true;
    top_.net.in = 1e18;
  }

  // pid, parent, name; each has used a second more than the one before, from the last to the first.
  void SetProcesses(const std::vector<std::tuple<sonde_pid, sonde_pid, std::string>> &processes) {
    names_.clear();
    for (const auto &row : processes) names_.push_back(std::get<2>(row));
    rows_.assign(processes.size(), {});
    percents_.assign(processes.size(), 0.0);
    for (size_t i = 0; i < processes.size(); i++) {
      sonde_process &row = rows_[i];
      row.pid = std::get<0>(processes[i]);
      row.ppid = std::get<1>(processes[i]);
      row.start_id = static_cast<uint64_t>(row.pid);
      row.name = {names_[i].data(), names_[i].size()};
      row.cmdline = row.username = row.exe = {"", 0};
      row.valid = SONDE_PROCESS_STAT;
      row.state = SONDE_PROCESS_STATE_SLEEPING;
      row.user_time = (processes.size() - i) * SONDE_NSEC_PER_SEC;
      row.rss = static_cast<uint64_t>(i) << 20;
      percents_[i] = static_cast<double>(i);
    }
    top_.table.rows = rows_.data();
    top_.table.count = rows_.size();
    top_.percents = percents_.data();
    top_.pid_width = 5;
    top_.has_all_details = true;
    top_arrange(&top_);
  }

  std::vector<sonde_pid> Shown() {
    std::vector<sonde_pid> pids;
    for (size_t i = 0; i < top_.num_rows; i++) pids.push_back(top_.table.rows[top_.rows[i]].pid);
    return pids;
  }

  void Filter(const std::string &text) {
    top_.filter.len = 0;
    text_add_printable(&top_.filter, text.data(), text.size());
    top_arrange(&top_);
  }

  top top_;
  top_line lines_[TOP_MAX_HEADER];
  std::vector<sonde_cpu_times> cpus_;
  std::vector<sonde_cpu_percents> shares_;
  std::vector<std::string> names_;
  std::vector<sonde_process> rows_;
  std::vector<double> percents_;
};

TEST_F(Machine, HeaderFitsEveryScreen) {
  for (const size_t count : {size_t{1}, size_t{2}, size_t{7}, size_t{64}, size_t{256}, size_t{4096}}) {
    SetCpus(count);
    SetProcesses({{1, 0, "init"}});
    for (size_t width = 1; width <= 400; width += width < 90 ? 1 : 31) {
      for (const size_t most :
           {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{4}, size_t{6}, size_t{12}, size_t{48}}) {
        const size_t made = top_header(&top_, lines_, most, width);
        ASSERT_LE(made, most) << count << " " << width;
        ASSERT_EQ(made == 0, most == 0);
        for (size_t i = 0; i < made; i++) {
          const bool is_of_bars = Text(lines_[i]).find('[') != std::string::npos && width >= 16;
          if (is_of_bars && Text(lines_[i]).find("user") == std::string::npos) {
            ASSERT_LE(text_width(lines_[i].text.data, lines_[i].text.len), width) << Text(lines_[i]) << "\n" << most;
          }
          ASSERT_EQ(lines_[i].spans[lines_[i].num_spans - 1].end, lines_[i].text.len);
        }
      }
    }
  }
}

TEST_F(Machine, EveryCpuHasABarOrIsCounted) {
  SetCpus(256);
  SetProcesses({{1, 0, "init"}});
  size_t made = top_header(&top_, lines_, 48, 400);
  size_t bars = 0;
  for (size_t i = 4; i < made; i++) {
    for (const char c : Text(lines_[i])) bars += c == '[';
  }
  EXPECT_EQ(bars, 256u);
  made = top_header(&top_, lines_, 12, 80);
  bars = 0;
  std::string text;
  for (size_t i = 5; i < made; i++) {
    for (const char c : Text(lines_[i])) bars += c == '[';
    text += Text(lines_[i]);
  }
  EXPECT_NE(text.find("+" + std::to_string(256 - bars) + " CPUs"), std::string::npos) << text;
}

TEST_F(Machine, RowsAreSorted) {
  SetProcesses({{1, 0, "b"}, {2, 1, "a"}, {3, 1, "c"}, {4, 2, "a"}});
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{4, 3, 2, 1}));
  top_.sort = TOP_BY_TIME;
  top_arrange(&top_);
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{1, 2, 3, 4}));
  top_.sort = TOP_BY_MEMORY;
  top_arrange(&top_);
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{4, 3, 2, 1}));
  top_.sort = TOP_BY_NAME;
  top_arrange(&top_);
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{2, 4, 1, 3}));
  top_.reversed = true;
  top_arrange(&top_);
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{3, 1, 4, 2}));
  top_.sort = TOP_BY_PID;
  top_arrange(&top_);
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{4, 3, 2, 1}));
}

TEST_F(Machine, ManyRowsAreSortedAsByTheStandardLibrary) {
  std::vector<std::tuple<sonde_pid, sonde_pid, std::string>> processes;
  std::vector<sonde_pid> expected;
  for (sonde_pid i = 0; i < 1000; i++) {
    processes.emplace_back(1 + (i * 7919) % 1009, 0, "x");
    expected.push_back(1 + (i * 7919) % 1009);
  }
  SetProcesses(processes);
  top_.sort = TOP_BY_PID;
  for (const size_t count : {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{999}, size_t{1000}}) {
    top_.table.count = count;
    top_arrange(&top_);
    std::vector<sonde_pid> sorted(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(count));
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(Shown(), sorted) << count;
  }
}

TEST_F(Machine, ATreeKeepsTheOrderAmongSiblings) {
  SetProcesses({{1, 0, "init"}, {2, 1, "a"}, {3, 1, "b"}, {4, 2, "c"}, {5, 2, "d"}});
  top_.as_tree = true;
  top_arrange(&top_); /* by the share of the CPU: the last has most */
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{1, 3, 2, 5, 4}));
  Filter("c");
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{1, 2, 4}));  // with its ancestors
  Filter("init");
  EXPECT_EQ(Shown(), (std::vector<sonde_pid>{1}));
  Filter("nobody");
  EXPECT_EQ(Shown(), std::vector<sonde_pid>{});
}

TEST_F(Machine, FilterByPidNameUserAndArguments) {
  SetProcesses({{123, 0, "Xorg"}, {456, 0, "bash"}, {7, 0, "7"}});
  rows_[1].username = {"Someone", 7};
  const sonde_string args[] = {{"sh", 2}, {"-c\0--fast", 9}};
  rows_[2].args = args;
  rows_[2].num_args = 2;
  const std::pair<const char *, std::vector<sonde_pid>> table[] = {
      {"xORG", {123}}, {"23", {123}},  {"one", {456}},      {"--FAST", {7}},
      {"45", {456}},   {"123456", {}}, {"", {7, 456, 123}},
  };
  for (const auto &row : table) {
    Filter(row.first);
    EXPECT_EQ(Shown(), row.second) << row.first;
  }
  top_identity who = {456, 456};
  size_t at = 99;
  EXPECT_TRUE(top_find(&top_, who, &at));
  EXPECT_EQ(at, 1u);
  who.start_id = 455;  // an earlier process of that pid
  EXPECT_FALSE(top_find(&top_, who, &at));
}

TEST_F(Machine, ARowFitsEveryWidth) {
  SetCpus(1);
  SetProcesses({{1, 0, "init"}});
  for (size_t width = 1; width < 200; width++) {
    top_heading(&top_, &lines_[0], width);
    top_process(&top_, &lines_[1], 0, width, 0);
    const std::string heading = Text(lines_[0]);
    const std::string row = Text(lines_[1]);
    EXPECT_EQ(heading.find("COMMAND") == std::string::npos ? heading.find("NAME") : heading.find("COMMAND"),
              row.find("init"))
        << heading << "\n"
        << row;
    EXPECT_EQ(heading.find("CPU%") != std::string::npos, width >= 13) << width;
    EXPECT_EQ(heading.find("PID") != std::string::npos, width >= 7) << width;
    EXPECT_LE(row.find("init"), width);
  }
}

TEST_F(Machine, WhatIsNotToldIsNotShownAsZero) {
  SetProcesses({{1, 0, "gone"}});
  rows_[0].valid = SONDE_PROCESS_NAME;
  rows_[0].status = SONDE_ERR_ACCESS;
  top_process(&top_, &lines_[0], 0, 200, 0);
  EXPECT_EQ(Text(lines_[0]), "    1 -          -   -    -       -       - ?     -     -         - gone (ERR_ACCESS)");
}

TEST_F(Machine, HostileNamesAreEscaped) {
  SetProcesses({{1, 0, std::string("\x1b]0;x\x07\n\xff\x00", 10)}});
  top_process(&top_, &lines_[0], 0, 200, 0);
  for (const char c : Text(lines_[0])) EXPECT_TRUE(c >= 0x20 && c < 0x7f);
  top_process(&top_, &lines_[0], 0, 200, 3);  // what is to the left of the screen
  EXPECT_EQ(Text(lines_[0]).find("\\x1b"), std::string::npos);
}

}  // namespace
