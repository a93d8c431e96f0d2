/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_time.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Input: two numbers of 8 bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  uint64_t a = 0;
  uint64_t b = 0;
  uint64_t moment = 4711;
  uint64_t ns = 4711;
  uint64_t later = 4711;
  if (!sondei_span_read_u64(in, 0, &a) || !sondei_span_read_u64(in, 8, &b)) return 0;
  if (sondei_windows_ticks_to_ns(a, &ns)) {
    CHECK(ns % 100 == 0 && ns / 100 == a);
  } else {
    CHECK(ns == 4711 && a > UINT64_MAX / 100);
  }
  if (sondei_windows_filetime_to_moment(a, &moment)) {
    CHECK(moment / 100 + UINT64_C(116444736000000000) == a);
  } else {
    CHECK(moment == 4711);
  }
  if (sondei_windows_counter_to_ns(a, b, &ns)) {
    CHECK(ns / UINT64_C(1000000000) - a / b <= 1);
    /* It never goes back. */
    if (a < UINT64_MAX && sondei_windows_counter_to_ns(a + 1, b, &later)) CHECK(later >= ns);
  }
  return 0;
}
