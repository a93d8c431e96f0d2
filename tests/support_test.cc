// SPDX-License-Identifier: MIT
// The tests' own tools: a broken one would prove nothing.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/support/allocator.h"
#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Allocator;
using sonde_test::Child;
using sonde_test::Context;
using sonde_test::Tree;

std::string slurp(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Tree, HoldsWhatWasWrittenAndGoesAway) {
  std::string top;
  {
    Tree tree;
    top = tree.path();
    tree.write("proc/1/cmdline", std::string_view("a\0b", 3)).link("proc/1/exe", "/no where").mkdir("sys/class/net");
    EXPECT_EQ(slurp(tree.at("proc/1/cmdline")), std::string("a\0b", 3));
    char target[64];
    EXPECT_EQ(readlink(tree.at("proc/1/exe").c_str(), target, sizeof target), 9);
    EXPECT_EQ(access(tree.at("sys/class/net").c_str(), R_OK), 0);
    EXPECT_EQ(tree.options()->procfs, top + "/proc");
    tree.chmod("proc/1", 0);
  }
  EXPECT_NE(access(top.c_str(), F_OK), 0);
}

TEST(Allocator, CountsAndFails) {
  Allocator allocator;
  const sonde_allocator hooks = allocator.hooks();
  void *block = hooks.reallocate(hooks.user, nullptr, 0, 10);
  ASSERT_NE(block, nullptr);
  std::memcpy(block, "123456789", 10);
  allocator.fail(2);
  block = hooks.reallocate(hooks.user, block, 10, 100);
  ASSERT_NE(block, nullptr);
  EXPECT_STREQ(static_cast<char *>(block), "123456789");
  EXPECT_EQ(hooks.reallocate(hooks.user, block, 100, 200), nullptr);
  EXPECT_EQ(allocator.live_bytes(), 100U);
  allocator.fail(1, true);
  EXPECT_EQ(hooks.reallocate(hooks.user, nullptr, 0, 1), nullptr);
  EXPECT_EQ(hooks.reallocate(hooks.user, nullptr, 0, 1), nullptr);
  EXPECT_EQ(allocator.failures(), 2U);
  EXPECT_EQ(hooks.reallocate(hooks.user, block, 100, 0), nullptr);
  EXPECT_EQ(allocator.live_blocks(), 0U);
}

TEST(Descriptors, SeeOneMore) {
  const auto before = sonde_test::open_descriptors();
  const int fd = dup(0);
  EXPECT_EQ(sonde_test::count_descriptors(), before.size() + 1);
  EXPECT_NE(sonde_test::open_descriptors(), before);
  close(fd);
  EXPECT_EQ(sonde_test::open_descriptors(), before);
}

TEST(Child, IsInTheStateAskedFor) {
  Child::stopped().wait_for_state('T');
  Child::zombie().wait_for_state('Z');
  Child busy = Child::busy();
  busy.wait_for_state('R');
  EXPECT_EQ(WTERMSIG(busy.end()), 9);
  Child named = Child::named(") R 1\n");
  EXPECT_EQ(slurp("/proc/" + std::to_string(named.pid()) + "/comm"), ") R 1\n\n");
  Child other = Child::executing({"", "two words", "x"}, {"A=1"});
  EXPECT_EQ(slurp("/proc/" + std::to_string(other.pid()) + "/cmdline"), std::string("\0two words\0x\0", 13));
  EXPECT_EQ(slurp("/proc/" + std::to_string(other.pid()) + "/environ").substr(0, 4), std::string("A=1\0", 4));
}

TEST(Context, Opens) {
  Tree tree;
  tree.mkdir("proc");
  Context context(tree.options());
  EXPECT_NE(context.get(), nullptr);
  sonde_test::List<sonde_pid_list> pids;
  EXPECT_EQ(pids.begin(), pids.end());
}

}  // namespace
