/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_net_socket.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_table(const uint8_t *data, size_t size, sondei_byte_order order) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_net_socket socket;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_net_socket(&socket, &err, &in, order)) {
    CHECK(check_progress(before, in, &err));
    if (err.expected != NULL) {
      CHECK(socket.local.family == SONDE_FAMILY_NONE && socket.inode == 0 && !socket.has_last);
    } else {
      CHECK(socket.local.len == (socket.local.family == SONDE_FAMILY_INET ? 4 : 16));
      CHECK(socket.remote.len == (socket.remote.family == SONDE_FAMILY_INET ? 4 : 16));
    }
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  check_table(data, size, SONDEI_LITTLE_ENDIAN);
  check_table(data, size, SONDEI_BIG_ENDIAN);
  return 0;
}
