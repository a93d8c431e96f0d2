// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace {

constexpr uint64_t kMax = UINT64_MAX;
constexpr uint64_t k32 = UINT64_C(1) << 32;

const struct {
  const char *origin;
  uint64_t before, after;
  unsigned bits;
  uint64_t delta;
  bool reset;
} kDeltas[] = {
    {"nothing happened", 5, 5, 0, 0, false},
    {"it went on", 5, 12, 0, 7, false},
    {"from 0 to the end", 0, kMax, 64, kMax, false},
    {"32 bits wrapped", k32 - 10, 5, 32, 15, false},
    {"32 bits wrapped by one", k32 - 1, 0, 32, 1, false},
    {"32 bits, a wrap of exactly half", k32 / 2 + 7, 7, 32, k32 / 2, false},
    {"32 bits, a wrap of more than half: reset", k32 / 2 + 6, 7, 32, 7, true},
    {"32 bits, back by one: reset", 1000, 999, 32, 999, true},
    {"64 bits cannot wrap: reset", kMax - 3, 4, 64, 4, true},
    {"no wrap known: reset", k32 - 10, 5, 0, 5, true},
    {"said to be 32 bits, but larger: reset", k32 + 5, 3, 32, 3, true},
    {"said to be 32 bits, but larger, went on", k32, k32 + 5, 32, 5, false},
    {"16 bits wrapped", 65535, 3, 16, 4, false},
    {"1 bit wrapped", 1, 0, 1, 1, false},
    {"63 bits wrapped", (UINT64_C(1) << 63) - 1, 0, 63, 1, false},
    {"more bits than there are", 9, 3, 200, 3, true},
    {"to 0", 9, 0, 0, 0, true},
};

TEST(Delta, Counters) {
  for (const auto &row : kDeltas) {
    bool reset = !row.reset;
    EXPECT_EQ(sonde_counter_delta(row.before, row.after, row.bits, &reset), row.delta) << row.origin;
    EXPECT_EQ(reset, row.reset) << row.origin;
    EXPECT_EQ(sonde_counter_delta(row.before, row.after, row.bits, nullptr), row.delta) << row.origin;
  }
}

TEST(Delta, Rates) {
  EXPECT_EQ(sonde_counter_rate(10, 30, 0, SONDE_NSEC_PER_SEC), 20.0);
  EXPECT_EQ(sonde_counter_rate(10, 30, 0, 2 * SONDE_NSEC_PER_SEC), 10.0);
  EXPECT_EQ(sonde_counter_rate(10, 30, 0, SONDE_NSEC_PER_SEC / 4), 80.0);
  EXPECT_EQ(sonde_counter_rate(10, 30, 0, 0), 0.0);
  EXPECT_EQ(sonde_counter_rate(30, 10, 64, SONDE_NSEC_PER_SEC), 10.0);  // reset
  EXPECT_EQ(sonde_counter_rate(k32 - 1, 1, 32, SONDE_NSEC_PER_SEC), 2.0);
  EXPECT_TRUE(std::isfinite(sonde_counter_rate(0, kMax, 64, 1)));
}

// Numbers as counters have them: small, at powers of two, at the very end.
class Random {
 public:
  explicit Random(uint64_t seed) : random_(seed) {}
  uint64_t Any() { return random_(); }
  uint64_t Counter() {
    const uint64_t bits = random_() % 65;
    uint64_t value = bits == 0 ? 0 : random_() >> (64 - bits);
    switch (random_() % 8) {
      case 0:
        return bits == 64 ? kMax : UINT64_C(1) << bits;
      case 1:
        return bits == 0 ? kMax : (bits == 64 ? 0 : UINT64_C(1) << bits) - 1;
      default:
        return value;
    }
  }
  // A second sample: later, the same, or gone back.
  uint64_t After(uint64_t before) {
    switch (random_() % 4) {
      case 0:
        return before;
      case 1:
        return Counter();
      case 2:
        return before - (Counter() & 0xffff);
      default:
        return before + (Counter() & 0xffffffff);
    }
  }
  uint64_t Elapsed() { return random_() % 5 == 0 ? random_() % 3 : Counter(); }

 private:
  std::mt19937_64 random_;
};

constexpr int kRounds = 1000000;

TEST(DeltaProperty, Counters) {
  Random random(1);
  const unsigned all_bits[] = {0, 1, 16, 31, 32, 33, 63, 64, 65};
  for (int i = 0; i < kRounds; i++) {
    const uint64_t before = random.Counter();
    const uint64_t after = random.After(before);
    const unsigned bits = all_bits[random.Any() % 9];
    bool reset = false;
    const uint64_t delta = sonde_counter_delta(before, after, bits, &reset);
    if (after >= before) {
      ASSERT_EQ(delta, after - before);
      ASSERT_FALSE(reset);
    } else if (reset) {
      ASSERT_EQ(delta, after);
    } else {
      ASSERT_TRUE(bits > 0 && bits < 64);
      ASSERT_LE(delta, UINT64_C(1) << (bits - 1));
      ASSERT_EQ((before + delta) % (UINT64_C(1) << bits), after);
    }
    const uint64_t elapsed = random.Elapsed();
    const double rate = sonde_counter_rate(before, after, bits, elapsed);
    ASSERT_TRUE(std::isfinite(rate) && rate >= 0.0);
    if (elapsed == 0) {
      ASSERT_EQ(rate, 0.0);
    }
  }
}

sonde_cpu_times Times(uint64_t valid = UINT64_MAX) {
  sonde_cpu_times times;
  memset(&times, 0, sizeof times);
  times.valid = valid;
  return times;
}

constexpr uint64_t kLinux = 0x3ff;  // all but DPC

TEST(Delta, CpuPercents) {
  sonde_cpu_times before = Times(kLinux);
  sonde_cpu_times after = Times(kLinux);
  before.user = 1000, before.idle = 5000;
  after.user = 1100, after.guest = 30;  // 70 of its own
  after.nice = 50, after.guest_nice = 20;
  after.system = 50, after.iowait = 100, after.irq = 10, after.softirq = 20, after.steal = 70;
  after.idle = 5600;
  // 100 + 50 + 50 + 100 + 10 + 20 + 70 + 600
  sonde_cpu_percents percents;
  memset(&percents, 0xff, sizeof percents);
  sonde_cpu_percents_between(&percents, &before, &after);
  EXPECT_EQ(percents.valid, kLinux);
  EXPECT_DOUBLE_EQ(percents.user, 7.0);
  EXPECT_DOUBLE_EQ(percents.guest, 3.0);
  EXPECT_DOUBLE_EQ(percents.nice, 3.0);
  EXPECT_DOUBLE_EQ(percents.guest_nice, 2.0);
  EXPECT_DOUBLE_EQ(percents.system, 5.0);
  EXPECT_DOUBLE_EQ(percents.iowait, 10.0);
  EXPECT_DOUBLE_EQ(percents.irq, 1.0);
  EXPECT_DOUBLE_EQ(percents.softirq, 2.0);
  EXPECT_DOUBLE_EQ(percents.steal, 7.0);
  EXPECT_DOUBLE_EQ(percents.idle, 60.0);
  EXPECT_EQ(percents.dpc, 0.0);
  EXPECT_DOUBLE_EQ(percents.busy, 30.0);
  EXPECT_DOUBLE_EQ(sonde_cpu_percent(&before, &after), 30.0);
}

TEST(Delta, CpuPercentsOfFieldsThatWentBack) {
  sonde_cpu_times before = Times(kLinux);
  sonde_cpu_times after = Times(kLinux);
  // iowait and steal went back on one CPU: psutil #392, #645, #1210.
  before.iowait = 500, before.steal = 90, before.user = 10;
  after.iowait = 100, after.steal = 0, after.user = 20, after.idle = 30;
  sonde_cpu_percents percents;
  sonde_cpu_percents_between(&percents, &before, &after);
  EXPECT_EQ(percents.iowait, 0.0);
  EXPECT_EQ(percents.steal, 0.0);
  EXPECT_DOUBLE_EQ(percents.user, 25.0);
  EXPECT_DOUBLE_EQ(percents.idle, 75.0);
  // guest time can be booked before the user time that holds it.
  before = Times(kLinux), after = Times(kLinux);
  after.guest = 10, after.user = 5, after.idle = 10;
  sonde_cpu_percents_between(&percents, &before, &after);
  EXPECT_EQ(percents.user, 0.0);
  EXPECT_DOUBLE_EQ(percents.guest, 50.0);
}

TEST(Delta, CpuPercentsOfASumThatWraps) {
  sonde_cpu_times before = Times(kLinux);
  sonde_cpu_times after = Times(kLinux);
  before.user = kMax - 9, after.user = 20;  // 30
  after.idle = 70;
  EXPECT_DOUBLE_EQ(sonde_cpu_percent(&before, &after), 30.0);
  // Back by half of the range is back; by more it is a wrap.
  before.user = kMax / 2 + 5, after.user = 5;
  EXPECT_EQ(sonde_cpu_percent(&before, &after), 0.0);
  before.user = kMax / 2 + 6;
  EXPECT_DOUBLE_EQ(sonde_cpu_percent(&before, &after), 100.0);
}

TEST(Delta, CpuPercentsOnWindows) {
  const uint64_t valid =
      SONDE_CPU_TIMES_USER | SONDE_CPU_TIMES_SYSTEM | SONDE_CPU_TIMES_IDLE | SONDE_CPU_TIMES_IRQ | SONDE_CPU_TIMES_DPC;
  const sonde_cpu_times before = Times(valid);
  sonde_cpu_times after = Times(valid);
  after.user = 20, after.system = 30, after.irq = 5, after.dpc = 5, after.idle = 50;
  sonde_cpu_percents percents;
  sonde_cpu_percents_between(&percents, &before, &after);
  EXPECT_DOUBLE_EQ(percents.system, 20.0);
  EXPECT_DOUBLE_EQ(percents.irq, 5.0);
  EXPECT_DOUBLE_EQ(percents.dpc, 5.0);
  EXPECT_DOUBLE_EQ(percents.idle, 50.0);
  EXPECT_DOUBLE_EQ(percents.busy, 50.0);
}

TEST(Delta, CpuPercentsOfNothing) {
  sonde_cpu_percents percents;
  const sonde_cpu_times same = Times();
  memset(&percents, 0xff, sizeof percents);
  sonde_cpu_percents_between(&percents, &same, &same);
  EXPECT_EQ(percents.busy, 0.0);
  EXPECT_EQ(percents.idle, 0.0);
  // Fields that only one sample has, and samples of two CPUs.
  sonde_cpu_times before = Times(SONDE_CPU_TIMES_IDLE);
  sonde_cpu_times after = Times(SONDE_CPU_TIMES_IDLE | SONDE_CPU_TIMES_USER);
  after.user = 100, after.idle = 100;
  sonde_cpu_percents_between(&percents, &before, &after);
  EXPECT_EQ(percents.valid, static_cast<uint64_t>(SONDE_CPU_TIMES_IDLE));
  EXPECT_EQ(percents.user, 0.0);
  EXPECT_EQ(percents.idle, 100.0);
  after.cpu = 1;
  sonde_cpu_percents_between(&percents, &before, &after);
  EXPECT_EQ(percents.valid, 0u);
  EXPECT_EQ(percents.idle, 0.0);
  EXPECT_EQ(sonde_cpu_percent(nullptr, &after), 0.0);
  EXPECT_EQ(sonde_cpu_percent(&before, nullptr), 0.0);
  sonde_cpu_percents_between(nullptr, &before, &after);
}

TEST(DeltaProperty, CpuPercents) {
  Random random(2);
  uint64_t sonde_cpu_times::*const fields[] = {
      &sonde_cpu_times::user,   &sonde_cpu_times::system,     &sonde_cpu_times::idle,    &sonde_cpu_times::nice,
      &sonde_cpu_times::iowait, &sonde_cpu_times::irq,        &sonde_cpu_times::softirq, &sonde_cpu_times::steal,
      &sonde_cpu_times::guest,  &sonde_cpu_times::guest_nice, &sonde_cpu_times::dpc};
  double sonde_cpu_percents::*const shares[] = {
      &sonde_cpu_percents::user,       &sonde_cpu_percents::system, &sonde_cpu_percents::idle,
      &sonde_cpu_percents::nice,       &sonde_cpu_percents::iowait, &sonde_cpu_percents::irq,
      &sonde_cpu_percents::softirq,    &sonde_cpu_percents::steal,  &sonde_cpu_percents::guest,
      &sonde_cpu_percents::guest_nice, &sonde_cpu_percents::dpc};
  for (int i = 0; i < kRounds; i++) {
    sonde_cpu_times before = Times(random.Any());
    sonde_cpu_times after = Times(random.Any());
    for (auto field : fields) {
      before.*field = random.Counter();
      after.*field = random.After(before.*field);
    }
    sonde_cpu_percents percents;
    sonde_cpu_percents_between(&percents, &before, &after);
    double sum = 0;
    for (auto share : shares) {
      ASSERT_TRUE(std::isfinite(percents.*share));
      ASSERT_GE(percents.*share, 0.0);
      ASSERT_LE(percents.*share, 100.0);
      sum += percents.*share;
    }
    ASSERT_TRUE(percents.busy >= 0.0 && percents.busy <= 100.0);
    // All of the time is told, each part once.
    if (sum != 0.0) {
      ASSERT_NEAR(sum, 100.0, 1e-9);
    }
    ASSERT_NEAR(percents.busy, sum - percents.idle - percents.iowait, 1e-9);
  }
}

sonde_process Process(sonde_pid pid, uint64_t start_id, uint64_t user, uint64_t system) {
  sonde_process process;
  memset(&process, 0, sizeof process);
  process.pid = pid;
  process.start_id = start_id;
  process.valid = SONDE_PROCESS_STAT;
  process.user_time = user;
  process.system_time = system;
  return process;
}

TEST(Delta, ProcessCpuPercent) {
  const sonde_process before = Process(7, 100, 1000, 500);
  sonde_process after = Process(7, 100, 1200, 800);
  EXPECT_DOUBLE_EQ(sonde_process_cpu_percent(&before, &after, 1000), 50.0);
  EXPECT_DOUBLE_EQ(sonde_process_cpu_percent(&before, &after, 100), 500.0);  // several threads
  EXPECT_EQ(sonde_process_cpu_percent(&before, &after, 0), 0.0);
  EXPECT_EQ(sonde_process_cpu_percent(&after, &before, 1000), 0.0);
  after.start_id = 101;
  EXPECT_EQ(sonde_process_cpu_percent(&before, &after, 1000), 0.0);
  after.start_id = 100, after.pid = 8;
  EXPECT_EQ(sonde_process_cpu_percent(&before, &after, 1000), 0.0);
  after.pid = 7, after.valid &= ~SONDE_PROCESS_CPU_TIMES;
  EXPECT_EQ(sonde_process_cpu_percent(&before, &after, 1000), 0.0);
  EXPECT_EQ(sonde_process_cpu_percent(&after, &before, 1000), 0.0);
  EXPECT_EQ(sonde_process_cpu_percent(nullptr, &before, 1000), 0.0);
  EXPECT_EQ(sonde_process_cpu_percent(&before, nullptr, 1000), 0.0);
}

TEST(DeltaProperty, ProcessCpuPercent) {
  Random random(3);
  for (int i = 0; i < kRounds; i++) {
    const sonde_process before = Process(1, 1, random.Counter(), random.Counter());
    const sonde_process after = Process(1, 1, random.After(before.user_time), random.After(before.system_time));
    const double percent = sonde_process_cpu_percent(&before, &after, random.Elapsed());
    ASSERT_TRUE(std::isfinite(percent) && percent >= 0.0);
  }
}

TEST(Delta, MemoryPercents) {
  sonde_virtual_memory memory;
  memset(&memory, 0, sizeof memory);
  memory.total = 200, memory.used = 50;
  EXPECT_EQ(sonde_virtual_memory_percent(&memory), 0.0);  // not valid
  memory.valid = SONDE_MEMORY_TOTAL | SONDE_MEMORY_USED;
  EXPECT_DOUBLE_EQ(sonde_virtual_memory_percent(&memory), 25.0);
  memory.used = 300;
  EXPECT_EQ(sonde_virtual_memory_percent(&memory), 100.0);
  memory.total = 0;
  EXPECT_EQ(sonde_virtual_memory_percent(&memory), 0.0);
  EXPECT_EQ(sonde_virtual_memory_percent(nullptr), 0.0);

  sonde_swap_memory swap;
  memset(&swap, 0, sizeof swap);
  swap.total = 200, swap.used = 50;
  EXPECT_EQ(sonde_swap_memory_percent(&swap), 0.0);
  swap.valid = SONDE_SWAP_TOTAL | SONDE_SWAP_USED;
  EXPECT_DOUBLE_EQ(sonde_swap_memory_percent(&swap), 25.0);
  swap.used = UINT64_MAX;  // SwapFree > SwapTotal: FIELD 4.1
  EXPECT_EQ(sonde_swap_memory_percent(&swap), 100.0);
  swap.total = 0;
  EXPECT_EQ(sonde_swap_memory_percent(&swap), 0.0);
  EXPECT_EQ(sonde_swap_memory_percent(nullptr), 0.0);

  sonde_process process = Process(1, 1, 0, 0);
  process.rss = 20;
  memory.total = 200;
  EXPECT_DOUBLE_EQ(sonde_process_memory_percent(&process, &memory), 10.0);
  process.valid = 0;
  EXPECT_EQ(sonde_process_memory_percent(&process, &memory), 0.0);
  process.valid = SONDE_PROCESS_RSS, memory.valid = 0;
  EXPECT_EQ(sonde_process_memory_percent(&process, &memory), 0.0);
  EXPECT_EQ(sonde_process_memory_percent(nullptr, &memory), 0.0);
  EXPECT_EQ(sonde_process_memory_percent(&process, nullptr), 0.0);
}

TEST(Delta, DiskUsagePercentIsThatOfDf) {
  sonde_disk_usage usage;
  memset(&usage, 0, sizeof usage);
  usage.total = 100, usage.used = 60, usage.free = 20, usage.reserved = 20;
  EXPECT_EQ(sonde_disk_usage_percent(&usage), 0.0);
  usage.valid = SONDE_DISK_USAGE_SPACE;
  EXPECT_DOUBLE_EQ(sonde_disk_usage_percent(&usage), 75.0);
  usage.used = usage.free = 0;
  EXPECT_EQ(sonde_disk_usage_percent(&usage), 0.0);
  usage.used = usage.free = UINT64_MAX;
  EXPECT_DOUBLE_EQ(sonde_disk_usage_percent(&usage), 50.0);
  EXPECT_EQ(sonde_disk_usage_percent(nullptr), 0.0);
}

TEST(DeltaProperty, BoundedPercents) {
  Random random(4);
  for (int i = 0; i < kRounds; i++) {
    sonde_virtual_memory memory;
    memset(&memory, 0, sizeof memory);
    memory.valid = random.Any(), memory.total = random.Counter(), memory.used = random.Counter();
    sonde_swap_memory swap;
    memset(&swap, 0, sizeof swap);
    swap.valid = random.Any(), swap.total = random.Counter(), swap.used = random.Counter();
    sonde_disk_usage usage;
    memset(&usage, 0, sizeof usage);
    usage.valid = random.Any(), usage.used = random.Counter(), usage.free = random.Counter();
    sonde_process process = Process(1, 1, 0, 0);
    process.rss = random.Counter();
    for (double percent : {sonde_virtual_memory_percent(&memory), sonde_swap_memory_percent(&swap),
                           sonde_disk_usage_percent(&usage), sonde_process_memory_percent(&process, &memory)}) {
      ASSERT_TRUE(percent >= 0.0 && percent <= 100.0);
    }
  }
}

constexpr uint64_t sonde_disk_io::*kDiskFields[] = {
    &sonde_disk_io::read_count,    &sonde_disk_io::write_count,    &sonde_disk_io::read_bytes,
    &sonde_disk_io::write_bytes,   &sonde_disk_io::read_time,      &sonde_disk_io::write_time,
    &sonde_disk_io::read_merged,   &sonde_disk_io::write_merged,   &sonde_disk_io::busy_time,
    &sonde_disk_io::weighted_time, &sonde_disk_io::in_flight,      &sonde_disk_io::discard_count,
    &sonde_disk_io::discard_bytes, &sonde_disk_io::discard_merged, &sonde_disk_io::discard_time,
    &sonde_disk_io::flush_count,   &sonde_disk_io::flush_time};
constexpr uint64_t kDiskBits[] = {SONDE_DISK_IO_COUNTS,        SONDE_DISK_IO_COUNTS,    SONDE_DISK_IO_BYTES,
                                  SONDE_DISK_IO_BYTES,         SONDE_DISK_IO_TIMES,     SONDE_DISK_IO_TIMES,
                                  SONDE_DISK_IO_MERGED,        SONDE_DISK_IO_MERGED,    SONDE_DISK_IO_BUSY_TIME,
                                  SONDE_DISK_IO_WEIGHTED_TIME, SONDE_DISK_IO_IN_FLIGHT, SONDE_DISK_IO_DISCARD,
                                  SONDE_DISK_IO_DISCARD,       SONDE_DISK_IO_DISCARD,   SONDE_DISK_IO_DISCARD,
                                  SONDE_DISK_IO_FLUSH,         SONDE_DISK_IO_FLUSH};
constexpr uint64_t kDiskAll = 0x1ff;

sonde_disk_io Disk(uint64_t value, uint64_t valid = kDiskAll) {
  sonde_disk_io row;
  memset(&row, 0, sizeof row);
  row.name = {"sda", 3};
  row.valid = valid;
  for (size_t i = 0; i < 17; i++) row.*kDiskFields[i] = (valid & kDiskBits[i]) != 0 ? value + i : 0;
  return row;
}

TEST(Delta, DiskSum) {
  std::vector<sonde_disk_io> rows = {Disk(100), Disk(1000, kDiskAll & ~static_cast<uint64_t>(SONDE_DISK_IO_FLUSH)),
                                     Disk(7), Disk(9, 0)};
  rows[2].partition = true;
  rows[3].status = SONDE_ERR_PARSE;
  const sonde_disk_io_list list = {rows.data(), rows.size(), 1, nullptr};
  sonde_disk_io sum;
  memset(&sum, 0xff, sizeof sum);
  sonde_disk_io_sum(&sum, &list);
  EXPECT_EQ(sum.status, SONDE_OK);
  EXPECT_STREQ(sum.name.data, "");
  EXPECT_EQ(sum.name.len, 0u);
  EXPECT_FALSE(sum.partition);
  EXPECT_EQ(sum.valid, kDiskAll & ~static_cast<uint64_t>(SONDE_DISK_IO_FLUSH));
  for (size_t i = 0; i < 15; i++) EXPECT_EQ(sum.*kDiskFields[i], 1100 + 2 * i) << i;
  EXPECT_EQ(sum.flush_count, 0u);  // not in every row
  EXPECT_EQ(sum.flush_time, 0u);

  rows[0].read_bytes = kMax;
  sonde_disk_io_sum(&sum, &list);
  EXPECT_EQ(sum.read_bytes, kMax);  // not wrapped

  const sonde_disk_io_list none = {nullptr, 0, 0, nullptr};
  for (const sonde_disk_io_list *empty : {&none, static_cast<const sonde_disk_io_list *>(nullptr)}) {
    memset(&sum, 0xff, sizeof sum);
    sonde_disk_io_sum(&sum, empty);
    EXPECT_EQ(sum.valid, 0u);
    EXPECT_EQ(sum.read_count, 0u);
    EXPECT_STREQ(sum.name.data, "");
  }
  sonde_disk_io_sum(nullptr, &list);
}

constexpr uint64_t sonde_net_io::*kNetFields[] = {
    &sonde_net_io::bytes_sent, &sonde_net_io::bytes_recv, &sonde_net_io::packets_sent,  &sonde_net_io::packets_recv,
    &sonde_net_io::errin,      &sonde_net_io::errout,     &sonde_net_io::dropin,        &sonde_net_io::dropout,
    &sonde_net_io::multicast,  &sonde_net_io::collisions, &sonde_net_io::fifo_in,       &sonde_net_io::fifo_out,
    &sonde_net_io::frame,      &sonde_net_io::carrier,    &sonde_net_io::compressed_in, &sonde_net_io::compressed_out};
constexpr uint64_t kNetAll = 0x1ff;

sonde_net_io Net(uint64_t value) {
  sonde_net_io row;
  memset(&row, 0, sizeof row);
  row.name = {"eth0", 4};
  row.valid = kNetAll;
  for (size_t i = 0; i < 16; i++) row.*kNetFields[i] = value + i;
  return row;
}

TEST(Delta, NetSum) {
  std::vector<sonde_net_io> rows = {Net(100), Net(1000), Net(5)};
  rows[2].status = SONDE_ERR_OS;
  const sonde_net_io_list list = {rows.data(), rows.size(), 1, nullptr};
  sonde_net_io sum;
  memset(&sum, 0xff, sizeof sum);
  sonde_net_io_sum(&sum, &list);
  EXPECT_EQ(sum.status, SONDE_OK);
  EXPECT_STREQ(sum.name.data, "");
  EXPECT_EQ(sum.valid, kNetAll);
  for (size_t i = 0; i < 16; i++) EXPECT_EQ(sum.*kNetFields[i], 1100 + 2 * i) << i;
  rows[0].valid = SONDE_NET_IO_BYTES;
  sonde_net_io_sum(&sum, &list);
  EXPECT_EQ(sum.valid, static_cast<uint64_t>(SONDE_NET_IO_BYTES));
  EXPECT_EQ(sum.bytes_recv, 1102u);
  for (size_t i = 2; i < 16; i++) EXPECT_EQ(sum.*kNetFields[i], 0u) << i;
  sonde_net_io_sum(&sum, nullptr);
  EXPECT_EQ(sum.valid, 0u);
  sonde_net_io_sum(nullptr, &list);
}

TEST(Delta, DiskRates) {
  const sonde_disk_io before = Disk(1000);
  sonde_disk_io after = Disk(3000);
  after.busy_time = before.busy_time + SONDE_NSEC_PER_SEC / 2;
  sonde_disk_io_rate rate;
  sonde_disk_io_rate_between(&rate, &before, &after, 2 * SONDE_NSEC_PER_SEC);
  EXPECT_DOUBLE_EQ(rate.read_count, 1000.0);
  EXPECT_DOUBLE_EQ(rate.write_count, 1000.0);
  EXPECT_DOUBLE_EQ(rate.read_bytes, 1000.0);
  EXPECT_DOUBLE_EQ(rate.write_bytes, 1000.0);
  EXPECT_DOUBLE_EQ(rate.busy_ratio, 0.25);
  sonde_disk_io_rate_between(&rate, &after, &before, SONDE_NSEC_PER_SEC);  // replugged
  EXPECT_DOUBLE_EQ(rate.read_count, 1000.0);
  after.valid = SONDE_DISK_IO_BYTES;
  sonde_disk_io_rate_between(&rate, &before, &after, 2 * SONDE_NSEC_PER_SEC);
  EXPECT_EQ(rate.read_count, 0.0);
  EXPECT_DOUBLE_EQ(rate.read_bytes, 1000.0);
  EXPECT_EQ(rate.busy_ratio, 0.0);
  sonde_disk_io_rate_between(&rate, &before, &after, 0);
  EXPECT_EQ(rate.read_bytes, 0.0);
  sonde_disk_io_rate_between(&rate, nullptr, &after, 1);
  EXPECT_EQ(rate.read_bytes, 0.0);
  sonde_disk_io_rate_between(nullptr, &before, &after, 1);
}

TEST(Delta, NetRates) {
  const sonde_net_io before = Net(1000);
  sonde_net_io after = Net(3000);
  sonde_net_io_rate rate;
  sonde_net_io_rate_between(&rate, &before, &after, 2 * SONDE_NSEC_PER_SEC);
  EXPECT_DOUBLE_EQ(rate.bytes_sent, 1000.0);
  EXPECT_DOUBLE_EQ(rate.bytes_recv, 1000.0);
  EXPECT_DOUBLE_EQ(rate.packets_sent, 1000.0);
  EXPECT_DOUBLE_EQ(rate.packets_recv, 1000.0);
  after.valid = SONDE_NET_IO_PACKETS;
  sonde_net_io_rate_between(&rate, &before, &after, SONDE_NSEC_PER_SEC);
  EXPECT_EQ(rate.bytes_sent, 0.0);
  EXPECT_DOUBLE_EQ(rate.packets_sent, 2000.0);
  sonde_net_io_rate_between(&rate, &before, nullptr, 1);
  EXPECT_EQ(rate.packets_sent, 0.0);
  sonde_net_io_rate_between(nullptr, &before, &after, 1);
}

TEST(DeltaProperty, DiskAndNetRates) {
  Random random(5);
  for (int i = 0; i < kRounds; i++) {
    sonde_disk_io before = Disk(random.Counter() / 2);
    sonde_disk_io after = Disk(random.Counter() / 2);
    before.busy_time = random.Counter();
    after.busy_time = random.After(before.busy_time);
    const uint64_t elapsed = random.Elapsed();
    sonde_disk_io_rate disk;
    sonde_disk_io_rate_between(&disk, &before, &after, elapsed);
    for (double rate : {disk.read_count, disk.write_count, disk.read_bytes, disk.write_bytes}) {
      ASSERT_TRUE(std::isfinite(rate) && rate >= 0.0);
    }
    ASSERT_TRUE(disk.busy_ratio >= 0.0 && disk.busy_ratio <= 1.0);
    const sonde_net_io net_before = Net(random.Counter() / 2);
    const sonde_net_io net_after = Net(random.Counter() / 2);
    sonde_net_io_rate net;
    sonde_net_io_rate_between(&net, &net_before, &net_after, elapsed);
    for (double rate : {net.bytes_sent, net.bytes_recv, net.packets_sent, net.packets_recv}) {
      ASSERT_TRUE(std::isfinite(rate) && rate >= 0.0);
    }
  }
}

}  // namespace
