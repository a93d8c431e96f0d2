/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_genetlink.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_genetlink message = {1, 2, {NULL, 3}};
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_genetlink(&message, &err, in) == SONDE_OK) {
    CHECK(check_inside(message.attributes, data, size));
  } else {
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(message.command == 1 && message.version == 2 && message.attributes.len == 3);
  }
  uint16_t family = 7;
  if (sondei_linux_parse_genetlink_family(&family, &err, in) == SONDE_OK) {
    CHECK(family >= SONDEI_GENETLINK_CONTROLLER);
  } else {
    CHECK(err.expected != NULL && err.position <= size && family == 7);
  }
  return 0;
}
