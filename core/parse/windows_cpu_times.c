/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_cpu_times.h"

#include "core/parse/windows_time.h"

static bool windows_read_time(const struct sondei_windows_block *block, size_t offset, uint64_t *out) {
  uint64_t ticks = 0;
  return sondei_windows_read_u64(block, offset, &ticks) && sondei_windows_ticks_to_ns(ticks, out);
}

static bool windows_read_cpu_times(struct sondei_windows_cpu_times *out, size_t *position, sondei_span row) {
  const struct sondei_windows_block block = {row, 0, 4};
  struct sondei_windows_cpu_times read = {0};
  uint64_t kernel = 0;
  const struct {
    size_t offset;
    uint64_t *member;
  } times[] = {
      {SONDEI_WINDOWS_CPU_TIMES_IDLE, &read.idle},     {SONDEI_WINDOWS_CPU_TIMES_KERNEL, &kernel},
      {SONDEI_WINDOWS_CPU_TIMES_USER, &read.user},     {SONDEI_WINDOWS_CPU_TIMES_DPC, &read.dpc},
      {SONDEI_WINDOWS_CPU_TIMES_INTERRUPT, &read.irq},
  };
  for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
    *position = times[i].offset;
    if (!windows_read_time(&block, times[i].offset, times[i].member)) return false;
  }
  *position = SONDEI_WINDOWS_CPU_TIMES_INTERRUPTS;
  if (!sondei_windows_read_u32(&block, SONDEI_WINDOWS_CPU_TIMES_INTERRUPTS, &read.interrupts)) return false;
  /* The two are not read at one moment: an idle CPU may have more idle than kernel time. */
  read.system = kernel > read.idle ? kernel - read.idle : 0;
  *out = read;
  return true;
}

bool sondei_windows_next_cpu_times(struct sondei_windows_cpu_times *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  size_t position = 0;
  *err = (sondei_parse_error){0, NULL};
  if (whole.len == 0) return false;
  sondei_span_advance(in, SONDEI_WINDOWS_CPU_TIMES_SIZE);
  const sondei_span row = sondei_span_of(whole.data, whole.len - in->len);
  if (row.len < SONDEI_WINDOWS_CPU_TIMES_SIZE) {
    *err = (sondei_parse_error){0, "the times of a whole CPU"};
  } else if (!windows_read_cpu_times(out, &position, row)) {
    *err = (sondei_parse_error){position, "a time in ticks of 100 ns"};
  }
  return true;
}
