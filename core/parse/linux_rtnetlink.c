/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_rtnetlink.h"

#include <string.h>

#include "core/parse/linux_netlink.h"

/* struct ifinfomsg: u8 family, u8 padding, u16 type, i32 index, u32 flags, u32 change.
 * struct ifaddrmsg: u8 family, u8 prefix length, u8 flags, u8 scope, u32 index. */
enum {
  LINK_HEADER = 16,
  LINK_AT_INDEX = 4,
  LINK_AT_FLAGS = 8,
  ADDR_HEADER = 8,
  ADDR_AT_FAMILY = 0,
  ADDR_AT_PREFIX = 1,
  ADDR_AT_INDEX = 4,
  FAMILY_INET = 2,
  FAMILY_INET6 = 10,
  IFLA_ADDRESS_ = 1,
  IFLA_BROADCAST_ = 2,
  IFLA_IFNAME_ = 3,
  IFLA_MTU_ = 4,
  IFLA_OPERSTATE_ = 16,
  IFLA_STATS64_ = 23,
  IFLA_CARRIER_CHANGES_ = 35,
  IFA_ADDRESS_ = 1,
  IFA_LOCAL_ = 2,
  IFA_BROADCAST_ = 4
};

static bool set_address(sonde_address *out, sonde_family family, sondei_span bytes) {
  if (bytes.len > SONDE_ADDRESS_MAX) return false;
  memset(out, 0, sizeof *out);
  if (bytes.len == 0) return true;
  out->family = family;
  out->len = (uint8_t)bytes.len;
  memcpy(out->bytes, bytes.data, bytes.len);
  return true;
}

static sonde_status fail_at(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected) {
  sondei_parse_fail(err, whole, at, expected);
  return SONDE_ERR_PARSE;
}

static const char *operstate_of(sondei_span bytes) {
  static const char *const words[] = {"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"};
  const size_t number = bytes.len > 0 ? (unsigned char)bytes.data[0] : SIZE_MAX;
  return number < sizeof words / sizeof words[0] ? words[number] : "";
}

static void set_stats(struct sondei_linux_if_link *out, sondei_span bytes) {
  out->num_stats = 0;
  while (out->num_stats < SONDEI_LINUX_LINK_STATS_MAX &&
         sondei_span_read_u64(bytes, out->num_stats * sizeof(uint64_t), &out->stats[out->num_stats])) {
    out->num_stats++;
  }
}

sonde_status sondei_linux_parse_if_link(struct sondei_linux_if_link *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  struct sondei_linux_if_link link;
  memset(&link, 0, sizeof link);
  link.name = sondei_span_of(in.data, 0);
  link.operstate = "";
  if (in.len < LINK_HEADER || !sondei_span_read_u32(in, LINK_AT_INDEX, &link.index) ||
      !sondei_span_read_u32(in, LINK_AT_FLAGS, &link.flags)) {
    return fail_at(err, whole, in, "an interface");
  }
  sondei_span_advance(&in, LINK_HEADER);
  struct sondei_linux_netlink_attribute attribute;
  sondei_parse_error inner;
  for (sondei_span at = in; sondei_linux_next_netlink_attribute(&attribute, &inner, &in); at = in) {
    size_t nul = 0;
    bool fits = true;
    if (attribute.type == IFLA_ADDRESS_) fits = set_address(&link.address, SONDE_FAMILY_LINK, attribute.payload);
    if (attribute.type == IFLA_BROADCAST_) fits = set_address(&link.broadcast, SONDE_FAMILY_LINK, attribute.payload);
    if (attribute.type == IFLA_STATS64_) set_stats(&link, attribute.payload);
    if (attribute.type == IFLA_MTU_) link.has_mtu = sondei_span_read_u32(attribute.payload, 0, &link.mtu);
    if (attribute.type == IFLA_OPERSTATE_) link.operstate = operstate_of(attribute.payload);
    if (attribute.type == IFLA_CARRIER_CHANGES_) {
      link.has_carrier_changes = sondei_span_read_u32(attribute.payload, 0, &link.carrier_changes);
    }
    if (attribute.type == IFLA_IFNAME_) {
      fits = sondei_span_find(attribute.payload, '\0', &nul);
      link.name = sondei_span_of(attribute.payload.data, nul);
    }
    if (!fits) return fail_at(err, whole, at, "a name or an address");
  }
  if (inner.expected != NULL) return fail_at(err, whole, in, inner.expected);
  *out = link;
  return SONDE_OK;
}

static bool is_link_local(const sonde_address *address) {
  const bool unicast = address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
  return address->family == SONDE_FAMILY_INET6 && unicast;
}

static bool are_equal(const sonde_address *a, const sonde_address *b) {
  return a->family == b->family && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

sonde_status sondei_linux_parse_if_addr(struct sondei_linux_if_addr *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  struct sondei_linux_if_addr addr;
  memset(&addr, 0, sizeof addr);
  if (in.len < ADDR_HEADER || !sondei_span_read_u32(in, ADDR_AT_INDEX, &addr.index)) {
    return fail_at(err, whole, in, "an interface's address");
  }
  const uint8_t family_number = (uint8_t)in.data[ADDR_AT_FAMILY];
  const sonde_family family = family_number == FAMILY_INET    ? SONDE_FAMILY_INET
                              : family_number == FAMILY_INET6 ? SONDE_FAMILY_INET6
                                                              : SONDE_FAMILY_NONE;
  const size_t address_len = family == SONDE_FAMILY_INET ? 4 : 16;
  addr.prefix_len = (uint8_t)in.data[ADDR_AT_PREFIX];
  if (family != SONDE_FAMILY_NONE && addr.prefix_len > address_len * 8) {
    return fail_at(err, whole, in, "a prefix no longer than an address");
  }
  sondei_span_advance(&in, ADDR_HEADER);
  sonde_address address;
  sonde_address local;
  memset(&address, 0, sizeof address);
  memset(&local, 0, sizeof local);
  struct sondei_linux_netlink_attribute attribute;
  sondei_parse_error inner;
  for (sondei_span at = in; sondei_linux_next_netlink_attribute(&attribute, &inner, &in); at = in) {
    sonde_address *const target = attribute.type == IFA_ADDRESS_     ? &address
                                  : attribute.type == IFA_LOCAL_     ? &local
                                  : attribute.type == IFA_BROADCAST_ ? &addr.broadcast
                                                                     : NULL;
    if (target == NULL || family == SONDE_FAMILY_NONE) continue;
    if (attribute.payload.len != address_len) return fail_at(err, whole, at, "an address of its family's length");
    set_address(target, family, attribute.payload);
  }
  if (inner.expected != NULL) return fail_at(err, whole, in, inner.expected);
  /* With both, IFA_ADDRESS is the other end's, or the same again. */
  addr.address = local.family != SONDE_FAMILY_NONE ? local : address;
  if (local.family != SONDE_FAMILY_NONE && address.family != SONDE_FAMILY_NONE && !are_equal(&local, &address)) {
    addr.peer = address;
  }
  if (is_link_local(&addr.address)) addr.address.scope_id = addr.index;
  *out = addr;
  return SONDE_OK;
}
