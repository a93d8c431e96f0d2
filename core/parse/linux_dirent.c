/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_dirent.h"

/* struct linux_dirent64: u64 d_ino, s64 d_off, u16 d_reclen, u8 d_type, char d_name[]. */
enum {
  AT_INODE = 0,
  AT_RECORD_LENGTH = 16,
  AT_TYPE = 18,
  AT_NAME = 19
};

bool sondei_linux_next_dirent(struct sondei_linux_dirent *out, sondei_parse_error *err, sondei_span *in) {
  err->position = 0;
  err->expected = NULL;
  if (in->len == 0) return false;
  uint64_t inode = 0;
  uint16_t record_len = 0;
  if (!sondei_span_read_u64(*in, AT_INODE, &inode) || !sondei_span_read_u16(*in, AT_RECORD_LENGTH, &record_len) ||
      record_len <= AT_NAME || record_len > in->len) {
    return sondei_parse_fail(err, *in, *in, "a directory entry");
  }
  size_t name_len = 0;
  const sondei_span name = sondei_span_of(in->data + AT_NAME, (size_t)record_len - AT_NAME);
  if (!sondei_span_find(name, '\0', &name_len)) return sondei_parse_fail(err, *in, *in, "a name that ends");
  out->inode = inode;
  out->type = (uint8_t)in->data[AT_TYPE];
  out->name = sondei_span_of(name.data, name_len);
  sondei_span_advance(in, record_len);
  return true;
}
