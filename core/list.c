/* SPDX-License-Identifier: MIT */
#include "core/list.h"

#include <stddef.h>
#include <string.h>

/* Memory that never moves once handed out. */
struct chunk {
  struct chunk *next;
  size_t capacity; /* of data */
  size_t used;
  char data[]; /* sonde_fill_array aligns what it hands out, by address */
};

struct sonde_fill {
  const sonde_allocator *allocator;
  const struct sondei_row_type *type;
  char *rows;
  size_t rows_capacity; /* bytes */
  size_t count;
  struct chunk *first;
  struct chunk *current;
};

struct sonde_memory_block {
  sonde_allocator allocator;
  struct sonde_fill sides[2];
  int back; /* the side that is being filled */
};

enum {
  FIRST_ROWS = 16,
  FIRST_CHUNK = 1024,
  LARGEST_CHUNK = 1 << 20
};

static void *reallocate(const sonde_allocator *allocator, void *block, size_t old_size, size_t new_size) {
  return allocator->reallocate(allocator->user, block, old_size, new_size);
}

sonde_status sondei_list_begin(struct sonde_fill **fill, struct sonde_memory_block **memory,
                               const sonde_allocator *allocator, const struct sondei_row_type *type) {
  if (*memory == NULL) {
    struct sonde_memory_block *const made = reallocate(allocator, NULL, 0, sizeof *made);
    if (made == NULL) return SONDE_ERR_NO_MEMORY;
    memset(made, 0, sizeof *made);
    made->allocator = *allocator;
    for (int i = 0; i < 2; i++) made->sides[i].allocator = &made->allocator;
    *memory = made;
  }
  struct sonde_fill *const side = &(*memory)->sides[(*memory)->back];
  side->type = type;
  sondei_list_rewind(side);
  *fill = side;
  return SONDE_OK;
}

void sondei_list_rewind(struct sonde_fill *fill) {
  fill->count = 0;
  for (struct chunk *chunk = fill->first; chunk != NULL; chunk = chunk->next) chunk->used = 0;
  fill->current = fill->first;
}

void sondei_record_commit(struct sonde_memory_block *memory) { memory->back = 1 - memory->back; }

void sondei_list_commit(struct sondei_list *list, const struct sondei_row_type *type) {
  const struct sonde_fill *const side = &list->memory->sides[list->memory->back];
  list->rows = side->rows;
  list->count = side->count;
  list->bad = 0;
  for (size_t i = 0; type->status_offset != SIZE_MAX && i < side->count; i++) {
    sonde_status status = SONDE_OK;
    memcpy(&status, side->rows + i * type->size + type->status_offset, sizeof status);
    if (status != SONDE_OK) list->bad++;
  }
  sondei_record_commit(list->memory);
}

static void free_side(struct sonde_fill *side) {
  if (side->rows != NULL) reallocate(side->allocator, side->rows, side->rows_capacity, 0);
  for (struct chunk *chunk = side->first, *next = NULL; chunk != NULL; chunk = next) {
    next = chunk->next;
    reallocate(side->allocator, chunk, sizeof *chunk + chunk->capacity, 0);
  }
}

void sondei_memory_free(struct sonde_memory_block *memory) {
  if (memory == NULL) return;
  for (int i = 0; i < 2; i++) free_side(&memory->sides[i]);
  const sonde_allocator allocator = memory->allocator;
  reallocate(&allocator, memory, sizeof *memory, 0);
}

void *sonde_fill_row(struct sonde_fill *fill) {
  const size_t size = fill->type->size;
  const size_t used = fill->count * size;
  if (fill->rows_capacity - used < size) {
    if (fill->rows_capacity > SIZE_MAX / 2) return NULL;
    size_t capacity = fill->rows_capacity * 2;
    if (capacity < size * FIRST_ROWS) capacity = size * FIRST_ROWS;
    char *const rows = reallocate(fill->allocator, fill->rows, fill->rows_capacity, capacity);
    if (rows == NULL) return NULL;
    fill->rows = rows;
    fill->rows_capacity = capacity;
  }
  void *const row = fill->rows + used;
  memcpy(row, fill->type->empty, size);
  fill->count++;
  return row;
}

void sonde_fill_drop_row(struct sonde_fill *fill) {
  if (fill->count > 0) fill->count--;
}

size_t sonde_fill_count(const struct sonde_fill *fill) { return fill->count; }

void *sonde_fill_at(struct sonde_fill *fill, size_t index) { return fill->rows + index * fill->type->size; }

/* The next chunk that has room for size bytes, made if there is none. */
static struct chunk *chunk_with(struct sonde_fill *fill, size_t size) {
  struct chunk **link = fill->current != NULL ? &fill->current : &fill->first;
  size_t last = 0;
  while (*link != NULL) {
    if ((*link)->capacity - (*link)->used >= size) return fill->current = *link;
    last = (*link)->capacity;
    link = &(*link)->next;
  }
  size_t capacity = last < LARGEST_CHUNK ? last * 2 : LARGEST_CHUNK;
  if (capacity < FIRST_CHUNK) capacity = FIRST_CHUNK;
  if (capacity < size) capacity = size;
  if (capacity > SIZE_MAX - sizeof(struct chunk)) return NULL;
  struct chunk *const made = reallocate(fill->allocator, NULL, 0, sizeof *made + capacity);
  if (made == NULL) return NULL;
  made->next = NULL;
  made->capacity = capacity;
  made->used = 0;
  *link = made;
  if (fill->first == NULL) fill->first = made;
  return fill->current = made;
}

static void *take(struct sonde_fill *fill, size_t size) {
  struct chunk *chunk = fill->current;
  if (chunk == NULL || chunk->capacity - chunk->used < size) chunk = chunk_with(fill, size);
  if (chunk == NULL) return NULL;
  char *const at = chunk->data + chunk->used;
  chunk->used += size;
  return at;
}

sonde_status sonde_fill_string(struct sonde_fill *fill, sonde_string *out, const char *data, size_t len) {
  if (len == SIZE_MAX) return SONDE_ERR_NO_MEMORY;
  char *const copy = take(fill, len + 1);
  if (copy == NULL) return SONDE_ERR_NO_MEMORY;
  if (len > 0) memcpy(copy, data, len);
  copy[len] = '\0';
  out->data = copy;
  out->len = len;
  return SONDE_OK;
}

void *sonde_fill_array(struct sonde_fill *fill, size_t count, size_t size) {
  const size_t align = _Alignof(max_align_t);
  if (size != 0 && count > (SIZE_MAX - 2 * align) / size) return NULL;
  const size_t bytes = count * size;
  /* Strings leave the chunk at any offset: take enough to align within what was taken. */
  char *const at = take(fill, bytes + align);
  if (at == NULL) return NULL;
  const size_t over = (size_t)((uintptr_t)at % align);
  char *const aligned = over == 0 ? at : at + (align - over);
  memset(aligned, 0, bytes);
  return aligned;
}
