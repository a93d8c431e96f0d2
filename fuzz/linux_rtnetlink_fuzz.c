/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_rtnetlink.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  /* The first byte chooses. */
  if (size == 0) return 0;
  const sondei_span in = sondei_span_of((const char *)data + 1, size - 1);
  sondei_parse_error err = {0, NULL};
  if (data[0] == 'l') {
    struct sondei_linux_if_link link;
    struct sondei_linux_if_link before;
    memset(&link, 0xa5, sizeof link);
    memcpy(&before, &link, sizeof link);
    if (sondei_linux_parse_if_link(&link, &err, in) == SONDE_OK) {
      CHECK(check_inside(link.name, data, size));
      CHECK(link.address.len <= SONDE_ADDRESS_MAX && link.broadcast.len <= SONDE_ADDRESS_MAX);
      CHECK(link.num_stats <= SONDEI_LINUX_LINK_STATS_MAX);
      CHECK(strlen(link.operstate) <= strlen("lowerlayerdown"));
    } else {
      CHECK(memcmp(&before, &link, sizeof link) == 0 && err.expected != NULL && err.position <= in.len);
    }
    return 0;
  }
  struct sondei_linux_if_addr addr;
  struct sondei_linux_if_addr before;
  memset(&addr, 0xa5, sizeof addr);
  memcpy(&before, &addr, sizeof addr);
  if (sondei_linux_parse_if_addr(&addr, &err, in) != SONDE_OK) {
    CHECK(memcmp(&before, &addr, sizeof addr) == 0 && err.expected != NULL && err.position <= in.len);
    return 0;
  }
  CHECK(addr.address.family == SONDE_FAMILY_NONE || addr.prefix_len <= addr.address.len * 8);
  CHECK(addr.peer.family == SONDE_FAMILY_NONE || addr.peer.len == addr.address.len);
  return 0;
}
