/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_net_unix.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_net_unix socket;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_net_unix(&socket, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(socket.path, data, size));
    CHECK(err.expected == NULL || (socket.inode == 0 && socket.path.len == 0));
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
