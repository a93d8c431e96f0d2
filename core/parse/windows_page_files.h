/* SPDX-License-Identifier: MIT */
/*
 * windows_page_files.h - where Windows pages to: NtQuerySystemInformation with SystemPageFileInformation or
 * SystemPageFileInformationEx, a chain of SYSTEM_PAGEFILE_INFORMATION. What the EX class adds (the sizes between which
 * a page file may grow) stands behind what both tell, and is left alone.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_PAGE_FILES_H
#define SONDE_CORE_PARSE_WINDOWS_PAGE_FILES_H

#include "core/parse/windows_block.h"

/* Where the members lie, for the backend to hold against the system's headers. */
enum {
  SONDEI_WINDOWS_PAGE_FILE_NEXT = 0, /* NextEntryOffset: from here; 0: the last */
  SONDEI_WINDOWS_PAGE_FILE_TOTAL = 4,
  SONDEI_WINDOWS_PAGE_FILE_USED = 8,
  SONDEI_WINDOWS_PAGE_FILE_PEAK = 12,
  SONDEI_WINDOWS_PAGE_FILE_NAME = 16, /* a UNICODE_STRING: two pointers wide */
  SONDEI_WINDOWS_PAGE_FILE_ALIGNMENT = 4
};

struct sondei_windows_page_file {
  uint32_t total; /* pages, as all of these */
  uint32_t used;
  uint32_t peak;    /* the most that was ever used */
  sondei_span name; /* UTF-16: "\??\C:\pagefile.sys" */
};

/* A chain. {block, 0, false} at first. */
struct sondei_windows_page_files {
  struct sondei_windows_block block;
  size_t offset; /* of the next */
  bool ended;
};

/* Takes the next page file off. False at the end, which an empty block is: there are none. True with err->expected not
 * NULL: one that is not understood; where it does not lead on, it is the last. */
bool sondei_windows_next_page_file(struct sondei_windows_page_file *out, sondei_parse_error *err,
                                   struct sondei_windows_page_files *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_PAGE_FILES_H */
