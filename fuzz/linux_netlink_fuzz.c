/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_netlink.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_netlink_message message;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_netlink_message(&message, &err, &in)) {
    CHECK(check_progress(before, in, &err) && before.len - in.len >= 16);
    CHECK(check_inside(message.payload, data, size));
    const int code = sondei_linux_netlink_errno(message.payload);
    CHECK(code >= -1 && code <= 4095);
    struct sondei_linux_netlink_attribute attribute;
    sondei_span rest = message.payload;
    for (size_t len = rest.len; sondei_linux_next_netlink_attribute(&attribute, &err, &rest); len = rest.len) {
      CHECK(rest.len < len && check_inside(attribute.payload, data, size));
      CHECK(attribute.type <= 0x3fff);
    }
    CHECK((err.expected == NULL) == (rest.len == 0));
    before = in;
  }
  CHECK((err.expected == NULL) == (in.len == 0));
  return 0;
}
