/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_services.h"

/* In bytes, with the NUL: a bound that keeps the time linear where many rows point to one long text. */
#define WINDOWS_SERVICE_NAME_MAX 2050

static bool windows_service_text(const struct sondei_windows_block *block, size_t member, sondei_span *out) {
  struct sondei_windows_block from = *block;
  uint64_t address = 0;
  size_t start = 0;
  if (!sondei_windows_read_pointer(block, member, &address)) return false;
  if (address == 0) return true;
  if (!sondei_windows_locate(block, address, &start)) return false;
  sondei_span_advance(&from.bytes, start);
  if (from.bytes.len > WINDOWS_SERVICE_NAME_MAX) from.bytes.len = WINDOWS_SERVICE_NAME_MAX;
  return sondei_windows_read_wide(&from, 0, out);
}

bool sondei_windows_next_service(struct sondei_windows_service *out, sondei_parse_error *err,
                                 struct sondei_windows_services *in) {
  const struct sondei_windows_block *const block = &in->block;
  const size_t pointer_size = block->pointer_size;
  const size_t size = SONDEI_WINDOWS_SERVICE_SIZE(pointer_size);
  const sondei_span none = sondei_span_of(block->bytes.data, 0);
  sondei_span at = block->bytes;
  err->position = 0;
  err->expected = NULL;
  if (in->index >= in->count) return false;
  out->name = none;
  out->display_name = none;
  out->state = 0;
  out->pid = 0;
  if (in->index >= block->bytes.len / size) {
    in->index = in->count;
    sondei_span_advance(&at, block->bytes.len);
    return !sondei_parse_fail(err, block->bytes, at, "a whole ENUM_SERVICE_STATUS_PROCESSW");
  }
  const size_t start = in->index * size;
  const size_t status = start + SONDEI_WINDOWS_SERVICE_STATUS(pointer_size);
  in->index++;
  sondei_windows_read_u32(block, status + SONDEI_WINDOWS_SERVICE_STATE, &out->state);
  sondei_windows_read_u32(block, status + SONDEI_WINDOWS_SERVICE_PID, &out->pid);
  sondei_span_advance(&at, start);
  if (!windows_service_text(block, start, &out->name)) {
    return !sondei_parse_fail(err, block->bytes, at, "lpServiceName, in the list");
  }
  if (!windows_service_text(block, start + pointer_size, &out->display_name)) {
    return !sondei_parse_fail(err, block->bytes, at, "lpDisplayName, in the list");
  }
  return true;
}
