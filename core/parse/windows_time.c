/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_time.h"

#define NSEC_PER_SEC UINT64_C(1000000000)
#define NSEC_PER_TICK UINT64_C(100)
/* 369 years, 89 of them leap years. */
#define UNIX_EPOCH UINT64_C(116444736000000000)

bool sondei_windows_ticks_to_ns(uint64_t ticks, uint64_t *out) {
  if (ticks > UINT64_MAX / NSEC_PER_TICK) return false;
  *out = ticks * NSEC_PER_TICK;
  return true;
}

bool sondei_windows_filetime_to_moment(uint64_t filetime, uint64_t *out) {
  return filetime >= UNIX_EPOCH && sondei_windows_ticks_to_ns(filetime - UNIX_EPOCH, out);
}

bool sondei_windows_counter_to_ns(uint64_t count, uint64_t frequency, uint64_t *out) {
  if (frequency == 0) return false;
  const uint64_t seconds = count / frequency;
  const uint64_t rest = count % frequency;
  /* Above 18 GHz the product would not fit; what is dropped there is less than a nanosecond. */
  const uint64_t scale = frequency / (UINT64_MAX / NSEC_PER_SEC) + 1;
  const uint64_t ns = rest / scale * NSEC_PER_SEC / (frequency / scale);
  if (seconds > UINT64_MAX / NSEC_PER_SEC || ns > UINT64_MAX - seconds * NSEC_PER_SEC) return false;
  *out = seconds * NSEC_PER_SEC + ns;
  return true;
}
