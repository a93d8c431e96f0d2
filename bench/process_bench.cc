// SPDX-License-Identifier: MIT
// The hot paths against their floors: the bare system calls, with nothing parsed. bench/run compares them.
// SONDE_BENCH_PROCESSES: how many idle processes there are besides those of the machine.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sonde/sonde.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "bench/processes.h"

namespace {

// struct linux_dirent64: where its length and its name lie.
enum {
  kLengthAt = 16,
  kNameAt = 19
};

// Calls each(proc, name) for every process; the number of them.
template <typename Each>
size_t walk(Each each) {
  static char buffer[32768];
  const int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  size_t count = 0;
  for (;;) {
    const long got = syscall(SYS_getdents64, proc, buffer, sizeof buffer);
    if (got <= 0) break;
    for (long at = 0; at < got;) {
      uint16_t length;
      std::memcpy(&length, buffer + at + kLengthAt, sizeof length);
      const char *const name = buffer + at + kNameAt;
      at += length;
      if (name[0] < '0' || name[0] > '9') continue;
      each(proc, name);
      count++;
    }
  }
  close(proc);
  return count;
}

// User and system time of this process, in seconds.
double cpu_time() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Runs one operation per iteration, and counts CPU time, which other work on the machine disturbs less.
template <typename Operation>
void measure(benchmark::State &state, Operation operation) {
  size_t count = operation();
  for (auto _ : state) {
    const double before = cpu_time();
    count = operation();
    state.SetIterationTime(cpu_time() - before);
  }
  state.counters["processes"] = static_cast<double>(count);
}

void floor_pids(benchmark::State &state) {
  measure(state, [] { return walk([](int, const char *) {}); });
}

void sonde_pids(benchmark::State &state) {
  sonde *context = nullptr;
  sonde_pid_list list = {};
  if (sonde_open(&context, nullptr) != SONDE_OK) return state.SkipWithError("sonde_open");
  measure(state, [&] { return sonde_pid_list_get(context, &list) == SONDE_OK ? list.count : 0; });
  sonde_pid_list_free(&list);
  sonde_close(context);
}

void floor_table(benchmark::State &state) {
  measure(state, [] {
    return walk([](int proc, const char *name) {
      char path[64];
      char text[4096];
      const size_t length = std::strlen(name);
      std::memcpy(path, name, length);
      std::memcpy(path + length, "/stat", 6);
      const int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
      if (fd < 0) return;
      benchmark::DoNotOptimize(read(fd, text, sizeof text));
      close(fd);
    });
  });
}

void sonde_table(benchmark::State &state) {
  sonde *context = nullptr;
  sonde_process_table table = {};
  if (sonde_open(&context, nullptr) != SONDE_OK) return state.SkipWithError("sonde_open");
  measure(state, [&] {
    return sonde_process_table_refresh(context, &table, SONDE_PROCESS_STAT) == SONDE_OK ? table.count : 0;
  });
  sonde_process_table_free(&table);
  sonde_close(context);
}

// Made before the first measurement, and ended with the program.
[[maybe_unused]] const std::unique_ptr<sonde_bench::IdleProcesses> g_idle = [] {
  const char *const count = std::getenv("SONDE_BENCH_PROCESSES");
  return std::make_unique<sonde_bench::IdleProcesses>(count == nullptr ? 0 : std::strtoul(count, nullptr, 10));
}();

BENCHMARK(floor_pids)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(sonde_pids)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(floor_table)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(sonde_table)->UseManualTime()->Unit(benchmark::kMicrosecond);

}  // namespace
