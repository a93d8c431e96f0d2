/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_storage_descriptor.h"

#include "core/parse/windows_block.h"

static sondei_span windows_storage_text(const struct sondei_windows_block *block, size_t member) {
  uint32_t offset = 0;
  sondei_span text = block->bytes;
  size_t len = 0;
  if (!sondei_windows_read_u32(block, member, &offset) || offset < SONDEI_WINDOWS_STORAGE_HEADER_SIZE ||
      offset >= block->bytes.len) {
    return sondei_span_of(block->bytes.data, 0);
  }
  sondei_span_advance(&text, offset);
  if (sondei_span_find(text, '\0', &len)) text.len = len;
  return sondei_span_trim(text);
}

sonde_status sondei_windows_parse_storage_descriptor(struct sondei_windows_storage_descriptor *out,
                                                     sondei_parse_error *err, sondei_span in) {
  struct sondei_windows_block block = {in, 0, 8};
  sondei_span at = in;
  uint32_t size = 0;
  uint64_t type = 0;
  uint64_t removable = 0;
  uint32_t bus = 0;
  if (in.len < SONDEI_WINDOWS_STORAGE_HEADER_SIZE) {
    sondei_span_advance(&at, in.len);
    sondei_parse_fail(err, in, at, "a whole STORAGE_DEVICE_DESCRIPTOR");
    return SONDE_ERR_PARSE;
  }
  sondei_windows_read_u32(&block, SONDEI_WINDOWS_STORAGE_SIZE, &size);
  if (size < SONDEI_WINDOWS_STORAGE_HEADER_SIZE) {
    sondei_span_advance(&at, SONDEI_WINDOWS_STORAGE_SIZE);
    sondei_parse_fail(err, in, at, "Size, of the whole descriptor");
    return SONDE_ERR_PARSE;
  }
  if (size < in.len) block.bytes.len = size;
  sondei_windows_read(&block, SONDEI_WINDOWS_STORAGE_DEVICE_TYPE, 1, &type);
  sondei_windows_read(&block, SONDEI_WINDOWS_STORAGE_REMOVABLE_MEDIA, 1, &removable);
  sondei_windows_read_u32(&block, SONDEI_WINDOWS_STORAGE_BUS_TYPE, &bus);
  out->device_type = (uint8_t)type;
  out->has_removable_media = removable != 0;
  out->bus = bus;
  out->vendor = windows_storage_text(&block, SONDEI_WINDOWS_STORAGE_VENDOR_ID_OFFSET);
  out->product = windows_storage_text(&block, SONDEI_WINDOWS_STORAGE_PRODUCT_ID_OFFSET);
  out->revision = windows_storage_text(&block, SONDEI_WINDOWS_STORAGE_PRODUCT_REVISION_OFFSET);
  out->serial = windows_storage_text(&block, SONDEI_WINDOWS_STORAGE_SERIAL_NUMBER_OFFSET);
  return SONDE_OK;
}
