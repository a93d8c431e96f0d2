/* SPDX-License-Identifier: MIT */
/* Pins the layout of every public struct on 64-bit systems: who links a newer archive against an older header must get
 * what was compiled. After a change that is meant, tools/layout_table writes the table anew, and the version grows. */
#include <sonde/sonde_backend.h>
#include <stddef.h>
#include <stdio.h>

static int failures;

static void check(const char *what, size_t got, size_t want) {
  if (got == want) return;
  printf("%s is %zu, was %zu\n", what, got, want);
  failures++;
}

struct align_u64 {
  char first;
  uint64_t second;
};

int main(void) {
  if (sizeof(void *) != 8 || offsetof(struct align_u64, second) != 8) {
    printf("SKIP: the table is for 64-bit systems\n");
    return 0;
  }
#define LAYOUT_SIZE(type, size) check("sizeof(" #type ")", sizeof(type), size);
#define LAYOUT_MEMBER(type, member, offset) check("offset of " #type "." #member, offsetof(type, member), offset);
#include "tests/support/layout_lp64.h"
#undef LAYOUT_SIZE
#undef LAYOUT_MEMBER
  check("sizeof(sonde_status)", sizeof(sonde_status), 4);
  check("sizeof(sonde_capability)", sizeof(sonde_capability), 4);
  check("sizeof(sonde_family)", sizeof(sonde_family), 4);
  check("sizeof(sonde_pid)", sizeof(sonde_pid), 8);
  return failures == 0 ? 0 : 1;
}
