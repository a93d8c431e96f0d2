/* SPDX-License-Identifier: MIT */
/*
 * list.h - the memory behind a caller's list: rows in one block, strings and arrays in an arena of chunks.
 *
 * Each list has two of these. A call fills the one that the caller does not see, and they change places when it has
 * succeeded: a failure leaves the caller's rows as they were. Both are kept for the next call.
 */
#ifndef SONDE_CORE_LIST_H
#define SONDE_CORE_LIST_H

#include <sonde/sonde_backend.h>

/* What a row type is. */
struct sondei_row_type {
  size_t size;
  size_t status_offset; /* of its sonde_status, or SIZE_MAX when it has none */
  const void *empty;    /* a row before it is filled */
};

/* An empty string in a static initialiser. */
#define SONDEI_EMPTY_STRING {"", 0}

/* What the caller sees of every list: SONDE_DECLARE_LIST, whatever its row type. */
struct sondei_list {
  void *rows;
  size_t count;
  size_t bad;
  struct sonde_memory_block *memory;
};

/* Starts filling: *fill then leads to the back memory, which is empty. *memory is made if it is NULL. type may be NULL
 * for a record that has strings but no rows. */
sonde_status sondei_list_begin(struct sonde_fill **fill, struct sonde_memory_block **memory,
                               const sonde_allocator *allocator, const struct sondei_row_type *type);

/* Throws away what was filled since begin, to fill anew. */
void sondei_list_rewind(struct sonde_fill *fill);

/* Makes what was filled the contents of the list whose memory this is, and fills in the other members. */
void sondei_list_commit(struct sondei_list *list, const struct sondei_row_type *type);

/* The same for a record: the strings filled since begin are now the record's. */
void sondei_record_commit(struct sonde_memory_block *memory);

/* Frees the memory; NULL is fine. */
void sondei_memory_free(struct sonde_memory_block *memory);

#endif /* SONDE_CORE_LIST_H */
