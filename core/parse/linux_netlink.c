/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_netlink.h"

/* struct nlmsghdr: u32 length (with this header), u16 type, u16 flags, u32 sequence, u32 port.
 * struct nlattr: u16 length (with this header), u16 type. Both are padded to 4 bytes. */
enum {
  MESSAGE_HEADER = 16,
  ATTRIBUTE_HEADER = 4,
  ATTRIBUTE_TYPE_MASK = 0x3fff,
  ERRNO_MAX = 4095
};

/* The padding behind the last one may be missing. */
static void advance_aligned(sondei_span *in, size_t len) {
  sondei_span_advance(in, len);
  sondei_span_advance(in, (4 - len % 4) % 4);
}

bool sondei_linux_next_netlink_message(struct sondei_linux_netlink_message *out, sondei_parse_error *err,
                                       sondei_span *in) {
  err->position = 0;
  err->expected = NULL;
  if (in->len == 0) return false;
  uint32_t len = 0;
  struct sondei_linux_netlink_message message;
  if (!sondei_span_read_u32(*in, 0, &len) || !sondei_span_read_u16(*in, 4, &message.type) ||
      !sondei_span_read_u16(*in, 6, &message.flags) || !sondei_span_read_u32(*in, 8, &message.sequence) ||
      !sondei_span_read_u32(*in, 12, &message.port) || len < MESSAGE_HEADER || len > in->len) {
    return sondei_parse_fail(err, *in, *in, "a netlink message");
  }
  message.payload = sondei_span_of(in->data + MESSAGE_HEADER, (size_t)len - MESSAGE_HEADER);
  *out = message;
  advance_aligned(in, len);
  return true;
}

int sondei_linux_netlink_errno(sondei_span payload) {
  uint32_t code = 0;
  sondei_span_read_u32(payload, 0, &code);
  const uint32_t positive = UINT32_MAX - code + 1;
  return positive <= ERRNO_MAX ? (int)positive : -1;
}

bool sondei_linux_next_netlink_attribute(struct sondei_linux_netlink_attribute *out, sondei_parse_error *err,
                                         sondei_span *in) {
  err->position = 0;
  err->expected = NULL;
  if (in->len == 0) return false;
  uint16_t len = 0;
  uint16_t type = 0;
  if (!sondei_span_read_u16(*in, 0, &len) || !sondei_span_read_u16(*in, 2, &type) || len < ATTRIBUTE_HEADER ||
      len > in->len) {
    return sondei_parse_fail(err, *in, *in, "a netlink attribute");
  }
  out->type = type & ATTRIBUTE_TYPE_MASK;
  out->payload = sondei_span_of(in->data + ATTRIBUTE_HEADER, (size_t)len - ATTRIBUTE_HEADER);
  advance_aligned(in, len);
  return true;
}
