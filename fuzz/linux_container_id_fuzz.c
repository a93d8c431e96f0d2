/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_container_id.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span id = sondei_span_text("before");
  const char *engine = NULL;
  if (!sondei_linux_container_id_of(&id, &engine, sondei_span_of((const char *)data, size))) {
    CHECK(engine == NULL && sondei_span_equals(id, "before"));
    return 0;
  }
  size_t slash = 0;
  CHECK(engine != NULL && check_inside(id, data, size) && id.len > 0);
  CHECK(!sondei_span_find(id, '/', &slash) && !sondei_span_equals(id, "..") && !sondei_span_equals(id, "."));
  return 0;
}
