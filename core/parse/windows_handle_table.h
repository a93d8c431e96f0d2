/* SPDX-License-Identifier: MIT */
/*
 * windows_handle_table.h - tables of handles: of one process, NtQueryInformationProcess(ProcessHandleInformation), and
 * of all, NtQuerySystemInformation(SystemExtendedHandleInformation).
 *
 * Both are a count, a word, and an array; all of them are as wide as a pointer but for the last 16 bytes of an entry.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_HANDLE_TABLE_H
#define SONDE_CORE_PARSE_WINDOWS_HANDLE_TABLE_H

#include <sonde/sonde.h>

#include "core/parse/windows_block.h"

typedef enum sondei_windows_handle_layout {
  SONDEI_WINDOWS_PROCESS_HANDLES, /* PROCESS_HANDLE_SNAPSHOT_INFORMATION, Windows 8 */
  SONDEI_WINDOWS_SYSTEM_HANDLES   /* SYSTEM_HANDLE_INFORMATION_EX */
} sondei_windows_handle_layout;

struct sondei_windows_handle {
  uint64_t pid; /* 0 in the table of one process */
  uint64_t value;
  uint32_t granted_access;
  uint32_t type_index; /* the same in both tables while the machine is up */
  uint32_t attributes;
};

struct sondei_windows_handle_table {
  struct sondei_windows_block block;
  sondei_windows_handle_layout layout;
  size_t count; /* how many entries are left */
  size_t offset;
};

/* SONDE_ERR_PARSE: no count, or more entries than the block has. Then out is untouched. What lies behind the entries is
 * ignored. */
sonde_status sondei_windows_parse_handle_table(struct sondei_windows_handle_table *out, sondei_parse_error *err,
                                               const struct sondei_windows_block *block,
                                               sondei_windows_handle_layout layout);

/* Takes the next entry off. False: the end. */
bool sondei_windows_next_handle(struct sondei_windows_handle *out, struct sondei_windows_handle_table *table);

/* Where the members are, for pointers of that size. */
#define SONDEI_WINDOWS_HANDLES_AT(pointer) (2 * (pointer))
#define SONDEI_WINDOWS_HANDLE_SIZE(pointer) (3 * (pointer) + 16)
#define SONDEI_WINDOWS_HANDLE_GRANTED_ACCESS(pointer) (3 * (pointer))
#define SONDEI_WINDOWS_HANDLE_ATTRIBUTES(pointer) (3 * (pointer) + 8)
/* SONDEI_WINDOWS_PROCESS_HANDLES: the value is the first member, the type an ULONG. */
#define SONDEI_WINDOWS_PROCESS_HANDLE_TYPE(pointer) (3 * (pointer) + 4)
/* SONDEI_WINDOWS_SYSTEM_HANDLES: the type is an USHORT. */
#define SONDEI_WINDOWS_SYSTEM_HANDLE_PID(pointer) (pointer)
#define SONDEI_WINDOWS_SYSTEM_HANDLE_VALUE(pointer) (2 * (pointer))
#define SONDEI_WINDOWS_SYSTEM_HANDLE_TYPE(pointer) (3 * (pointer) + 6)

#endif /* SONDE_CORE_PARSE_WINDOWS_HANDLE_TABLE_H */
