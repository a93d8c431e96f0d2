// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_cpu_times.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Number(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; i++) out.push_back(static_cast<char>(value >> 8 * i & 0xff));
  return out;
}

std::string Cpu(uint64_t idle, uint64_t kernel, uint64_t user, uint64_t dpc, uint64_t irq, uint32_t interrupts) {
  return Number(idle, 8) + Number(kernel, 8) + Number(user, 8) + Number(dpc, 8) + Number(irq, 8) +
         Number(interrupts, 4) + Number(0xdeadbeef, 4);
}

// "user system idle dpc irq interrupts", or what was wrong, for each CPU.
std::string Parse(const std::string &bytes) {
  sondei_span in = sondei_span_of(bytes.data(), bytes.size());
  struct sondei_windows_cpu_times cpu = {};
  sondei_parse_error err;
  std::string all;
  while (sondei_windows_next_cpu_times(&cpu, &err, &in)) {
    if (!all.empty()) all += "; ";
    if (err.expected != nullptr) {
      all += "bad at " + std::to_string(err.position) + ": " + err.expected;
      continue;
    }
    for (const uint64_t value : {cpu.user, cpu.system, cpu.idle, cpu.dpc, cpu.irq}) all += std::to_string(value) + " ";
    all += std::to_string(cpu.interrupts);
  }
  EXPECT_EQ(err.expected, nullptr);
  EXPECT_EQ(in.len, 0u);
  return all;
}

struct Row {
  const char *origin;
  std::string bytes;
  std::string expected;
};

TEST(WindowsCpuTimes, Table) {
  const std::string one = Cpu(70, 100, 20, 3, 4, 5);
  const uint64_t highest = UINT64_MAX / 100;
  const std::string top = std::to_string(highest * 100);
  const Row rows[] = {
      {"kernel time has idle time in it", one, "2000 3000 7000 300 400 5"},
      {"two CPUs", one + Cpu(1, 1, 0, 0, 0, UINT32_MAX), "2000 3000 7000 300 400 5; 0 0 100 0 0 4294967295"},
      {"a CPU of Wine 8: no interrupts", Cpu(10376100000, 11567900000, 1891500000, 0, 0, 0),
       "189150000000 119180000000 1037610000000 0 0 0"},
      {"idle was read later than kernel", Cpu(101, 100, 0, 0, 0, 0), "0 0 10100 0 0 0"},
      {"never run", Cpu(0, 0, 0, 0, 0, 0), "0 0 0 0 0 0"},
      {"as long as 64 bits hold", Cpu(0, highest, 0, 0, 0, 0), "0 " + top + " 0 0 0 0"},
      {"longer", Cpu(0, highest + 1, 0, 0, 0, 0) + one,
       "bad at 8: a time in ticks of 100 ns; 2000 3000 7000 300 400 5"},
      {"a negative time", Cpu(0, 0, 0, 0, UINT64_MAX, 0), "bad at 32: a time in ticks of 100 ns"},
      {"garbage", std::string(48, '\xff'), "bad at 0: a time in ticks of 100 ns"},
      {"truncated", one + one.substr(0, 47), "2000 3000 7000 300 400 5; bad at 0: the times of a whole CPU"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.bytes), row.expected) << row.origin;
}

}  // namespace
