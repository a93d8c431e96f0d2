/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_sock_diag.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_failure(const void *out, const void *before, size_t size, const sondei_parse_error *err,
                          sondei_span in) {
  CHECK(memcmp(out, before, size) == 0 && err->expected != NULL && err->position <= in.len);
}

static void check_address(const sonde_address *address) {
  CHECK((address->family == SONDE_FAMILY_INET && address->len == 4) ||
        (address->family == SONDE_FAMILY_INET6 && address->len == 16));
  for (size_t i = address->len; i < SONDE_ADDRESS_MAX; i++) CHECK(address->bytes[i] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  /* The first byte chooses. */
  if (size == 0) return 0;
  const sondei_span in = sondei_span_of((const char *)data + 1, size - 1);
  sondei_parse_error err = {0, NULL};
  if (data[0] == 'u') {
    struct sondei_linux_unix_diag socket;
    struct sondei_linux_unix_diag before;
    memset(&socket, 0xa5, sizeof socket);
    memcpy(&before, &socket, sizeof socket);
    if (sondei_linux_parse_unix_diag(&socket, &err, in) == SONDE_OK) {
      CHECK(check_inside(socket.name, data, size) && socket.name.len <= in.len);
    } else {
      check_failure(&socket, &before, sizeof socket, &err, in);
    }
    return 0;
  }
  sonde_tcp_info info;
  sonde_tcp_info info_before;
  memset(&info, 0xa5, sizeof info);
  memcpy(&info_before, &info, sizeof info);
  if (data[0] == 't') {
    if (sondei_linux_parse_tcp_info(&info, &err, in) != SONDE_OK) {
      check_failure(&info, &info_before, sizeof info, &err, in);
    }
    return 0;
  }
  struct sondei_linux_inet_diag socket;
  struct sondei_linux_inet_diag before;
  memset(&socket, 0xa5, sizeof socket);
  memcpy(&before, &socket, sizeof socket);
  if (sondei_linux_parse_inet_diag(&socket, &err, in) != SONDE_OK) {
    check_failure(&socket, &before, sizeof socket, &err, in);
    return 0;
  }
  CHECK(check_inside(socket.tcp_info, data, size));
  CHECK(socket.has_drops || socket.drops == 0);
  check_address(&socket.local);
  check_address(&socket.remote);
  if (sondei_linux_parse_tcp_info(&info, &err, socket.tcp_info) != SONDE_OK) {
    check_failure(&info, &info_before, sizeof info, &err, socket.tcp_info);
  }
  return 0;
}
