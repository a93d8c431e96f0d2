/* SPDX-License-Identifier: MIT */
#include <sonde/sonde.h>
#include <string.h>

enum {
  NUM_GROUPS = 8
};

struct address_text {
  char data[SONDE_ADDRESS_TEXT_MAX]; /* longer than any address: see sonde_address_format */
  size_t len;
};

static void address_put(struct address_text *text, char c) { text->data[text->len++] = c; }

static void address_put_decimal(struct address_text *text, uint32_t value) {
  char digits[10];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  while (at < sizeof digits) address_put(text, digits[at++]);
}

/* At least `least` digits. */
static void address_put_hex(struct address_text *text, unsigned value, int least) {
  static const char digits[] = "0123456789abcdef";
  for (int i = 3; i >= 0; i--) {
    const unsigned shifted = value >> (4 * i);
    if (i < least || shifted != 0) address_put(text, digits[shifted & 15u]);
  }
}

static void address_put_inet(struct address_text *text, const uint8_t *bytes) {
  for (int i = 0; i < 4; i++) {
    if (i > 0) address_put(text, '.');
    address_put_decimal(text, bytes[i]);
  }
}

/* RFC 5952: the first of the longest runs of at least two zero groups becomes "::"; an IPv4-mapped address keeps its
 * dots. */
static void address_put_inet6(struct address_text *text, const uint8_t *bytes) {
  static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (memcmp(bytes, mapped, sizeof mapped) == 0) {
    const char *const prefix = "::ffff:";
    for (const char *at = prefix; *at != '\0'; at++) address_put(text, *at);
    address_put_inet(text, bytes + sizeof mapped);
    return;
  }
  unsigned groups[NUM_GROUPS];
  int best = -1;
  int best_len = 1;
  for (int i = 0, run = 0; i < NUM_GROUPS; i++) {
    const uint8_t *const group = bytes + (size_t)i * 2;
    groups[i] = (unsigned)group[0] << 8 | group[1];
    run = groups[i] == 0 ? run + 1 : 0;
    if (run > best_len) {
      best_len = run;
      best = i + 1 - run;
    }
  }
  for (int i = 0; i < NUM_GROUPS; i++) {
    if (i == best) {
      address_put(text, ':');
      address_put(text, ':');
      i += best_len - 1;
      continue;
    }
    if (i > 0 && i != best + best_len) address_put(text, ':');
    address_put_hex(text, groups[i], 1);
  }
}

static void address_put_link(struct address_text *text, const uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (i > 0) address_put(text, ':');
    address_put_hex(text, bytes[i], 2);
  }
}

size_t sonde_address_format(char *out, size_t out_size, const sonde_address *address) {
  if (out == NULL || out_size == 0) return 0;
  out[0] = '\0';
  if (address == NULL) return 0;
  /* The longest: 32 bytes of hardware address are 95, "[", 39, "%4294967295" and "]:65535" are 58. */
  struct address_text text;
  text.len = 0;
  const bool has_port = address->port != 0;
  switch (address->family) {
    case SONDE_FAMILY_INET:
      if (address->len != 4) return 0;
      address_put_inet(&text, address->bytes);
      break;
    case SONDE_FAMILY_INET6:
      if (address->len != 16) return 0;
      if (has_port) address_put(&text, '[');
      address_put_inet6(&text, address->bytes);
      if (address->scope_id != 0) {
        address_put(&text, '%');
        address_put_decimal(&text, address->scope_id);
      }
      if (has_port) address_put(&text, ']');
      break;
    case SONDE_FAMILY_LINK:
      if (address->len > SONDE_ADDRESS_MAX) return 0;
      address_put_link(&text, address->bytes, address->len);
      break;
    case SONDE_FAMILY_NONE:
    case SONDE_FAMILY_UNIX:
    default:
      return 0;
  }
  if (has_port && address->family != SONDE_FAMILY_LINK) {
    address_put(&text, ':');
    address_put_decimal(&text, address->port);
  }
  if (text.len >= out_size) return 0;
  memcpy(out, text.data, text.len);
  out[text.len] = '\0';
  return text.len;
}
