/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_net_socket.h"

#include <string.h>

enum {
  WORD_DIGITS = 8,
  IPV6_DIGITS = 32
};

/* "0100007F:1F90": words as the machine loads them, and a port. */
static bool take_endpoint(sondei_span *line, sonde_address *out, sondei_byte_order order) {
  sondei_span text;
  size_t colon = 0;
  sonde_address address;
  memset(&address, 0, sizeof address);
  if (!sondei_span_take_word(line, &text) || !sondei_span_find(text, ':', &colon)) return false;
  if (colon != WORD_DIGITS && colon != IPV6_DIGITS) return false;
  for (size_t i = 0; i < colon; i += WORD_DIGITS) {
    uint64_t value = 0;
    sondei_span digits = sondei_span_of(text.data + i, WORD_DIGITS);
    if (!sondei_span_hex64(&digits, &value, UINT32_MAX) || digits.len > 0) return false;
    for (unsigned byte = 0; byte < 4; byte++) {
      const unsigned shift = 8 * (order == SONDEI_BIG_ENDIAN ? 3 - byte : byte);
      address.bytes[address.len++] = (uint8_t)(value >> shift);
    }
  }
  uint64_t port = 0;
  sondei_span_advance(&text, colon + 1);
  if (!sondei_span_hex64(&text, &port, UINT16_MAX) || text.len > 0) return false;
  address.family = address.len == 4 ? SONDE_FAMILY_INET : SONDE_FAMILY_INET6;
  address.port = (uint16_t)port;
  *out = address;
  return true;
}

static bool take_hex(sondei_span *line, uint64_t *out, uint64_t max) {
  sondei_span word;
  uint64_t value = 0;
  if (!sondei_span_take_word(line, &word) || !sondei_span_hex64(&word, &value, max) || word.len > 0) return false;
  *out = value;
  return true;
}

/* "00000000:00000000" */
static bool take_hex_pair(sondei_span *line, uint64_t *first, uint64_t *second) {
  sondei_span word;
  uint64_t a = 0;
  uint64_t b = 0;
  if (!sondei_span_take_word(line, &word) || !sondei_span_hex64(&word, &a, UINT64_MAX) ||
      !sondei_span_take_char(&word, ':') || !sondei_span_hex64(&word, &b, UINT64_MAX) || word.len > 0) {
    return false;
  }
  *first = a;
  *second = b;
  return true;
}

static bool take_number(sondei_span *line, uint64_t *out, uint64_t max) {
  sondei_span word;
  uint64_t value = 0;
  if (!sondei_span_take_word(line, &word) || !sondei_span_u64(&word, &value, max) || word.len > 0) return false;
  *out = value;
  return true;
}

static const char *parse_row(struct sondei_linux_net_socket *out, sondei_span *line, sondei_byte_order order) {
  struct sondei_linux_net_socket row;
  sondei_span word;
  uint64_t state = 0;
  uint64_t uid = 0;
  uint64_t unused = 0;
  memset(&row, 0, sizeof row);
  if (!sondei_span_take_word(line, &word) || !sondei_span_ends_with(word, ":")) return "a number and a colon"; /* 1 */
  if (!take_endpoint(line, &row.local, order)) return "a local address and port";                              /* 2 */
  if (!take_endpoint(line, &row.remote, order)) return "a remote address and port";                            /* 3 */
  if (!take_hex(line, &state, UINT32_MAX)) return "a state";                                                   /* 4 */
  if (!take_hex_pair(line, &row.send_queue, &row.recv_queue)) return "two queues";                             /* 5 */
  if (!take_hex_pair(line, &unused, &unused)) return "a timer";                                                /* 6 */
  if (!take_hex(line, &row.retransmits, UINT64_MAX)) return "retransmits";                                     /* 7 */
  if (!take_number(line, &uid, UINT32_MAX)) return "a uid";                                                    /* 8 */
  if (!sondei_span_take_word(line, &word)) return "a timeout";                                                 /* 9 */
  if (!take_number(line, &row.inode, UINT64_MAX)) return "an inode";                                           /* 10 */
  row.has_last = sondei_span_take_word(line, &word);                                                           /* 11 */
  row.has_last = row.has_last && sondei_span_take_word(line, &word);                                           /* 12 */
  row.has_last = row.has_last && take_number(line, &row.last, UINT64_MAX);                                     /* 13 */
  row.state = (uint32_t)state;
  row.uid = (uint32_t)uid;
  *out = row;
  return NULL;
}

static bool is_heading(sondei_span line) {
  sondei_span word;
  return !sondei_span_take_word(&line, &word) || sondei_span_equals(word, "sl");
}

bool sondei_linux_next_net_socket(struct sondei_linux_net_socket *out, sondei_parse_error *err, sondei_span *in,
                                  sondei_byte_order order) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (is_heading(line));
  memset(out, 0, sizeof *out);
  const sondei_span start = line;
  const char *const expected = parse_row(out, &line, order);
  if (expected != NULL) {
    err->position = (size_t)(start.data - whole.data) + (start.len - line.len);
    err->expected = expected;
  }
  return true;
}
