/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_process_chain.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_threads(const struct sondei_windows_process *process, const uint8_t *data, size_t size) {
  struct sondei_windows_block threads = process->threads;
  struct sondei_windows_block before = threads;
  struct sondei_windows_thread thread;
  sondei_parse_error err;
  uint32_t count = 0;
  CHECK(process->num_threads == 0 || check_inside(threads.bytes, data, size));
  while (sondei_windows_next_thread(&thread, &err, &threads)) {
    CHECK(check_progress(before.bytes, threads.bytes, &err) && err.expected == NULL);
    before = threads;
    count++;
  }
  CHECK(count == process->num_threads);
}

/* First byte: the width of pointers and where the block lies; then the chain, and the same as threads alone. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const struct sondei_windows_block block = {sondei_span_of((const char *)data + 1, size - 1),
                                             (data[0] & 2) != 0 ? UINT64_MAX - 7 : 0x10000, (data[0] & 1) != 0 ? 8 : 4};
  struct sondei_windows_block in = block;
  struct sondei_windows_block before = in;
  struct sondei_windows_process process;
  struct sondei_windows_thread thread;
  sondei_parse_error err;
  while (sondei_windows_next_process(&process, &err, &in)) {
    CHECK(check_progress(before.bytes, in.bytes, &err));
    CHECK(in.base == before.base + (before.bytes.len - in.bytes.len));
    CHECK((process.told == 7) == (err.expected == NULL));
    CHECK(process.told % 2 == 1 || process.told == 0);
    CHECK(process.name.len == 0 || check_inside(process.name, data, size));
    check_threads(&process, data, size);
    before = in;
  }
  CHECK(err.expected == NULL && in.bytes.len == 0);
  for (in = before = block; sondei_windows_next_thread(&thread, &err, &in); before = in) {
    CHECK(check_progress(before.bytes, in.bytes, &err) && (err.expected == NULL || in.bytes.len == 0));
  }
  CHECK(err.expected == NULL && in.bytes.len == 0);
  return 0;
}
