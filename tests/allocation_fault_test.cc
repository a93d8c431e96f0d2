// SPDX-License-Identifier: MIT
// Every request for memory fails in turn, once and for good: SONDE_ERR_NO_MEMORY or the whole answer, nothing leaks,
// and the next call is as if nothing had been.
#include <gtest/gtest.h>
#include <stdio.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/allocator.h"
#include "tests/support/calls.h"
#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/recording.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Allocator;
using sonde_test::Call;
using sonde_test::Caller;
using sonde_test::CallKind;
using sonde_test::Child;
using sonde_test::Snapshot;
using sonde_test::Subject;
using sonde_test::Tree;

uint64_t g_sites = 0;

class Totalling : public testing::Environment {
 public:
  void TearDown() override { printf("%llu failed allocations\n", static_cast<unsigned long long>(g_sites)); }
};
const testing::Environment *const kTotalling = testing::AddGlobalTestEnvironment(new Totalling);

std::string test_name(const testing::TestParamInfo<size_t> &info) { return sonde_test::call_test_name(info.param); }

// One context, one process, one call, with nothing allocated beforehand.
struct Attempt {
  Subject subject;
  sonde_status status = SONDE_OK;  // of opening
  bool open(const sonde_options *options, sonde_pid pid, bool with_handle) {
    subject.options = options;
    subject.pid = pid;
    status = sonde_open(&subject.context, options);
    if (status == SONDE_OK && with_handle) status = sonde_process_open(subject.context, &subject.handle, pid);
    return status == SONDE_OK;
  }
  ~Attempt() {
    sonde_process_close(subject.handle);
    sonde_close(subject.context);
  }
};

// is_steady: the same answer comes twice.
void torture(const Call &call, const sonde_options *base, sonde_pid fixed_pid, bool is_steady) {
  const bool ends = call.kind == CallKind::kEnd;
  const bool with_handle = call.kind != CallKind::kSystem;
  Allocator allocator;
  sonde_options options = base != nullptr ? *base : sonde_options{};
  options.size = sizeof options;
  options.allocator = allocator.hooks();
  std::unique_ptr<Child> child;
  if (fixed_pid == 0) child.reset(new Child(Child::sleeping()));
  const auto pid = [&] { return fixed_pid != 0 ? fixed_pid : sonde_pid{child->pid()}; };

  Snapshot clean;
  uint64_t requests = 0;
  {
    Attempt attempt;
    attempt.open(&options, pid(), with_handle);
    if (attempt.status == SONDE_ERR_UNSUPPORTED) GTEST_SKIP() << "no process handles here";
    ASSERT_EQ(attempt.status, SONDE_OK);
    const std::unique_ptr<Caller> caller = call.make();
    clean = caller->call(attempt.subject);
    requests = allocator.requests();
    EXPECT_TRUE(clean.broken.empty()) << clean.broken[0];
    // The free space of a real file system and the heap of this process move all the time.
    is_steady = is_steady && sonde_test::is_steady_on_a_recording(call);
    if (is_steady && clean.status == SONDE_OK) {
      // Once grown, a list needs no memory.
      caller->call(attempt.subject);
      const uint64_t before = allocator.requests();
      const Snapshot again = caller->call(attempt.subject);
      // A sampler is made anew by each call here.
      if (std::string(call.name).find("sampler") == std::string::npos) {
        EXPECT_EQ(allocator.requests(), before) << "the third call allocates";
      }
      EXPECT_EQ(again.json(), clean.json());
    }
  }
  is_steady = is_steady && clean.status == SONDE_OK;
  EXPECT_EQ(allocator.live_blocks(), 0U);
  if (ends) child.reset(new Child(Child::sleeping()));

  const size_t descriptors = sonde_test::count_descriptors();
  for (const bool for_good : {false, true}) {
    // A live system may need more at another time: some are tried beyond the last.
    for (uint64_t n = 1; n <= requests + (is_steady ? 0 : 3); n++) {
      SCOPED_TRACE(std::string(call.name) + ": allocation " + std::to_string(n) + " of " + std::to_string(requests) +
                   (for_good ? " and all that follow" : ""));
      Attempt attempt;
      allocator.fail(n, for_good);
      if (!attempt.open(&options, pid(), with_handle)) {
        EXPECT_EQ(attempt.status, SONDE_ERR_NO_MEMORY);
        g_sites += allocator.failures() > 0;
        allocator.fail(0);
        continue;
      }
      const std::unique_ptr<Caller> caller = call.make();
      const Snapshot answer = caller->call(attempt.subject);
      const bool failed = allocator.failures() > 0;
      g_sites += failed;
      allocator.fail(0);
      EXPECT_TRUE(answer.broken.empty()) << answer.broken[0];
      if (failed && answer.status != SONDE_ERR_NO_MEMORY) {
        EXPECT_EQ(answer.status, clean.status) << answer.last_text;
        if (is_steady) {
          EXPECT_EQ(answer.json(), clean.json()) << answer.last_text;
        } else {
          // Others' processes may be denied to us; but no row is bad for want of memory.
          for (const sonde_test::Row &row : answer.rows) {
            EXPECT_TRUE(row.status == SONDE_OK || row.status == SONDE_ERR_ACCESS || row.status == SONDE_ERR_NO_PROCESS)
                << row.key << ": " << sonde_status_name(row.status) << ", " << answer.last_text;
          }
        }
      }
      if (ends && answer.status == SONDE_OK) {
        child.reset(new Child(Child::sleeping()));
        continue;
      }
      const Snapshot next = caller->call(attempt.subject);
      EXPECT_EQ(next.status, clean.status) << next.last_text;
      if (is_steady) {
        EXPECT_EQ(next.json(), clean.json());
      }
      if (ends) child.reset(new Child(Child::sleeping()));
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_EQ(allocator.live_blocks(), 0U);
  EXPECT_EQ(allocator.live_bytes(), 0U);
  EXPECT_EQ(sonde_test::count_descriptors(), descriptors);
}

// Unpacked once.
Tree &machine() {
  static Tree tree;
  static const bool is_unpacked = (sonde_test::unpack_machine(&tree, "debian12_vm"), true);
  (void)is_unpacked;
  return tree;
}

class RecordedAllocation : public testing::TestWithParam<size_t> {};

TEST_P(RecordedAllocation, EachFails) { torture(sonde_test::all_calls()[GetParam()], machine().options(), 1, true); }

class LiveAllocation : public testing::TestWithParam<size_t> {};

TEST_P(LiveAllocation, EachFails) { torture(sonde_test::all_calls()[GetParam()], nullptr, 0, false); }

// A recording has no process that could be opened.
std::vector<size_t> calls_without_process() {
  std::vector<size_t> found;
  for (size_t i = 0; i < sonde_test::all_calls().size(); i++) {
    if (sonde_test::all_calls()[i].kind == CallKind::kSystem) found.push_back(i);
  }
  return found;
}

INSTANTIATE_TEST_SUITE_P(Calls, RecordedAllocation, testing::ValuesIn(calls_without_process()), test_name);
INSTANTIATE_TEST_SUITE_P(Calls, LiveAllocation, testing::Range<size_t>(0, sonde_test::all_calls().size()), test_name);

}  // namespace
