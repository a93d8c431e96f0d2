/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_vmstat.h"

#include "core/parse/linux_keyed.h"

#define BYTES_PER_KB 1024

static bool is_one_of(sondei_span name, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (sondei_span_equals(name, names[i])) return true;
  }
  return false;
}

/* In KiB, whatever the page size. */
static bool is_in_kb(sondei_span name) {
  static const char *const names[] = {"pgpgin", "pgpgout", "nr_kernel_stack", "nr_shadow_call_stack"};
  return is_one_of(name, names, sizeof names / sizeof names[0]);
}

/* nr_ means pages, but for these: huge pages, and events. */
static bool is_in_pages(sondei_span name) {
  static const char *const pages[] = {"pswpin", "pswpout", "zswpin", "zswpout", "zswpwb"};
  static const char *const others[] = {"nr_anon_transparent_hugepages", "nr_shmem_hugepages", "nr_shmem_pmdmapped",
                                       "nr_file_hugepages", "nr_file_pmdmapped"};
  if (is_one_of(name, pages, sizeof pages / sizeof pages[0])) return true;
  return sondei_span_starts_with(name, "nr_") && !sondei_span_starts_with(name, "nr_tlb_") &&
         !is_one_of(name, others, sizeof others / sizeof others[0]);
}

bool sondei_linux_next_vmstat(struct sondei_linux_vmstat *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  struct sondei_linux_keyed row;
  if (!sondei_linux_next_keyed(&row, err, in)) return false;
  out->name = row.key;
  out->value = row.value;
  out->unit = SONDE_UNIT_COUNT;
  if (is_in_kb(row.key)) {
    out->unit = SONDE_UNIT_BYTES;
    if (row.value > UINT64_MAX / BYTES_PER_KB) {
      out->value = 0;
      sondei_parse_fail(err, whole, sondei_span_of(row.key.data, whole.len - (size_t)(row.key.data - whole.data)),
                        "a size below 2^64 bytes");
    } else {
      out->value = row.value * BYTES_PER_KB;
    }
  } else if (is_in_pages(row.key)) {
    out->unit = SONDE_UNIT_PAGES;
  }
  return true;
}
