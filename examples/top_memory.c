/* SPDX-License-Identifier: MIT */
/* The five processes that take the most physical memory. */
#include <inttypes.h>
#include <sonde/sonde.h>
#include <stdio.h>
#include <stdlib.h>

static int by_rss(const void *a, const void *b) {
  const sonde_process *const left = a;
  const sonde_process *const right = b;
  return (left->rss < right->rss) - (left->rss > right->rss);
}

int main(void) {
  sonde *s = NULL;
  if (sonde_open(&s, NULL) != SONDE_OK) return 1;
  sonde_process_table table = {0};
  sonde_virtual_memory memory = {0};
  sonde_status status = sonde_process_table_refresh(s, &table, SONDE_PROCESS_NAME | SONDE_PROCESS_RSS);
  if (status == SONDE_OK) status = sonde_virtual_memory_get(s, &memory);
  if (status == SONDE_ERR_UNSUPPORTED) puts("SKIP: this system does not tell its processes or its memory");

  /* The rows belong to the caller: they may be sorted. */
  if (table.count > 1) qsort(table.rows, table.count, sizeof table.rows[0], by_rss);
  for (size_t i = 0; status == SONDE_OK && i < table.count && i < 5; i++) {
    const sonde_process *const p = &table.rows[i];
    char name[256];
    (void)sonde_escape(name, sizeof name, p->name.data, p->name.len);
    printf("%7" PRId64 " %10" PRIu64 " KiB %5.1f%% %s\n", p->pid, p->rss / 1024,
           sonde_process_memory_percent(p, &memory), name);
  }
  sonde_process_table_free(&table);
  sonde_close(s);
  return status == SONDE_OK || status == SONDE_ERR_UNSUPPORTED ? 0 : 1;
}
