/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_taskstats.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_linux_taskstats stats;
  struct sondei_linux_taskstats before;
  memset(&stats, 0xa5, sizeof stats);
  memcpy(&before, &stats, sizeof stats);
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_taskstats(&stats, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(memcmp(&stats, &before, sizeof stats) == 0);
    return 0;
  }
  const sonde_process_delays *const d = &stats.delays;
  CHECK(stats.version != 0 && (d->valid & SONDE_DELAYS_CPU) != 0 && d->valid <= 0xff);
  CHECK((d->valid & SONDE_DELAYS_BLKIO) != 0 || (d->blkio_count == 0 && d->blkio_total == 0));
  CHECK((d->valid & SONDE_DELAYS_IRQ) != 0 || (d->irq_count == 0 && d->irq_total == 0));
  /* What was added later lies behind what was there. */
  CHECK((d->valid & (d->valid + 1)) == 0);
  return 0;
}
