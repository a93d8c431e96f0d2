/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_socket_table.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_address(const sonde_address *address, sonde_family family) {
  CHECK(address->family == family && address->len == (family == SONDE_FAMILY_INET ? 4 : 16));
  CHECK(address->scope_id == 0 || (family == SONDE_FAMILY_INET6 && address->bytes[0] == 0xfe));
  for (size_t i = address->len; i < SONDE_ADDRESS_MAX; i++) CHECK(address->bytes[i] == 0);
}

/* First byte: the kind of table. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const enum sondei_windows_socket_kind kind = (enum sondei_windows_socket_kind)(data[0] & 3);
  const bool is_udp = kind == SONDEI_WINDOWS_UDP4 || kind == SONDEI_WINDOWS_UDP6;
  const bool is_v4 = kind == SONDEI_WINDOWS_TCP4 || kind == SONDEI_WINDOWS_UDP4;
  const sonde_family family = is_v4 ? SONDE_FAMILY_INET : SONDE_FAMILY_INET6;
  const sondei_span in = sondei_span_of((const char *)data + 1, size - 1);
  struct sondei_windows_socket_table table;
  struct sondei_windows_socket_table before;
  struct sondei_windows_socket socket;
  sondei_parse_error err = {0, NULL};
  memset(&table, 0xa5, sizeof table);
  memcpy(&before, &table, sizeof table);
  if (sondei_windows_parse_socket_table(&table, &err, kind, in) != SONDE_OK) {
    CHECK(memcmp(&table, &before, sizeof table) == 0 && err.expected != NULL && err.position <= in.len);
    return 0;
  }
  CHECK(check_inside(table.rows, data, size));
  uint64_t count = 0;
  uint64_t rows = 0;
  CHECK(sondei_span_read_ordered(in, 0, 4, SONDEI_LITTLE_ENDIAN, &count));
  for (; sondei_windows_next_socket(&socket, &table); rows++) {
    check_address(&socket.local, family);
    if (socket.remote.family != SONDE_FAMILY_NONE) check_address(&socket.remote, family);
    CHECK(!is_udp || (socket.remote.family == SONDE_FAMILY_NONE && socket.state == SONDE_STATE_NONE));
    CHECK(is_udp || socket.state != SONDE_STATE_NONE);
  }
  CHECK(rows == count && table.rows.len == 0);
  return 0;
}
