// SPDX-License-Identifier: MIT
// How backends are registered and how they stack.
#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "tests/support/allocator.h"
#include "tests/support/context.h"
#include "tests/support/fake_backend.h"

extern "C" const struct sonde_backend sondei_backend_null;

namespace sonde_test {
namespace {

// What happened, in order: "high.open high.load low.load low.close".
std::string events;

void log_event(const char *name, const char *what) {
  events += (events.empty() ? "" : " ") + std::string(name) + "." + what;
}

// Two backends that say so when they are asked; what they answer is set by the test.
struct Answers {
  sonde_status open, load, stats, users;
};
Answers high_answers, low_answers;

template <const Answers *answers, char letter>
struct Fake {
  static std::string name() { return std::string(1, letter); }
  static sonde_status open(sonde_env *env, void *state) {
    log_event(name().c_str(), "open");
    EXPECT_EQ(*static_cast<int *>(state), 0);
    *static_cast<int *>(state) = letter;
    return answers->open == SONDE_OK ? SONDE_OK
                                     : sonde_env_fail(env, answers->open, 5, "EIO", "probe", name().c_str(), 1);
  }
  static void close(sonde_env *, void *state) {
    EXPECT_EQ(*static_cast<int *>(state), letter);
    log_event(name().c_str(), "close");
  }
  static sonde_status load(sonde_env *env, void *state, sonde_load_average *out) {
    EXPECT_EQ(*static_cast<int *>(state), letter);
    log_event(name().c_str(), "load");
    EXPECT_EQ(out->valid, 0u);  // nothing is left of what another backend wrote
    out->valid = SONDE_LOAD_AVERAGE_LOAD;
    out->load1 = letter;
    if (answers->load != SONDE_OK) return sonde_env_fail(env, answers->load, 0, nullptr, "load", name().c_str(), 1);
    return SONDE_OK;
  }
  static sonde_status users(sonde_env *env, void *, sonde_fill *out) {
    EXPECT_EQ(sonde_fill_count(out), 0u);
    sonde_user *const user = static_cast<sonde_user *>(sonde_fill_row(out));
    if (user == nullptr) return SONDE_ERR_NO_MEMORY;
    sonde_fill_string(out, &user->name, name().c_str(), 1);
    if (answers->users != SONDE_OK) return sonde_env_fail(env, answers->users, 0, nullptr, "users", "", 0);
    return SONDE_OK;
  }
};
using High = Fake<&high_answers, 'H'>;
using Low = Fake<&low_answers, 'L'>;

class RegistryTest : public testing::Test {
 protected:
  RegistryTest() {
    high_answers = low_answers = Answers{SONDE_OK, SONDE_OK, SONDE_OK, SONDE_OK};
    events.clear();
    high_cpu_.load_average = High::load;
    low_cpu_.load_average = Low::load;
    low_cpu_.stats = [](sonde_env *, void *, sonde_cpu_stats *out) {
      out->valid = SONDE_CPU_STATS_TRAPS;
      out->traps = 'L';
      return SONDE_OK;
    };
    high_host_.user_list = High::users;
    low_host_.user_list = Low::users;
    high_ = Make("high", 20, High::open, High::close, &high_cpu_, &high_host_);
    low_ = Make("low", 10, Low::open, Low::close, &low_cpu_, &low_host_);
  }

  static sonde_backend Make(const char *name, int priority, decltype(sonde_backend::open) open,
                            decltype(sonde_backend::close) close, const sonde_cpu_ops *cpu,
                            const sonde_host_ops *host) {
    sonde_backend backend = {};
    backend.abi = SONDE_BACKEND_ABI;
    backend.name = name;
    backend.priority = priority;
    backend.state_size = sizeof(int);
    backend.open = open;
    backend.close = close;
    backend.cpu = cpu;
    backend.host = host;
    return backend;
  }

  sonde_options Options(std::vector<const sonde_backend *> backends) {
    backends_ = std::move(backends);
    sonde_options options = {};
    options.backends = backends_.data();
    options.num_backends = backends_.size();
    options.allocator = allocator_.hooks();
    return options;
  }

  sonde_cpu_ops high_cpu_ = {}, low_cpu_ = {};
  sonde_host_ops high_host_ = {}, low_host_ = {};
  sonde_backend high_, low_;
  std::vector<const sonde_backend *> backends_;
  Allocator allocator_;
};

TEST_F(RegistryTest, TheFirstThatFillsASlotAnswers) {
  const sonde_options options = Options({&high_, &low_});
  {
    const Context context(&options);
    sonde_load_average load;
    ASSERT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
    EXPECT_EQ(load.load1, 'H');
    sonde_cpu_stats stats;  // only the lower one has this slot
    ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK);
    EXPECT_EQ(stats.traps, static_cast<uint64_t>('L'));
    EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_LOAD_AVERAGE), "high");
    EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_CPU_STATS), "low");
    EXPECT_EQ(sonde_backend_of(context, SONDE_CAP_CPU_TIMES), nullptr);
    EXPECT_FALSE(sonde_supports(context, SONDE_CAP_CPU_TIMES));
    EXPECT_TRUE(sonde_supports(context, SONDE_CAP_USERS));
  }
  EXPECT_EQ(events, "H.open L.open H.load L.close H.close");
  EXPECT_EQ(allocator_.live_blocks(), 0u);
}

TEST_F(RegistryTest, UnsupportedFallsThroughAndLeavesNoTrace) {
  const sonde_options options = Options({&high_, &low_});
  const Context context(&options);
  high_answers.load = high_answers.users = SONDE_ERR_UNSUPPORTED;
  sonde_load_average load;
  ASSERT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
  EXPECT_EQ(load.load1, 'L');
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(error.status, SONDE_OK);  // that the first stood aside is no failure
  List<sonde_user_list> users;
  ASSERT_EQ(sonde_user_list_get(context, &users), SONDE_OK);
  ASSERT_EQ(users.count, 1u);  // the row of the first is gone
  EXPECT_EQ(text(users[0].name), "L");

  low_answers.load = SONDE_ERR_UNSUPPORTED;
  load.load1 = 4711;
  EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(load.load1, 4711);
  sonde_last_error(context, &error);
  EXPECT_EQ(error.status, SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(text(error.subject), "L");
}

TEST_F(RegistryTest, AnyOtherFailureStands) {
  const sonde_options options = Options({&high_, &low_});
  const Context context(&options);
  for (sonde_status failure : {SONDE_ERR_ACCESS, SONDE_ERR_OS, SONDE_ERR_PARSE, SONDE_ERR_NO_MEMORY, SONDE_ERR_TIMEOUT,
                               SONDE_ERR_NO_PROCESS, SONDE_ERR_ZOMBIE, SONDE_ERR_INVALID}) {
    high_answers.load = high_answers.users = failure;
    sonde_load_average load;
    load.load1 = 4711;
    EXPECT_EQ(sonde_load_average_get(context, &load), failure);
    EXPECT_EQ(load.load1, 4711);
    List<sonde_user_list> users;
    EXPECT_EQ(sonde_user_list_get(context, &users), failure);
    EXPECT_EQ(users.memory, nullptr);  // nothing to free for a caller who gives up
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(error.status, failure);
  }
}

TEST_F(RegistryTest, ABackendThatStandsDownIsNotThere) {
  high_answers.open = SONDE_ERR_UNSUPPORTED;
  const sonde_options options = Options({&high_, &low_});
  {
    const Context context(&options);
    EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_LOAD_AVERAGE), "low");
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(error.status, SONDE_OK);
  }
  EXPECT_EQ(events, "H.open L.open L.close");
  EXPECT_EQ(allocator_.live_blocks(), 0u);
}

TEST_F(RegistryTest, WhenAllStandDownThereIsNoContext) {
  high_answers.open = low_answers.open = SONDE_ERR_UNSUPPORTED;
  const sonde_options options = Options({&high_, &low_});
  sonde *context = nullptr;
  EXPECT_EQ(sonde_open(&context, &options), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(context, nullptr);
  EXPECT_EQ(events, "H.open L.open");
  EXPECT_EQ(allocator_.live_blocks(), 0u);
}

TEST_F(RegistryTest, ABackendThatFailsToOpenFailsTheContext) {
  low_answers.open = SONDE_ERR_OS;
  const sonde_options options = Options({&high_, &low_});
  sonde *context = nullptr;
  EXPECT_EQ(sonde_open(&context, &options), SONDE_ERR_OS);
  EXPECT_EQ(context, nullptr);
  EXPECT_EQ(events, "H.open L.open H.close");  // the one that opened is closed, the other is not
  EXPECT_EQ(allocator_.live_blocks(), 0u);
}

TEST_F(RegistryTest, RegisteredBackendsStackByPriority) {
  ASSERT_EQ(sonde_backend_register(&low_), SONDE_OK);
  ASSERT_EQ(sonde_backend_register(&high_), SONDE_OK);
  ASSERT_EQ(sonde_backend_register(&high_), SONDE_OK);  // again: nothing changes
  {
    const Context context;
    EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_LOAD_AVERAGE), "high");
    EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_CPU_STATS), "low");
    EXPECT_EQ(events, "H.open L.open");
    // An open context keeps its backends.
    EXPECT_EQ(sonde_backend_unregister(&high_), SONDE_OK);
    sonde_load_average load;
    EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
    EXPECT_EQ(load.load1, 'H');
  }
  EXPECT_EQ(sonde_backend_unregister(&high_), SONDE_ERR_INVALID);
  {
    const Context context;
    EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_LOAD_AVERAGE), "low");
  }
  EXPECT_EQ(sonde_backend_unregister(&low_), SONDE_OK);
  const Context context;
  const char *const name = sonde_backend_of(context, SONDE_CAP_LOAD_AVERAGE);
  EXPECT_TRUE(name == nullptr || (strcmp(name, "low") != 0 && strcmp(name, "high") != 0));
}

TEST_F(RegistryTest, OfEqualsTheLastRegisteredComesFirst) {
  low_.priority = high_.priority;
  ASSERT_EQ(sonde_backend_register(&high_), SONDE_OK);
  ASSERT_EQ(sonde_backend_register(&low_), SONDE_OK);
  {
    const Context context;
    EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_LOAD_AVERAGE), "low");
  }
  EXPECT_EQ(sonde_backend_unregister(&high_), SONDE_OK);
  EXPECT_EQ(sonde_backend_unregister(&low_), SONDE_OK);
}

TEST_F(RegistryTest, PriorityDecidesAgainstTheBuiltInOne) {
  for (int priority : {-1, 0, 1}) {
    high_.priority = priority;
    high_.disk = fake_backend()->disk;
    ASSERT_EQ(sonde_backend_register(&high_), SONDE_OK);
    {
      const Context context;
      const std::string name = sonde_backend_of(context, SONDE_CAP_DISK_PARTITIONS);
#if defined(__linux__)
      EXPECT_EQ(name, priority < 0 ? "linux" : "high") << priority;
#else
      EXPECT_FALSE(name.empty());
#endif
    }
    EXPECT_EQ(sonde_backend_unregister(&high_), SONDE_OK);
  }
}

TEST_F(RegistryTest, NoMoreThanTheMaximum) {
  std::vector<sonde_backend> many(SONDE_BACKENDS_MAX, high_);
  size_t registered = 0;
  while (registered < many.size() && sonde_backend_register(&many[registered]) == SONDE_OK) registered++;
  EXPECT_EQ(registered, static_cast<size_t>(SONDE_BACKENDS_MAX - 1));  // one is built in
  EXPECT_EQ(sonde_backend_register(&many.back()), SONDE_ERR_NO_MEMORY);
  EXPECT_EQ(sonde_backend_register(&many.front()), SONDE_OK);  // is there already
  {
    const Context context;
  }
  // One leaves from the middle, and its place is free again.
  EXPECT_EQ(sonde_backend_unregister(&many[3]), SONDE_OK);
  EXPECT_EQ(sonde_backend_unregister(&many[3]), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_backend_register(&many.back()), SONDE_OK);
  EXPECT_EQ(sonde_backend_unregister(&many.back()), SONDE_OK);
  for (size_t i = 0; i < registered; i++) {
    if (i != 3) {
      EXPECT_EQ(sonde_backend_unregister(&many[i]), SONDE_OK) << i;
    }
  }
}

TEST_F(RegistryTest, UnsoundBackendsAreRefused) {
  std::vector<sonde_backend> unsound(3, high_);
  unsound[0].abi = SONDE_BACKEND_ABI + 1;
  unsound[1].name = nullptr;
  unsound[2].name = "";
  sonde_backend no_abi = high_;
  no_abi.abi = 0;
  unsound.push_back(no_abi);
  // Companion slots: a handle must be opened, closed, looked at and read by the same backend.
  std::vector<sonde_process_ops> ops(5, *fake_backend()->process);
  ops[0].open = nullptr;
  ops[1].close = nullptr;
  ops[2].is_running = nullptr;
  ops[3].read = nullptr;
  ops[4].open = nullptr, ops[4].close = nullptr, ops[4].is_running = nullptr, ops[4].read = nullptr;  // but a size
  for (const sonde_process_ops &op : ops) {
    sonde_backend backend = high_;
    backend.process = &op;
    unsound.push_back(backend);
  }
  EXPECT_EQ(sonde_backend_register(nullptr), SONDE_ERR_INVALID);
  for (size_t i = 0; i < unsound.size(); i++) {
    EXPECT_EQ(sonde_backend_register(&unsound[i]), SONDE_ERR_INVALID) << i;
    EXPECT_EQ(sonde_backend_unregister(&unsound[i]), SONDE_ERR_INVALID) << i;
    // Nor are they opened; and nothing is, before all have been looked at.
    const sonde_options options = Options({&high_, &unsound[i]});
    sonde *context = nullptr;
    EXPECT_EQ(sonde_open(&context, &options), SONDE_ERR_INVALID) << i;
    EXPECT_EQ(context, nullptr);
  }
  const sonde_options options = Options({&high_, nullptr});
  sonde *context = nullptr;
  EXPECT_EQ(sonde_open(&context, &options), SONDE_ERR_INVALID);
  EXPECT_EQ(events, "");
  EXPECT_EQ(allocator_.live_blocks(), 0u);

  // Action slots alone are fine: they are given the process without another's handle.
  sonde_process_ops actions = {};
  actions.signal = [](sonde_env *, void *, sonde_process_ref *ref, int) {
    EXPECT_EQ(ref->own, nullptr);
    EXPECT_EQ(ref->pid, 42);
    EXPECT_EQ(ref->start_id, 420u);
    return SONDE_OK;
  };
  sonde_backend plug_in = high_;
  plug_in.process = &actions;
  const sonde_options stacked = Options({&plug_in, fake_backend()});
  const Context both(&stacked);
  const Handle handle(both, 42);
  EXPECT_EQ(sonde_process_signal(handle, 9), SONDE_OK);
  EXPECT_STREQ(sonde_backend_of(both, SONDE_CAP_PROCESS_SIGNAL), "high");
  EXPECT_STREQ(sonde_backend_of(both, SONDE_CAP_PROCESS_OPEN), "fake");
}

TEST_F(RegistryTest, ClosingNeedsWhatWasOpenedOrAState) {
  sonde_backend backend = high_;
  backend.open = nullptr;
  backend.state_size = 0;
  EXPECT_EQ(sonde_backend_register(&backend), SONDE_ERR_INVALID);
  backend.close = nullptr;
  EXPECT_EQ(sonde_backend_register(&backend), SONDE_OK);
  EXPECT_EQ(sonde_backend_unregister(&backend), SONDE_OK);
  backend.close = high_.close;
  backend.state_size = sizeof(int);
  EXPECT_EQ(sonde_backend_register(&backend), SONDE_OK);
  EXPECT_EQ(sonde_backend_unregister(&backend), SONDE_OK);
  backend.open = high_.open;
  backend.state_size = 0;
  EXPECT_EQ(sonde_backend_register(&backend), SONDE_OK);
  EXPECT_EQ(sonde_backend_unregister(&backend), SONDE_OK);
}

// Those behind the one that leaves keep their order.
TEST_F(RegistryTest, OneLeavesFromTheMiddle) {
  std::vector<sonde_backend> four(4, high_);
  const char *const names[] = {"a", "b", "c", "d"};
  for (size_t i = 0; i < 4; i++) {
    four[i].name = names[i];
    ASSERT_EQ(sonde_backend_register(&four[i]), SONDE_OK);
  }
  EXPECT_EQ(sonde_backend_unregister(&four[1]), SONDE_OK);
  for (size_t i : {size_t{3}, size_t{2}, size_t{0}}) {
    {
      const Context context;
      EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_LOAD_AVERAGE), names[i]);
    }
    EXPECT_EQ(sonde_backend_unregister(&four[i]), SONDE_OK);
  }
}

TEST_F(RegistryTest, TheBuiltInOneStays) {
  const Context context;
  ASSERT_NE(context.get(), nullptr);
  EXPECT_EQ(sonde_backend_unregister(&sondei_backend_null), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_backend_unregister(nullptr), SONDE_ERR_INVALID);
}

TEST_F(RegistryTest, NoSlotsWhatever) {
  const sonde_options options = Options({&sondei_backend_null});
  const Context context(&options);
  for (int i = 0; i < SONDE_CAP_COUNT; i++) {
    EXPECT_FALSE(sonde_supports(context, static_cast<sonde_capability>(i)));
    EXPECT_EQ(sonde_backend_of(context, static_cast<sonde_capability>(i)), nullptr);
  }
}

// An open slot that stands aside: the next backend opens the process, and owns it.
TEST_F(RegistryTest, HandlesFallThroughToo) {
  static int opened = 0;
  opened = 0;
  sonde_process_ops ops = *fake_backend()->process;
  ops.open = [](sonde_env *env, void *, sonde_process_ref *ref) {
    opened++;
    ref->start_id = 4711;
    return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, nullptr, "open", "", 0);
  };
  ops.close = [](sonde_env *, void *, sonde_process_ref *) { ADD_FAILURE() << "closed what it did not open"; };
  ops.handle_size = 1000;
  ops.thread_list = nullptr;
  high_.process = &ops;
  const sonde_options options = Options({&high_, fake_backend()});
  {
    const Context context(&options);
    const Handle handle(context, 7);
    EXPECT_EQ(opened, 1);
    EXPECT_EQ(sonde_process_start_id(handle), 70u);
    EXPECT_TRUE(sonde_process_is_exact(handle));
    List<sonde_thread_list> threads;
    EXPECT_EQ(sonde_thread_list_get(handle, &threads), SONDE_OK);
    EXPECT_EQ(threads.count, 3u);
  }
  EXPECT_EQ(allocator_.live_blocks(), 0u);
}

}  // namespace
}  // namespace sonde_test
