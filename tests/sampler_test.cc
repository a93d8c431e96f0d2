// SPDX-License-Identifier: MIT
// Samplers, over a machine whose clocks and processes the test moves; and over the real one.
#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "tests/support/allocator.h"
#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/fake_backend.h"

namespace sonde_test {
namespace {

struct Process {
  sonde_pid pid;
  uint64_t start_id;
  uint64_t start_time;
  uint64_t user, system;
  uint64_t valid;
};

struct World {
  sonde_host_times times;
  sonde_cpu_times cpu;
  std::vector<Process> processes;
  uint64_t fields;
  sonde_status fails;
};
World world;

constexpr uint64_t kSecond = SONDE_NSEC_PER_SEC;
constexpr uint64_t kStat = SONDE_PROCESS_STAT;

class SamplerTest : public testing::Test {
 protected:
  SamplerTest() {
    world = World();
    world.times.valid = 0xf;
    world.times.boot_time = 1000 * kSecond, world.times.uptime = 500 * kSecond;
    world.times.now = 9999 * kSecond;  // the wall clock was set since
    world.times.monotonic = 400 * kSecond;
    host_.times = [](sonde_env *, void *, sonde_host_times *out) {
      *out = world.times;
      return SONDE_OK;
    };
    cpu_.times = [](sonde_env *env, void *, sonde_cpu_times *out) {
      if (world.fails != SONDE_OK) return sonde_env_fail(env, world.fails, 0, nullptr, "read", "", 0);
      *out = world.cpu;
      out->cpu = SONDE_CPU_TOTAL;
      return SONDE_OK;
    };
    process_.table = [](sonde_env *env, void *, sonde_fill *out, uint64_t fields) {
      world.fields = fields;
      for (const Process &process : world.processes) {
        sonde_process *const row = static_cast<sonde_process *>(sonde_fill_row(out));
        if (row == nullptr) return SONDE_ERR_NO_MEMORY;
        row->pid = process.pid, row->start_id = process.start_id, row->start_time = process.start_time;
        row->user_time = process.user, row->system_time = process.system, row->valid = process.valid;
      }
      if (world.fails != SONDE_OK) return sonde_env_fail(env, world.fails, 0, nullptr, "read", "", 0);
      return SONDE_OK;
    };
    backend_.host = &host_, backend_.cpu = &cpu_, backend_.process = &process_;
    options_.backends = &pointer_;
    options_.num_backends = 1;
    options_.allocator = allocator_.hooks();
    EXPECT_EQ(sonde_open(&context_, &options_), SONDE_OK);
    EXPECT_EQ(sonde_process_sampler_open(context_, &processes_), SONDE_OK);
    EXPECT_EQ(sonde_cpu_sampler_open(context_, &cpus_), SONDE_OK);
  }
  ~SamplerTest() override {
    sonde_process_table_free(&table_);
    sonde_process_sampler_close(processes_);
    sonde_cpu_sampler_close(cpus_);
    sonde_close(context_);
    EXPECT_EQ(allocator_.live_blocks(), 0u);
  }

  static void Pass(uint64_t elapsed) {
    world.times.monotonic += elapsed;
    world.times.uptime += elapsed;
  }

  std::vector<double> Refresh() {
    const double *percents = nullptr;
    const sonde_status status = sonde_process_sampler_refresh(processes_, &table_, &percents, 0);
    EXPECT_EQ(status, SONDE_OK) << last_error(context_);
    return status == SONDE_OK ? std::vector<double>(percents, percents + table_.count) : std::vector<double>();
  }

  sonde_host_ops host_ = {};
  sonde_cpu_ops cpu_ = {};
  sonde_process_ops process_ = {};
  sonde_backend backend_ = *fake_backend();
  const sonde_backend *pointer_ = &backend_;
  Allocator allocator_;
  sonde_options options_ = {};
  sonde *context_ = nullptr;
  sonde_process_sampler *processes_ = nullptr;
  sonde_cpu_sampler *cpus_ = nullptr;
  sonde_process_table table_ = {};
};

TEST_F(SamplerTest, CpuSinceBootAndThenSinceTheLastCall) {
  world.cpu.valid = SONDE_CPU_TIMES_USER | SONDE_CPU_TIMES_IDLE;
  world.cpu.user = 100, world.cpu.idle = 300;
  sonde_cpu_percents percents;
  ASSERT_EQ(sonde_cpu_sampler_percents(cpus_, &percents), SONDE_OK);
  EXPECT_DOUBLE_EQ(percents.busy, 25.0);
  EXPECT_EQ(percents.valid, world.cpu.valid);
  world.cpu.user = 190, world.cpu.idle = 310;
  ASSERT_EQ(sonde_cpu_sampler_percents(cpus_, &percents), SONDE_OK);
  EXPECT_DOUBLE_EQ(percents.busy, 90.0);
  // A failure leaves the output and the sample alone.
  world.fails = SONDE_ERR_OS;
  world.cpu.user = 1000;
  EXPECT_EQ(sonde_cpu_sampler_percents(cpus_, &percents), SONDE_ERR_OS);
  EXPECT_DOUBLE_EQ(percents.busy, 90.0);
  world.fails = SONDE_OK;
  world.cpu.user = 200, world.cpu.idle = 340;
  ASSERT_EQ(sonde_cpu_sampler_percents(cpus_, &percents), SONDE_OK);
  EXPECT_DOUBLE_EQ(percents.busy, 25.0);
  ASSERT_EQ(sonde_cpu_sampler_percents(cpus_, &percents), SONDE_OK);  // at once
  EXPECT_EQ(percents.busy, 0.0);
}

TEST_F(SamplerTest, ProcessesSinceTheirStartAndThenSinceTheLastCall) {
  // Up for 500 s: started 100 s and 10 s ago.
  world.processes = {{1, 1, 1400 * kSecond, 20 * kSecond, 5 * kSecond, kStat},
                     {2, 2, 1490 * kSecond, 10 * kSecond, 10 * kSecond, kStat}};
  EXPECT_EQ(Refresh(), (std::vector<double>{25.0, 200.0}));
  EXPECT_EQ(world.fields, kStat);
  Pass(2 * kSecond);
  world.processes[0].user += kSecond;
  world.processes[1].system += 3 * kSecond;
  EXPECT_EQ(Refresh(), (std::vector<double>{50.0, 150.0}));
  EXPECT_EQ(Refresh(), (std::vector<double>{0.0, 0.0}));  // no time has passed
}

TEST_F(SamplerTest, RowsAreMatchedByIdentityWhateverTheirOrder) {
  world.processes = {{1, 1, 0, 0, 0, kStat}, {2, 2, 0, 0, 0, kStat}, {3, 3, 0, 0, 0, kStat}};
  Refresh();
  Pass(kSecond);
  world.processes = {{3, 3, 0, kSecond / 2, 0, kStat},
                     {4, 40, 1500 * kSecond, kSecond / 4, 0, kStat},                // new, for the one second
                     {1, 10, 1500 * kSecond + kSecond / 2, kSecond / 2, 0, kStat},  // pid 1 again, another process
                     {2, 2, 0, kSecond, 0, kStat}};
  EXPECT_EQ(Refresh(), (std::vector<double>{50.0, 25.0, 100.0, 100.0}));
}

TEST_F(SamplerTest, TimesThatWentBackAreNotNegative) {
  world.processes = {{1, 1, 0, 100, 100, kStat}};
  Refresh();
  Pass(kSecond);
  world.processes[0].user = 50, world.processes[0].system = 100 + kSecond / 10;
  EXPECT_EQ(Refresh(), std::vector<double>{10.0});
  Pass(kSecond);
  world.processes[0].user = 0;
  EXPECT_EQ(Refresh(), std::vector<double>{0.0});
  world.times.monotonic -= 100 * kSecond;  // no monotonic clock does that
  world.processes[0].user = kSecond;
  EXPECT_EQ(Refresh(), std::vector<double>{0.0});
}

TEST_F(SamplerTest, RowsThatTellLess) {
  const uint64_t no_times = kStat & ~SONDE_PROCESS_CPU_TIMES;
  const uint64_t no_start = kStat & ~SONDE_PROCESS_START_TIME;
  world.processes = {{1, 1, 0, kSecond, 0, no_times}, {2, 0, 0, kSecond, 0, no_start}};
  EXPECT_EQ(Refresh(), (std::vector<double>{0.0, 0.0}));
  Pass(kSecond);
  world.processes[1].user += kSecond / 2;
  EXPECT_EQ(Refresh(), (std::vector<double>{0.0, 50.0}));
  // Times that are told from now on count since the start, not since a call that did not tell them.
  world.processes = {{1, 1, 1400 * kSecond, 10 * kSecond, 0, no_times}};
  Refresh();
  world.processes[0].valid = kStat;
  world.processes[0].start_time = 1000 * kSecond + world.times.uptime - 20 * kSecond;
  EXPECT_EQ(Refresh(), std::vector<double>{50.0});
  // A process from the future, by a wall clock that was set.
  world.processes = {{3, 3, UINT64_MAX, kSecond, 0, kStat}};
  EXPECT_EQ(Refresh(), std::vector<double>{0.0});
}

TEST_F(SamplerTest, AMachineSeenFromOutsideHasOnlyItsUptime) {
  world.times.valid = SONDE_HOST_TIMES_BOOT_TIME | SONDE_HOST_TIMES_UPTIME;
  world.processes = {{1, 1, 1400 * kSecond, 50 * kSecond, 0, kStat}};
  EXPECT_EQ(Refresh(), std::vector<double>{50.0});
  world.times.uptime += 2 * kSecond;
  world.processes[0].user += kSecond;
  EXPECT_EQ(Refresh(), std::vector<double>{50.0});
}

TEST_F(SamplerTest, WithoutUptimeTheWallClockTellsTheAge) {
  world.times.valid = SONDE_HOST_TIMES_NOW | SONDE_HOST_TIMES_MONOTONIC;
  world.processes = {{1, 1, 9899 * kSecond, 50 * kSecond, 0, kStat}};
  EXPECT_EQ(Refresh(), std::vector<double>{50.0});
}

TEST_F(SamplerTest, WithoutAnyClock) {
  world.times.valid = SONDE_HOST_TIMES_NOW;
  world.processes = {{1, 1, 1, 1, 1, kStat}};
  const double *percents = nullptr;
  EXPECT_EQ(sonde_process_sampler_refresh(processes_, &table_, &percents, 0), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(percents, nullptr);
  EXPECT_EQ(table_.memory, nullptr);
  sonde_error error;
  sonde_last_error(context_, &error);
  EXPECT_EQ(error.status, SONDE_ERR_UNSUPPORTED);
}

TEST_F(SamplerTest, FieldsAreThoseAskedForAndStat) {
  const double *percents = nullptr;
  ASSERT_EQ(sonde_process_sampler_refresh(processes_, &table_, &percents, SONDE_PROCESS_CMDLINE), SONDE_OK);
  EXPECT_EQ(world.fields, kStat | SONDE_PROCESS_CMDLINE);
  EXPECT_EQ(table_.count, 0u);
}

TEST_F(SamplerTest, Arguments) {
  const double *percents = nullptr;
  sonde_cpu_percents cpu;
  EXPECT_EQ(sonde_process_sampler_refresh(nullptr, &table_, &percents, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_sampler_refresh(processes_, nullptr, &percents, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_sampler_refresh(processes_, &table_, nullptr, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_sampler_refresh(processes_, &table_, &percents, SONDE_PROCESS_ALL + 1), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_cpu_sampler_percents(nullptr, &cpu), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_cpu_sampler_percents(cpus_, nullptr), SONDE_ERR_INVALID);
  sonde_cpu_sampler *sampler = nullptr;
  sonde_process_sampler *process_sampler = nullptr;
  EXPECT_EQ(sonde_cpu_sampler_open(nullptr, &sampler), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_cpu_sampler_open(context_, nullptr), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_sampler_open(nullptr, &process_sampler), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_sampler_open(context_, nullptr), SONDE_ERR_INVALID);
  sonde_cpu_sampler_close(nullptr);
  sonde_process_sampler_close(nullptr);
}

TEST_F(SamplerTest, ManyProcessesComeAndGoWithoutAllocation) {
  // Ids that a simple hash would put into one place.
  for (sonde_pid i = 0; i < 5000; i++) {
    world.processes.push_back({i * 65536, static_cast<uint64_t>(i) << 32, 0, 0, 0, kStat});
  }
  for (int i = 0; i < 2; i++) Refresh();
  const uint64_t before = allocator_.requests();
  for (int round = 0; round < 20; round++) {
    Pass(kSecond);
    for (size_t i = 0; i < world.processes.size(); i++) world.processes[i].user += i * 1000;
    std::rotate(world.processes.begin(), world.processes.begin() + 17, world.processes.end());
    const std::vector<uint64_t> users = [] {
      std::vector<uint64_t> result;
      for (const Process &process : world.processes) result.push_back(process.user);
      return result;
    }();
    const std::vector<double> percents = Refresh();
    ASSERT_EQ(percents.size(), 5000u);
    for (size_t i = 0; i < percents.size(); i++) {
      const size_t had = (i + 17) % 5000;  // its index when its time was counted
      ASSERT_DOUBLE_EQ(percents[i], static_cast<double>(had) * 1000 / 1e9 * 100);
    }
  }
  EXPECT_EQ(allocator_.requests(), before);
}

TEST_F(SamplerTest, WithoutMemoryNothingChanges) {
  world.processes = {{1, 1, 1400 * kSecond, 0, 0, kStat}};
  EXPECT_EQ(Refresh(), std::vector<double>{0.0});
  Pass(kSecond);
  world.processes[0].user = kSecond;
  for (sonde_pid i = 2; i < 1000; i++) world.processes.push_back({i, 1, 1400 * kSecond, 0, 0, kStat});
  for (uint64_t n = 1;; n++) {
    allocator_.fail(n);
    const double *percents = nullptr;
    const sonde_status status = sonde_process_sampler_refresh(processes_, &table_, &percents, 0);
    const bool failed = allocator_.failures() > 0;
    allocator_.fail(0);
    if (!failed) {
      ASSERT_EQ(status, SONDE_OK);
      EXPECT_EQ(percents[0], 100.0);  // since the last call that succeeded
      break;
    }
    EXPECT_EQ(status, SONDE_ERR_NO_MEMORY);
    EXPECT_EQ(percents, nullptr);
    EXPECT_EQ(table_.count, 1u);
    sonde_error error;
    sonde_last_error(context_, &error);
    EXPECT_EQ(error.status, SONDE_ERR_NO_MEMORY);
  }
  world.fails = SONDE_ERR_OS;
  Pass(kSecond);
  const double *percents = nullptr;
  EXPECT_EQ(sonde_process_sampler_refresh(processes_, &table_, &percents, 0), SONDE_ERR_OS);
  world.fails = SONDE_OK;
  world.processes[0].user += kSecond;
  EXPECT_EQ(Refresh()[0], 100.0);
}

TEST(LiveSampler, ABusyChildAndASleepingOne) {
  const Context context;
  if (!sonde_supports(context, SONDE_CAP_PROCESS_TABLE) || !sonde_supports(context, SONDE_CAP_HOST_TIMES)) {
    GTEST_SKIP() << "the backend of this system has no process table or no clock";
  }
  const Child busy = Child::busy();
  const Child sleeping = Child::sleeping();
  sonde_process_sampler *sampler = nullptr;
  ASSERT_EQ(sonde_process_sampler_open(context, &sampler), SONDE_OK);
  List<sonde_process_table> table;
  const double *percents = nullptr;
  ASSERT_EQ(sonde_process_sampler_refresh(sampler, &table, &percents, 0), SONDE_OK) << context.error();
  // Until the busy one has used 50 ms, as the machine allows.
  double share = 0.0;
  double idle_share = -1.0;
  uint64_t used = 0;
  const size_t first = sonde_process_table_find(&table, busy.pid());
  ASSERT_NE(first, SIZE_MAX);
  const uint64_t begin = table[first].user_time + table[first].system_time;
  while (used < 50000000) {
    ASSERT_EQ(sonde_process_sampler_refresh(sampler, &table, &percents, 0), SONDE_OK) << context.error();
    const size_t row = sonde_process_table_find(&table, busy.pid());
    ASSERT_NE(row, SIZE_MAX);
    share = std::max(share, percents[row]);
    used = table[row].user_time + table[row].system_time - begin;
    const size_t other = sonde_process_table_find(&table, sleeping.pid());
    ASSERT_NE(other, SIZE_MAX);
    idle_share = std::max(idle_share, percents[other]);
    for (size_t i = 0; i < table.count; i++) ASSERT_TRUE(std::isfinite(percents[i]) && percents[i] >= 0.0);
  }
  EXPECT_GT(share, 0.0);
  EXPECT_EQ(idle_share, 0.0);
  sonde_process_sampler_close(sampler);
}

}  // namespace
}  // namespace sonde_test
