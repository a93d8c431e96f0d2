/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_genetlink.h"

#include "core/parse/linux_netlink.h"

enum {
  CTRL_ATTR_FAMILY_ID_ = 1
};

static sonde_status genetlink_fail(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected) {
  sondei_parse_fail(err, whole, at, expected);
  return SONDE_ERR_PARSE;
}

sonde_status sondei_linux_parse_genetlink(struct sondei_linux_genetlink *out, sondei_parse_error *err, sondei_span in) {
  if (in.len < SONDEI_GENETLINK_HEADER) return genetlink_fail(err, in, in, "a generic netlink header");
  out->command = (uint8_t)in.data[0];
  out->version = (uint8_t)in.data[1];
  out->attributes = sondei_span_of(in.data + SONDEI_GENETLINK_HEADER, in.len - SONDEI_GENETLINK_HEADER);
  return SONDE_OK;
}

sonde_status sondei_linux_parse_genetlink_family(uint16_t *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_genetlink message;
  const sonde_status status = sondei_linux_parse_genetlink(&message, err, in);
  if (status != SONDE_OK) return status;
  struct sondei_linux_netlink_attribute attribute;
  sondei_parse_error inner;
  sondei_span rest = message.attributes;
  for (sondei_span at = rest; sondei_linux_next_netlink_attribute(&attribute, &inner, &rest); at = rest) {
    uint16_t family = 0;
    if (attribute.type != CTRL_ATTR_FAMILY_ID_) continue;
    if (!sondei_span_read_u16(attribute.payload, 0, &family) || family < SONDEI_GENETLINK_CONTROLLER) {
      return genetlink_fail(err, in, at, "a family's number");
    }
    *out = family;
    return SONDE_OK;
  }
  return genetlink_fail(err, in, rest, inner.expected != NULL ? inner.expected : "a family's number");
}
