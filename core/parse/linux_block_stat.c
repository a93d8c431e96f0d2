/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_block_stat.h"

#include <string.h>

enum {
  SECTOR_SIZE = 512,
  NS_PER_MS = 1000000,
  OLD_PARTITION = 4, /* how many numbers there are */
  BASIC = 11,
  WITH_DISCARD = 15,
  WITH_FLUSH = 17,
  MOST = WITH_FLUSH
};

static bool take_separator(sondei_span *in) {
  const size_t before = in->len;
  sondei_span_skip_blanks(in);
  return in->len < before || in->len == 0 || in->data[0] == '\n';
}

static bool take_number(sondei_span *in, uint64_t *out, uint64_t unit) {
  sondei_span rest = *in;
  sondei_span_skip_blanks(&rest);
  uint64_t value = 0;
  if (!sondei_span_u64(&rest, &value, UINT64_MAX / unit) || !take_separator(&rest)) return false;
  *in = rest;
  *out = value * unit;
  return true;
}

/* Linux before 2.6.28 could count below zero. */
static bool take_in_flight(sondei_span *in, uint64_t *out, bool *has) {
  sondei_span rest = *in;
  sondei_span_skip_blanks(&rest);
  const bool negative = sondei_span_take_char(&rest, '-');
  uint64_t value = 0;
  if (!take_number(&rest, &value, 1)) return false;
  *in = rest;
  *has = !negative;
  *out = negative ? 0 : value;
  return true;
}

static size_t count_words(sondei_span in) {
  size_t count = 0;
  sondei_span word;
  while (count < MOST && sondei_span_take_word(&in, &word)) count++;
  return count;
}

/* Fills *out from a line of `count` numbers; false: *in stands at the one that is none. */
static bool take_all(struct sondei_linux_block_stat *out, sondei_span *in, size_t count) {
  if (count == OLD_PARTITION) {
    return take_number(in, &out->read_count, 1) && take_number(in, &out->read_bytes, SECTOR_SIZE) &&
           take_number(in, &out->write_count, 1) && take_number(in, &out->write_bytes, SECTOR_SIZE);
  }
  const bool basic = take_number(in, &out->read_count, 1) &&                     /* 1 */
                     take_number(in, &out->read_merged, 1) &&                    /* 2 */
                     take_number(in, &out->read_bytes, SECTOR_SIZE) &&           /* 3 */
                     take_number(in, &out->read_time, NS_PER_MS) &&              /* 4 */
                     take_number(in, &out->write_count, 1) &&                    /* 5 */
                     take_number(in, &out->write_merged, 1) &&                   /* 6 */
                     take_number(in, &out->write_bytes, SECTOR_SIZE) &&          /* 7 */
                     take_number(in, &out->write_time, NS_PER_MS) &&             /* 8 */
                     take_in_flight(in, &out->in_flight, &out->has_in_flight) && /* 9 */
                     take_number(in, &out->busy_time, NS_PER_MS) &&              /* 10 */
                     take_number(in, &out->weighted_time, NS_PER_MS);            /* 11 */
  if (!basic) return false;
  out->has_times = true;
  if (count < WITH_DISCARD) return true;
  if (!take_number(in, &out->discard_count, 1) ||           /* 12 */
      !take_number(in, &out->discard_merged, 1) ||          /* 13 */
      !take_number(in, &out->discard_bytes, SECTOR_SIZE) || /* 14 */
      !take_number(in, &out->discard_time, NS_PER_MS)) {    /* 15 */
    return false;
  }
  out->has_discard = true;
  if (count < WITH_FLUSH) return true;
  out->has_flush = take_number(in, &out->flush_count, 1) &&      /* 16 */
                   take_number(in, &out->flush_time, NS_PER_MS); /* 17 */
  return out->has_flush;
}

sonde_status sondei_linux_parse_block_stat(struct sondei_linux_block_stat *out, sondei_parse_error *err,
                                           sondei_span in) {
  const sondei_span whole = in;
  const size_t count = count_words(in);
  if (count != OLD_PARTITION && count < BASIC) {
    sondei_parse_fail(err, whole, in, "4 or at least 11 numbers");
    return SONDE_ERR_PARSE;
  }
  struct sondei_linux_block_stat stat;
  memset(&stat, 0, sizeof stat);
  if (!take_all(&stat, &in, count)) {
    sondei_span_skip_blanks(&in);
    sondei_parse_fail(err, whole, in, "a number that fits");
    return SONDE_ERR_PARSE;
  }
  *out = stat;
  return SONDE_OK;
}
