// SPDX-License-Identifier: MIT
// Waiting, over a backend whose processes end when the test's clock says so; and for real children.
#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "tests/support/allocator.h"
#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/fake_backend.h"

namespace sonde_test {
namespace {

// The made-up machine: when each pid ends, how, and what the slot was asked.
struct World {
  uint64_t clock = 1000;
  std::map<sonde_pid, uint64_t> ends;  // missing: never
  std::vector<uint64_t> timeouts;      // that the wait slot was given
  uint64_t slice = UINT64_MAX;         // the slot comes back after this long at the latest, with SONDE_ERR_TIMEOUT
  bool has_clock = true;
  bool lies = false;  // says OK although nobody ended
  sonde_status fails_after_first = SONDE_OK;
  size_t ended_so_far = 0;
};
World world;

sonde_status Wait(sonde_env *env, void *, sonde_process_ref *const *refs, size_t count, bool *ended, sonde_exit *exits,
                  uint64_t timeout) {
  world.timeouts.push_back(timeout);
  if (world.fails_after_first != SONDE_OK && world.ended_so_far > 0) {
    return sonde_env_fail(env, world.fails_after_first, 5, "EIO", "poll", "", 0);
  }
  if (world.lies) return SONDE_OK;
  uint64_t first = UINT64_MAX;
  for (size_t i = 0; i < count; i++) {
    if (ended[i] || world.ends.count(refs[i]->pid) == 0) continue;
    first = std::min(first, std::max(world.ends[refs[i]->pid], world.clock));
  }
  const uint64_t limit = std::min(timeout, world.slice);
  const uint64_t deadline = limit > UINT64_MAX - world.clock ? UINT64_MAX : world.clock + limit;
  if (first > deadline || first == UINT64_MAX) {
    if (timeout == SONDE_NO_TIMEOUT) ADD_FAILURE() << "would wait for ever";
    world.clock = std::max(world.clock, deadline);
    return sonde_env_fail(env, SONDE_ERR_TIMEOUT, 0, nullptr, "poll", "", 0);
  }
  world.clock = first;
  for (size_t i = 0; i < count; i++) {
    if (ended[i] || world.ends.count(refs[i]->pid) == 0 || world.ends[refs[i]->pid] > world.clock) continue;
    EXPECT_EQ(exits[i].valid, 0u);
    ended[i] = true;
    exits[i].valid = SONDE_EXIT_CODE;
    exits[i].code = refs[i]->pid + 100;
    world.ended_so_far++;
  }
  return SONDE_OK;
}

class WaitTest : public testing::Test {
 protected:
  WaitTest() {
    world = World();
    process_.wait = Wait;
    host_.times = [](sonde_env *env, void *, sonde_host_times *out) {
      if (!world.has_clock) return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, nullptr, "clock", "", 0);
      out->valid = SONDE_HOST_TIMES_MONOTONIC;
      out->monotonic = world.clock;
      return SONDE_OK;
    };
    backend_.process = &process_;
    backend_.host = &host_;
    options_.backends = &pointer_;
    options_.num_backends = 1;
    options_.allocator = allocator_.hooks();
    EXPECT_EQ(sonde_open(&context_, &options_), SONDE_OK);
    for (sonde_pid pid = 1; pid <= 4; pid++) {
      sonde_process_handle *handle = nullptr;
      EXPECT_EQ(sonde_process_open(context_, &handle, pid), SONDE_OK);
      handles_.push_back(handle);
    }
  }
  ~WaitTest() override {
    for (sonde_process_handle *handle : handles_) sonde_process_close(handle);
    sonde_close(context_);
    EXPECT_EQ(allocator_.live_blocks(), 0u);
  }

  // sonde_process_wait_many on all handles: "1..4" for which have ended, or "untouched".
  sonde_status Many(bool any, uint64_t timeout, std::string *out) {
    bool ended[5];
    sonde_exit exits[5];
    memset(ended, 1, sizeof ended);
    memset(exits, 1, sizeof exits);
    size_t gone = 4711;
    const sonde_status status =
        sonde_process_wait_many(handles_.data(), handles_.size(), ended, exits, &gone, any, timeout);
    EXPECT_EQ(exits[4].code, INT64_C(0x0101010101010101));  // nothing beyond
    out->clear();
    if (gone == 4711) {
      *out = "untouched";
      for (const sonde_exit &how : exits) EXPECT_EQ(how.code, INT64_C(0x0101010101010101));
      return status;
    }
    size_t count = 0;
    for (size_t i = 0; i < 4; i++) {
      if (!ended[i]) {
        EXPECT_EQ(exits[i].valid, 0u);
        continue;
      }
      count++;
      *out += std::to_string(i + 1);
      EXPECT_EQ(exits[i].valid, static_cast<uint64_t>(SONDE_EXIT_CODE));
      EXPECT_EQ(exits[i].code, static_cast<int64_t>(i) + 101);
    }
    EXPECT_EQ(gone, count);
    return status;
  }

  sonde_process_ops process_ = *fake_backend()->process;
  sonde_host_ops host_ = {};
  sonde_backend backend_ = *fake_backend();
  const sonde_backend *pointer_ = &backend_;
  Allocator allocator_;
  sonde_options options_ = {};
  sonde *context_ = nullptr;
  std::vector<sonde_process_handle *> handles_;
};

TEST_F(WaitTest, One) {
  world.ends[1] = 5000;
  sonde_exit how;
  memset(&how, 1, sizeof how);
  const sonde_exit before = how;
  EXPECT_EQ(sonde_process_wait(handles_[0], &how, 0), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(sonde_process_wait(handles_[0], &how, 3999), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(memcmp(&how, &before, sizeof how), 0);
  EXPECT_EQ(world.clock, 4999u);
  EXPECT_EQ(sonde_process_wait(handles_[0], &how, 1), SONDE_OK);
  EXPECT_EQ(how.code, 101);
  EXPECT_EQ(world.timeouts, (std::vector<uint64_t>{0, 3999, 1}));
  // It has been reaped: the answer is remembered, and nobody is asked.
  memset(&how, 1, sizeof how);
  EXPECT_EQ(sonde_process_wait(handles_[0], &how, SONDE_NO_TIMEOUT), SONDE_OK);
  EXPECT_EQ(how.code, 101);
  EXPECT_EQ(world.timeouts.size(), 3u);
}

TEST_F(WaitTest, OneNeedsNoClock) {
  world.has_clock = false;
  world.ends[1] = 5000;
  sonde_exit how;
  EXPECT_EQ(sonde_process_wait(handles_[0], &how, 1000000), SONDE_OK);
}

TEST_F(WaitTest, AllForEver) {
  world.ends = {{1, 4000}, {2, 2000}, {3, 9000}, {4, 2000}};
  std::string which;
  EXPECT_EQ(Many(false, SONDE_NO_TIMEOUT, &which), SONDE_OK);
  EXPECT_EQ(which, "1234");
  EXPECT_EQ(world.clock, 9000u);
  EXPECT_EQ(world.timeouts, (std::vector<uint64_t>(3, SONDE_NO_TIMEOUT)));
  EXPECT_EQ(Many(false, 0, &which), SONDE_OK);  // again: remembered
  EXPECT_EQ(which, "1234");
  EXPECT_EQ(world.timeouts.size(), 3u);
}

TEST_F(WaitTest, AllUntilTheDeadline) {
  world.ends = {{1, 4000}, {2, 2000}};
  std::string which;
  EXPECT_EQ(Many(false, 5000, &which), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(which, "12");  // told all the same
  EXPECT_EQ(world.clock, 6000u);
  // What is left of the deadline, each time.
  EXPECT_EQ(world.timeouts, (std::vector<uint64_t>{5000, 4000, 2000}));
}

TEST_F(WaitTest, TheDeadlinePassesWhileTheSlotIsAway) {
  world.ends = {{1, 1500}};
  host_.times = [](sonde_env *, void *, sonde_host_times *out) {
    world.clock += 400;  // looking at the clock takes long
    out->valid = SONDE_HOST_TIMES_MONOTONIC;
    out->monotonic = world.clock;
    return SONDE_OK;
  };
  std::string which;
  EXPECT_EQ(Many(false, 300, &which), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(which, "1");
  EXPECT_EQ(world.timeouts.size(), 1u);  // nothing was left to wait for
}

TEST_F(WaitTest, AllLookOnce) {
  world.ends = {{1, 500}, {3, 900}, {4, 1001}};
  std::string which;
  EXPECT_EQ(Many(false, 0, &which), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(which, "13");
  EXPECT_EQ(world.clock, 1000u);
  sonde_error error;
  sonde_last_error(context_, &error);
  EXPECT_EQ(error.status, SONDE_ERR_TIMEOUT);
}

TEST_F(WaitTest, Any) {
  world.ends = {{1, 4000}, {2, 2000}, {4, 2000}};
  std::string which;
  EXPECT_EQ(Many(true, 100, &which), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(which, "");
  EXPECT_EQ(Many(true, SONDE_NO_TIMEOUT, &which), SONDE_OK);
  EXPECT_EQ(which, "24");
  // Some have ended already: one look at the others, no waiting.
  world.clock = 4000;
  EXPECT_EQ(Many(true, SONDE_NO_TIMEOUT, &which), SONDE_OK);
  EXPECT_EQ(which, "124");
  EXPECT_EQ(Many(true, SONDE_NO_TIMEOUT, &which), SONDE_OK);
  EXPECT_EQ(which, "124");
  EXPECT_EQ(world.clock, 4000u);
  EXPECT_EQ(world.timeouts.back(), 0u);
  sonde_error error;
  sonde_last_error(context_, &error);
  EXPECT_EQ(error.status, SONDE_OK);
}

TEST_F(WaitTest, HugeTimeoutsDoNotOverflow) {
  world.ends = {{1, 2000}, {2, 3000}, {3, 3000}, {4, UINT64_MAX - 1}};
  std::string which;
  EXPECT_EQ(Many(false, UINT64_MAX - 1, &which), SONDE_OK);
  EXPECT_EQ(which, "1234");
}

TEST_F(WaitTest, ManyNeedAClockForADeadline) {
  world.has_clock = false;
  world.ends = {{1, 2000}, {2, 2000}, {3, 2000}, {4, 3000}};
  std::string which;
  EXPECT_EQ(Many(false, 5000, &which), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(which, "untouched");
  EXPECT_EQ(Many(true, 5000, &which), SONDE_OK);  // one look is enough
  EXPECT_EQ(Many(false, SONDE_NO_TIMEOUT, &which), SONDE_OK);
}

TEST_F(WaitTest, ManyMayBeOne) {
  world.ends = {{2, 3000}};
  bool ended = true;
  sonde_exit how;
  size_t gone = 4711;
  EXPECT_EQ(sonde_process_wait_many(&handles_[1], 1, &ended, &how, &gone, false, 1), SONDE_ERR_TIMEOUT);
  EXPECT_FALSE(ended);
  EXPECT_EQ(gone, 0u);
  EXPECT_EQ(sonde_process_wait_many(&handles_[1], 1, &ended, &how, &gone, false, 1999), SONDE_OK);
  EXPECT_TRUE(ended);
  EXPECT_EQ(gone, 1u);
  EXPECT_EQ(how.code, 102);
}

TEST_F(WaitTest, TheShortestDeadline) {
  world.ends = {{1, 1000}, {2, 1001}, {3, 1002}};
  std::string which;
  EXPECT_EQ(Many(false, 1, &which), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(which, "12");
  EXPECT_EQ(world.clock, 1001u);
}

TEST_F(WaitTest, AClockThatFails) {
  static int asked;
  asked = 0;
  host_.times = [](sonde_env *env, void *, sonde_host_times *out) {
    if (asked++ > 0) return sonde_env_fail(env, SONDE_ERR_OS, 5, "EIO", "clock", "", 0);
    out->valid = SONDE_HOST_TIMES_MONOTONIC;
    out->monotonic = world.clock;
    return SONDE_OK;
  };
  world.ends = {{1, 1500}};
  std::string which;
  EXPECT_EQ(Many(false, 5000, &which), SONDE_ERR_OS);
  EXPECT_EQ(which, "untouched");
  EXPECT_EQ(asked, 2);
  world.timeouts.clear();
  EXPECT_EQ(Many(false, 5000, &which), SONDE_ERR_OS);
  EXPECT_TRUE(world.timeouts.empty()) << "asked without knowing the time";
}

TEST_F(WaitTest, AHostWithoutAMonotonicClock) {
  host_.times = [](sonde_env *, void *, sonde_host_times *out) {
    out->valid = SONDE_HOST_TIMES_NOW | SONDE_HOST_TIMES_UPTIME;
    return SONDE_OK;
  };
  std::string which;
  EXPECT_EQ(Many(false, 5000, &which), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(which, "untouched");
}

TEST_F(WaitTest, AFailureLosesNobody) {
  world.ends = {{1, 2000}, {2, 2000}, {3, 9000}, {4, 9000}};
  world.fails_after_first = SONDE_ERR_OS;
  std::string which;
  EXPECT_EQ(Many(false, SONDE_NO_TIMEOUT, &which), SONDE_ERR_OS);
  EXPECT_EQ(which, "untouched");
  // The two that were reaped before are told of later.
  sonde_exit how;
  EXPECT_EQ(sonde_process_wait(handles_[1], &how, 0), SONDE_OK);
  EXPECT_EQ(how.code, 102);
  world.fails_after_first = SONDE_OK;
  EXPECT_EQ(Many(false, 0, &which), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(which, "12");
}

TEST_F(WaitTest, ABackendThatSaysNothingIsNotAskedForEver) {
  world.lies = true;
  std::string which;
  EXPECT_EQ(Many(false, SONDE_NO_TIMEOUT, &which), SONDE_ERR_OS);
  EXPECT_EQ(which, "untouched");
  EXPECT_EQ(world.timeouts.size(), 1u);
}

TEST_F(WaitTest, ABackendThatComesBackEarlyIsBelieved) {
  world.slice = 10;
  std::string which;
  EXPECT_EQ(Many(false, 5000, &which), SONDE_ERR_TIMEOUT);
}

TEST_F(WaitTest, Arguments) {
  bool ended[4];
  sonde_exit exits[4];
  sonde_exit how;
  size_t gone = 4711;
  EXPECT_EQ(sonde_process_wait(nullptr, &how, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_wait(handles_[0], nullptr, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_wait_many(nullptr, 4, ended, exits, &gone, false, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_wait_many(handles_.data(), 4, nullptr, exits, &gone, false, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_wait_many(handles_.data(), 4, ended, exits, nullptr, false, 0), SONDE_ERR_INVALID);
  std::vector<sonde_process_handle *> some = handles_;
  some[2] = nullptr;
  EXPECT_EQ(sonde_process_wait_many(some.data(), 4, ended, exits, &gone, false, 0), SONDE_ERR_INVALID);
  some[0] = nullptr;
  EXPECT_EQ(sonde_process_wait_many(some.data(), 4, ended, exits, &gone, false, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(gone, 4711u);
  EXPECT_EQ(sonde_process_wait_many(handles_.data(), 0, ended, exits, &gone, false, SONDE_NO_TIMEOUT), SONDE_OK);
  EXPECT_EQ(gone, 0u);
  world.ends = {{1, 0}, {2, 0}, {3, 0}, {4, 0}};
  EXPECT_EQ(sonde_process_wait_many(handles_.data(), 4, ended, nullptr, &gone, false, 0), SONDE_OK);
  EXPECT_EQ(gone, 4u);
}

TEST_F(WaitTest, HandlesOfTwoContextsDoNotMix) {
  const Context other(&options_);
  const Handle theirs(other, 9);
  sonde_process_handle *const mixed[] = {handles_[0], theirs};
  bool ended[2];
  size_t gone = 4711;
  EXPECT_EQ(sonde_process_wait_many(mixed, 2, ended, nullptr, &gone, false, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(gone, 4711u);
  EXPECT_TRUE(world.timeouts.empty());
}

TEST_F(WaitTest, WithoutMemory) {
  allocator_.fail(1);
  std::string which;
  EXPECT_EQ(Many(false, 0, &which), SONDE_ERR_NO_MEMORY);
  EXPECT_EQ(which, "untouched");
  allocator_.fail(0);
}

// The built-in backend of this machine, as far as it waits.
class LiveWaitTest : public testing::Test {
 protected:
  void SetUp() override {
    for (sonde_capability needed : {SONDE_CAP_PROCESS_OPEN, SONDE_CAP_PROCESS_WAIT, SONDE_CAP_HOST_TIMES}) {
      if (!sonde_supports(context_, needed)) GTEST_SKIP() << "this system has no " << sonde_capability_name(needed);
    }
  }
  Context context_;
};

#ifdef _WIN32
constexpr uint64_t kKilledBits = SONDE_EXIT_CODE;
constexpr int kKillSignal = 0;
constexpr bool kEndedCanBeOpened = false;
#else
constexpr uint64_t kKilledBits = SONDE_EXIT_SIGNAL;
constexpr int kKillSignal = 9;
constexpr bool kEndedCanBeOpened = true;  // until it is reaped
#endif

TEST_F(LiveWaitTest, AChildThatIsKilled) {
  Child child = Child::sleeping();
  const Handle handle(context_, child.pid());
  sonde_exit how;
  EXPECT_EQ(sonde_process_wait(handle, &how, 0), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(sonde_process_wait(handle, &how, 1000000), SONDE_ERR_TIMEOUT);
  ASSERT_EQ(sonde_process_kill(handle), SONDE_OK) << context_.error();
  ASSERT_EQ(sonde_process_wait(handle, &how, 10 * SONDE_NSEC_PER_SEC), SONDE_OK) << context_.error();
  EXPECT_EQ(how.valid, kKilledBits);
  EXPECT_EQ(how.signal_number, kKillSignal);
  ASSERT_EQ(sonde_process_wait(handle, &how, 0), SONDE_OK);
  EXPECT_EQ(how.signal_number, kKillSignal);
  child.release();  // it was reaped
}

TEST_F(LiveWaitTest, AChildThatHasEnded) {
  if (!kEndedCanBeOpened) GTEST_SKIP() << "a process that has ended cannot be opened by its pid";
  Child child = Child::zombie();
  const Handle handle(context_, child.pid());
  sonde_exit how;
  ASSERT_EQ(sonde_process_wait(handle, &how, SONDE_NO_TIMEOUT), SONDE_OK) << context_.error();
  EXPECT_EQ(how.valid, static_cast<uint64_t>(SONDE_EXIT_CODE));
  EXPECT_EQ(how.code, 0);
  child.release();
}

TEST_F(LiveWaitTest, ManyChildren) {
  std::vector<Child> children;
  std::vector<sonde_process_handle *> handles;
  for (int i = 0; i < 20; i++) {
    children.push_back(i % 2 == 0 && kEndedCanBeOpened ? Child::zombie() : Child::sleeping());
    sonde_process_handle *handle = nullptr;
    ASSERT_EQ(sonde_process_open(context_, &handle, children.back().pid()), SONDE_OK) << context_.error();
    handles.push_back(handle);
    if (i % 2 == 0 && !kEndedCanBeOpened) {
      sonde_exit how;
      children.back().end();
      EXPECT_EQ(sonde_process_wait(handle, &how, SONDE_NO_TIMEOUT), SONDE_OK);
    }
  }
  bool ended[20];
  sonde_exit exits[20];
  size_t gone = 0;
  ASSERT_EQ(sonde_process_wait_many(handles.data(), 20, ended, exits, &gone, false, 0), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(gone, 10u);
  for (size_t i = 0; i < 20; i++) EXPECT_EQ(ended[i], i % 2 == 0) << i;
  ASSERT_EQ(sonde_process_wait_many(handles.data(), 20, ended, exits, &gone, false, 2000000), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(gone, 10u);
  for (size_t i = 1; i < 20; i += 2) EXPECT_EQ(sonde_process_kill(handles[i]), SONDE_OK);
  ASSERT_EQ(sonde_process_wait_many(handles.data(), 20, ended, exits, &gone, false, 10 * SONDE_NSEC_PER_SEC), SONDE_OK)
      << context_.error();
  EXPECT_EQ(gone, 20u);
  for (size_t i = 0; i < 20; i++) {
    EXPECT_EQ(exits[i].valid, i % 2 == 0 ? static_cast<uint64_t>(SONDE_EXIT_CODE) : kKilledBits) << i;
    sonde_process_close(handles[i]);
    children[i].release();
  }
}

}  // namespace
}  // namespace sonde_test
