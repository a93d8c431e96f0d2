/* SPDX-License-Identifier: MIT */
/* Every process: its pid, its parent, its state and its arguments. */
#include <inttypes.h>
#include <sonde/sonde.h>
#include <stdio.h>

/* A name can hold any byte: what goes to a terminal is escaped first. */
static void print_escaped(sonde_string string) {
  char text[512];
  (void)sonde_escape(text, sizeof text, string.data, string.len);
  printf(" %s", text);
}

int main(void) {
  sonde *s = NULL;
  if (sonde_open(&s, NULL) != SONDE_OK) {
    (void)fputs("list_processes: no backend for this system\n", stderr);
    return 1;
  }
  sonde_process_table table = {0};
  const sonde_status status = sonde_process_table_refresh(s, &table, SONDE_PROCESS_STAT | SONDE_PROCESS_CMDLINE);
  if (status == SONDE_ERR_UNSUPPORTED) {
    puts("SKIP: this system does not tell its processes");
  } else if (status != SONDE_OK) {
    sonde_error error;
    sonde_last_error(s, &error);
    (void)fprintf(stderr, "list_processes: %s\n", error.text.data);
  }
  for (size_t i = 0; i < table.count; i++) {
    const sonde_process *const p = &table.rows[i];
    printf("%7" PRId64, p->pid);
    if ((p->valid & SONDE_PROCESS_PPID) != 0) printf(" %7" PRId64, p->ppid);
    if (p->num_args == 0) print_escaped(p->name);
    for (size_t k = 0; k < p->num_args; k++) print_escaped(p->args[k]);
    if (p->status != SONDE_OK) printf(" (%s)", sonde_strerror(p->status));
    puts("");
  }
  sonde_process_table_free(&table);
  sonde_close(s);
  return status == SONDE_OK || status == SONDE_ERR_UNSUPPORTED ? 0 : 1;
}
