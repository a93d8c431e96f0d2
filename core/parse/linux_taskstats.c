/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_taskstats.h"

#include <string.h>

#include "core/parse/linux_genetlink.h"
#include "core/parse/linux_netlink.h"

enum {
  TASKSTATS_CMD_NEW_ = 2,
  TYPE_PID = 1,
  TYPE_TGID = 2,
  TYPE_STATS = 3,
  TYPE_AGGR_PID = 4,
  TYPE_AGGR_TGID = 5,
  AT_VERSION = 0
};

/* Where a count stands; its total follows. */
struct taskstats_layout {
  size_t cpu, blkio, swapin, freepages, thrashing, compact, wpcopy, irq; /* 0: it has none */
};

static const struct taskstats_layout layout_1 = {.cpu = 8, .blkio = 24, .swapin = 40};
static const struct taskstats_layout layout_15 = {16, 48, 80, 360, 392, 432, 496, 528};
static const struct taskstats_layout layout_others = {16, 32, 48, 312, 328, 352, 400, 416};

static sonde_status taskstats_fail(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected) {
  sondei_parse_fail(err, whole, at, expected);
  return SONDE_ERR_PARSE;
}

static void read_delay(sonde_process_delays *out, uint64_t bit, uint64_t *count, uint64_t *total, sondei_span in,
                       size_t offset) {
  uint64_t told = 0;
  if (offset == 0 || !sondei_span_read_u64(in, offset + sizeof told, &told)) return;
  sondei_span_read_u64(in, offset, count);
  *total = told;
  out->valid |= bit;
}

static bool read_stats(struct sondei_linux_taskstats *out, sondei_span in) {
  if (!sondei_span_read_u16(in, AT_VERSION, &out->version) || out->version == 0) return false;
  const struct taskstats_layout *const at = out->version == 1    ? &layout_1
                                            : out->version == 15 ? &layout_15
                                                                 : &layout_others;
  sonde_process_delays *const d = &out->delays;
  memset(d, 0, sizeof *d);
  read_delay(d, SONDE_DELAYS_CPU, &d->cpu_count, &d->cpu_total, in, at->cpu);
  read_delay(d, SONDE_DELAYS_BLKIO, &d->blkio_count, &d->blkio_total, in, at->blkio);
  read_delay(d, SONDE_DELAYS_SWAPIN, &d->swapin_count, &d->swapin_total, in, at->swapin);
  read_delay(d, SONDE_DELAYS_FREEPAGES, &d->freepages_count, &d->freepages_total, in, at->freepages);
  read_delay(d, SONDE_DELAYS_THRASHING, &d->thrashing_count, &d->thrashing_total, in, at->thrashing);
  read_delay(d, SONDE_DELAYS_COMPACT, &d->compact_count, &d->compact_total, in, at->compact);
  read_delay(d, SONDE_DELAYS_WPCOPY, &d->wpcopy_count, &d->wpcopy_total, in, at->wpcopy);
  read_delay(d, SONDE_DELAYS_IRQ, &d->irq_count, &d->irq_total, in, at->irq);
  return (d->valid & SONDE_DELAYS_CPU) != 0;
}

sonde_status sondei_linux_parse_taskstats(struct sondei_linux_taskstats *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_genetlink message;
  struct sondei_linux_netlink_attribute attribute;
  sondei_parse_error inner;
  const sonde_status status = sondei_linux_parse_genetlink(&message, err, in);
  if (status != SONDE_OK) return status;
  if (message.command != TASKSTATS_CMD_NEW_) return taskstats_fail(err, in, in, "statistics of a task");
  sondei_span rest = message.attributes;
  sondei_span stats = sondei_span_of(NULL, 0);
  struct sondei_linux_taskstats found;
  memset(&found, 0, sizeof found);
  bool has_pid = false;
  while (sondei_linux_next_netlink_attribute(&attribute, &inner, &rest)) {
    if (attribute.type != TYPE_AGGR_PID && attribute.type != TYPE_AGGR_TGID) continue;
    found.is_group = attribute.type == TYPE_AGGR_TGID;
    sondei_span nested = attribute.payload;
    while (sondei_linux_next_netlink_attribute(&attribute, &inner, &nested)) {
      if (attribute.type == TYPE_STATS) stats = attribute.payload;
      if (attribute.type == (found.is_group ? TYPE_TGID : TYPE_PID)) {
        has_pid = sondei_span_read_u32(attribute.payload, 0, &found.pid);
      }
    }
    if (inner.expected != NULL) return taskstats_fail(err, in, nested, inner.expected);
    break;
  }
  if (inner.expected != NULL) return taskstats_fail(err, in, rest, inner.expected);
  if (!has_pid || stats.data == NULL) return taskstats_fail(err, in, rest, "statistics of a task");
  if (!read_stats(&found, stats)) return taskstats_fail(err, in, stats, "struct taskstats");
  *out = found;
  return SONDE_OK;
}
