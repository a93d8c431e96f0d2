/* SPDX-License-Identifier: MIT */
/* parse_one.h - the fuzz target of a parser that fills a whole struct or leaves it alone. */
#ifndef SONDE_FUZZ_PARSE_ONE_H
#define SONDE_FUZZ_PARSE_ONE_H

#include <sonde/sonde.h>
#include <stddef.h>
#include <string.h>

#include "fuzz/check.h"

#define FUZZ_PARSE_ONE(type, parse)                                  \
  int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);      \
  int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {     \
    const sondei_span in = sondei_span_of((const char *)data, size); \
    struct type out;                                                 \
    struct type untouched;                                           \
    sondei_parse_error err = {0, NULL};                              \
    memset(&out, 0x5a, sizeof out);                                  \
    untouched = out;                                                 \
    const sonde_status status = parse(&out, &err, in);               \
    if (status == SONDE_OK) return 0;                                \
    CHECK(status == SONDE_ERR_PARSE);                                \
    CHECK(err.expected != NULL && err.position <= size);             \
    CHECK(memcmp(&out, &untouched, sizeof out) == 0);                \
    return 0;                                                        \
  }                                                                  \
  struct fuzz_semicolon /* so that a semicolon may follow */

#endif /* SONDE_FUZZ_PARSE_ONE_H */
