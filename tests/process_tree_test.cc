// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

struct Who {
  sonde_pid pid;
  sonde_pid ppid;
  uint64_t start_id;
  uint64_t valid;
};

constexpr uint64_t kBoth = SONDE_PROCESS_PPID | SONDE_PROCESS_START_TIME;

class Table {
 public:
  explicit Table(const std::vector<Who> &processes) {
    for (const Who &who : processes) {
      sonde_process row;
      memset(&row, 0, sizeof row);
      row.pid = who.pid;
      row.ppid = who.ppid;
      row.start_id = who.start_id;
      row.valid = who.valid;
      rows_.push_back(row);
    }
    table_.rows = rows_.data();
    table_.count = rows_.size();
    table_.bad = 0;
    table_.memory = nullptr;
  }

  const sonde_process_table *get() const { return &table_; }

  std::vector<size_t> Children(sonde_pid pid, bool recursive) const {
    size_t count = SIZE_MAX;
    const sonde_status asked = sonde_process_table_children(&table_, nullptr, 0, &count, pid, recursive);
    EXPECT_EQ(asked, count == 0 ? SONDE_OK : SONDE_ERR_INVALID);
    std::vector<size_t> out(count + 1, 4711);
    if (count > 0) {
      size_t again = 0;
      EXPECT_EQ(sonde_process_table_children(&table_, out.data(), count - 1, &again, pid, recursive),
                SONDE_ERR_INVALID);
      EXPECT_EQ(again, count);
      EXPECT_EQ(out[0], 4711u);
    }
    size_t again = SIZE_MAX;
    EXPECT_EQ(sonde_process_table_children(&table_, out.data(), count, &again, pid, recursive), SONDE_OK);
    EXPECT_EQ(again, count);
    EXPECT_EQ(out[count], 4711u);
    out.resize(count);
    return out;
  }

  // "1 .2 ..3": pids with their depth as dots.
  std::string Tree() const {
    std::vector<size_t> order(table_.count + 1, 4711);
    std::vector<size_t> scratch(table_.count + 1, 4711);
    std::vector<uint32_t> depth(table_.count + 1, 4711);
    sonde_process_table_tree(&table_, order.data(), depth.data(), scratch.data());
    EXPECT_EQ(order[table_.count], 4711u);
    EXPECT_EQ(scratch[table_.count], 4711u);
    EXPECT_EQ(depth[table_.count], 4711u);
    std::string text;
    for (size_t i = 0; i < table_.count; i++) {
      if (order[i] >= table_.count) return "not a row";
      text += (i > 0 ? " " : "") + std::string(depth[i], '.') + std::to_string(rows_[order[i]].pid);
    }
    return text;
  }

 private:
  std::vector<sonde_process> rows_;
  sonde_process_table table_;
};

const struct {
  const char *origin;
  std::vector<Who> processes;
  const char *tree;
} kTrees[] = {
    {"nobody", {}, ""},
    {"one", {{1, 0, 0, kBoth}}, "1"},
    {"a family",
     {{1, 0, 0, kBoth}, {2, 1, 1, kBoth}, {3, 2, 2, kBoth}, {4, 1, 3, kBoth}, {5, 2, 4, kBoth}},
     "1 .2 ..3 ..5 .4"},
    {"init and kthreadd", {{1, 0, 0, kBoth}, {2, 0, 0, kBoth}, {3, 2, 0, kBoth}, {9, 1, 5, kBoth}}, "1 .9 2 .3"},
    {"the youngest first, as on macOS",
     {{5, 2, 4, kBoth}, {4, 1, 3, kBoth}, {3, 2, 2, kBoth}, {2, 1, 1, kBoth}, {1, 0, 0, kBoth}},
     "1 .4 .2 ..5 ..3"},
    {"pids that have wrapped", {{300, 1, 1, kBoth}, {1, 0, 0, kBoth}, {7, 300, 9, kBoth}}, "1 .300 ..7"},
    {"the parent's pid was used again: it is younger",
     {{1, 0, 0, kBoth}, {2, 1, 50, kBoth}, {3, 2, 10, kBoth}},
     "1 .2 3"},
    {"started in the same tick", {{1, 0, 5, kBoth}, {2, 1, 5, kBoth}}, "1 .2"},
    {"start times unknown", {{1, 0, 50, SONDE_PROCESS_PPID}, {2, 1, 10, SONDE_PROCESS_PPID}}, "1 .2"},
    {"parents unknown", {{1, 0, 0, kBoth}, {2, 1, 1, 0}, {3, 2, 2, kBoth}}, "1 2 .3"},
    {"pid 0 is its own parent: FreeBSD, Windows", {{0, 0, 0, kBoth}, {1, 0, 0, kBoth}, {2, 1, 1, kBoth}}, "0 .1 ..2"},
    {"an orphan of another namespace", {{5, 0, 0, kBoth}, {6, 4, 1, kBoth}}, "5 6"},
    {"a cycle of two", {{1, 2, 0, kBoth}, {2, 1, 0, kBoth}}, "1 .2"},
    {"a cycle of three with a tail on both sides",
     {{9, 4, 7, kBoth}, {4, 6, 7, kBoth}, {5, 4, 7, kBoth}, {6, 5, 7, kBoth}, {8, 5, 7, kBoth}},
     "4 .9 .5 ..6 ..8"},
    {"two cycles, entered from outside at their ends",
     {{1, 3, 0, kBoth},
      {2, 1, 0, kBoth},
      {3, 2, 0, kBoth},
      {4, 6, 0, kBoth},
      {5, 4, 0, kBoth},
      {6, 5, 0, kBoth},
      {7, 6, 0, kBoth},
      {8, 2, 0, kBoth}},
     "1 .2 ..3 ..8 4 .5 ..6 ...7"},
    {"the same pid twice: the first counts",
     {{1, 0, 0, kBoth}, {2, 1, 0, kBoth}, {2, 1, 1, kBoth}, {3, 2, 2, kBoth}},
     "1 .2 ..3 .2"},
    {"garbage",
     {{-1, -1, 0, kBoth}, {INT64_MAX, -5, 0, kBoth}, {INT64_MIN, INT64_MAX, 0, kBoth}},
     "-1 9223372036854775807 .-9223372036854775808"},
};

TEST(ProcessTree, Table) {
  for (const auto &row : kTrees) EXPECT_EQ(Table(row.processes).Tree(), row.tree) << row.origin;
}

const std::vector<Who> kFamily = {{1, 0, 0, kBoth}, {2, 1, 1, kBoth}, {3, 2, 2, kBoth}, {4, 1, 3, kBoth},
                                  {5, 2, 4, kBoth}, {6, 4, 5, kBoth}, {7, 3, 6, kBoth}, {8, 7, 7, kBoth}};

TEST(ProcessTree, Children) {
  const Table table(kFamily);
  EXPECT_EQ(table.Children(1, false), (std::vector<size_t>{1, 3}));
  EXPECT_EQ(table.Children(1, true), (std::vector<size_t>{1, 3, 2, 4, 5, 6, 7}));
  EXPECT_EQ(table.Children(2, true), (std::vector<size_t>{2, 4, 6, 7}));
  EXPECT_EQ(table.Children(8, true), (std::vector<size_t>{}));
  size_t count = 4711;
  EXPECT_EQ(sonde_process_table_children(table.get(), nullptr, 0, &count, 99, true), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(count, 4711u);
}

TEST(ProcessTree, ChildrenOfATableInAnotherOrder) {
  std::vector<Who> reversed(kFamily.rbegin(), kFamily.rend());
  EXPECT_EQ(Table(reversed).Children(1, true), (std::vector<size_t>{4, 6, 2, 3, 5, 1, 0}));
}

TEST(ProcessTree, ChildrenInACycle) {
  const Table table({{1, 3, 0, kBoth}, {2, 1, 0, kBoth}, {3, 2, 0, kBoth}, {4, 3, 0, kBoth}, {5, 5, 0, kBoth}});
  EXPECT_EQ(table.Children(1, true), (std::vector<size_t>{1, 2, 3}));
  EXPECT_EQ(table.Children(4, true), (std::vector<size_t>{}));
  EXPECT_EQ(table.Children(5, true), (std::vector<size_t>{}));
  EXPECT_EQ(table.Children(2, false), (std::vector<size_t>{2}));
}

TEST(ProcessTree, FindAndParent) {
  const Table table(kFamily);
  EXPECT_EQ(sonde_process_table_find(table.get(), 4), 3u);
  EXPECT_EQ(sonde_process_table_find(table.get(), 99), SIZE_MAX);
  EXPECT_EQ(sonde_process_table_parent(table.get(), 4), 1u);
  EXPECT_EQ(sonde_process_table_parent(table.get(), 0), SIZE_MAX);
  EXPECT_EQ(sonde_process_table_parent(table.get(), 99), SIZE_MAX);
  EXPECT_EQ(sonde_process_table_parent(table.get(), kFamily.size()), SIZE_MAX);
  EXPECT_EQ(sonde_process_table_parent(nullptr, 0), SIZE_MAX);
  EXPECT_EQ(sonde_process_table_find(nullptr, 1), SIZE_MAX);
}

TEST(ProcessTree, NullPointers) {
  const Table table(kFamily);
  size_t rows[8];
  uint32_t depth[8];
  size_t count = 0;
  EXPECT_EQ(sonde_process_table_children(nullptr, rows, 8, &count, 1, true), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_table_children(table.get(), rows, 8, nullptr, 1, true), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_table_children(table.get(), nullptr, 8, &count, 1, true), SONDE_ERR_INVALID);
  sonde_process_table_tree(nullptr, rows, depth, rows);
  sonde_process_table_tree(table.get(), nullptr, depth, rows);
  sonde_process_table_tree(table.get(), rows, nullptr, rows);
  sonde_process_table_tree(table.get(), rows, depth, nullptr);
}

// Against a plain recursive answer, over random tables with cycles, doubles and strangers.
TEST(ProcessTree, RandomTables) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 3000; round++) {
    const size_t count = random() % 12;
    std::vector<Who> processes;
    for (size_t i = 0; i < count; i++) {
      processes.push_back({static_cast<sonde_pid>(random() % 14), static_cast<sonde_pid>(random() % 14), random() % 3,
                           random() % 8 == 0 ? 0 : kBoth});
    }
    if (round % 3 == 0) {
      std::sort(processes.begin(), processes.end(), [](const Who &a, const Who &b) { return a.pid < b.pid; });
    }
    const Table table(processes);
    std::vector<size_t> parents(count);
    for (size_t i = 0; i < count; i++) {
      size_t parent = 0;
      while (parent < count && processes[parent].pid != processes[i].ppid) parent++;
      const bool known = parent < count && parent != i && (processes[i].valid & SONDE_PROCESS_PPID) != 0;
      const bool timed = known && processes[i].valid != 0 && processes[parent].valid != 0;
      parents[i] = known && !(timed && processes[parent].start_id > processes[i].start_id) ? parent : SIZE_MAX;
      ASSERT_EQ(sonde_process_table_parent(table.get(), i), parents[i]);
    }
    // Children, generation by generation.
    for (size_t root = 0; root < count; root++) {
      if (sonde_process_table_find(table.get(), processes[root].pid) != root) continue;
      std::vector<size_t> expected;
      std::vector<size_t> level = {root};
      while (!level.empty()) {
        std::vector<size_t> next;
        for (size_t i = 0; i < count; i++) {
          if (i != root && std::count(level.begin(), level.end(), parents[i]) > 0) next.push_back(i);
        }
        expected.insert(expected.end(), next.begin(), next.end());
        level = next;
      }
      ASSERT_EQ(table.Children(processes[root].pid, true), expected);
    }
    // The first row of each cycle is a root.
    std::vector<size_t> cut = parents;
    for (size_t i = 0; i < count; i++) {
      size_t at = i, first = i;
      for (size_t steps = 0; steps <= count && cut[at] != SIZE_MAX; steps++) {
        at = cut[at];
        if (at == i) break;
        first = std::min(first, at);
      }
      if (at == i && cut[i] != SIZE_MAX && first == i) cut[i] = SIZE_MAX;
    }
    std::string expected;
    struct Walk {
      const std::vector<Who> &processes;
      const std::vector<size_t> &cut;
      std::string &text;
      void Visit(size_t parent, size_t depth) {
        for (size_t i = 0; i < cut.size(); i++) {
          if (cut[i] != parent) continue;
          text += (text.empty() ? "" : " ") + std::string(depth, '.') + std::to_string(processes[i].pid);
          Visit(i, depth + 1);
        }
      }
    } walk = {processes, cut, expected};
    walk.Visit(SIZE_MAX, 0);
    ASSERT_EQ(table.Tree(), expected);
  }
}

// 100,000 processes, in the worst shapes, in time that is not quadratic (quadratic would be minutes).
TEST(ProcessTree, LargeTables) {
  constexpr sonde_pid kCount = 100000;
  for (int shape = 0; shape < 4; shape++) {
    std::vector<Who> processes;
    for (sonde_pid i = 0; i < kCount; i++) {
      const sonde_pid pid = shape % 2 == 0 ? i + 1 : kCount - i;
      processes.push_back({pid, shape < 2 ? pid - 1 : 1, static_cast<uint64_t>(pid), kBoth});
    }
    const Table table(processes);
    std::vector<size_t> order(kCount), scratch(kCount);
    std::vector<uint32_t> depth(kCount);
    const auto start = std::chrono::steady_clock::now();
    sonde_process_table_tree(table.get(), order.data(), depth.data(), scratch.data());
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    EXPECT_EQ(processes[order[0]].pid, 1);
    EXPECT_EQ(depth[kCount - 1], shape < 2 ? kCount - 1 : 1);
    if (shape == 2) {
      EXPECT_EQ(table.Children(1, true).size(), static_cast<size_t>(kCount - 1));
    }
  }
}

}  // namespace
