/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "core/parse/linux_dirent.h"
#include "core/parse/linux_hwmon.h"

enum {
  FIRST_READ = 4096,
  FIRST_NUMBERS = 256,
  ENTRIES_SIZE = 32768
};

struct linux_place sondei_linux_root(const char *root) {
  const struct linux_place place = {AT_FDCWD, root};
  return place;
}

size_t sondei_linux_decimal(char *out, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  const size_t len = sizeof digits - at;
  memcpy(out, digits + at, len);
  out[len] = '\0';
  return len;
}

/* For messages and, below AT_FDCWD, for the OS: "name/path" in state->path would clash with a path made there by the
 * caller, so it is put together on the stack and cut where a path may not be longer anyway. */
struct full_path {
  char text[4096];
  size_t len;
  bool is_whole;
};

static void join(struct full_path *out, const char *name, const char *path) {
  const size_t name_len = strlen(name);
  const size_t path_len = strlen(path);
  const bool slash = path_len > 0 && path[0] != '/';
  const size_t room = sizeof out->text - 1;
  out->is_whole = name_len + slash + path_len <= room;
  out->len = 0;
  const size_t head = name_len < room ? name_len : room;
  memcpy(out->text, name, head);
  out->len = head;
  if (slash && out->len < room) out->text[out->len++] = '/';
  const size_t tail = path_len < room - out->len ? path_len : room - out->len;
  memcpy(out->text + out->len, path, tail);
  out->len += tail;
  out->text[out->len] = '\0';
}

static sonde_status status_of(int code) {
  switch (code) {
    case EACCES:
    case EPERM:
      return SONDE_ERR_ACCESS;
    case ESRCH:
      return SONDE_ERR_NO_PROCESS;
    case ENOMEM:
      return SONDE_ERR_NO_MEMORY;
    default:
      return SONDE_ERR_OS;
  }
}

sonde_status sondei_linux_fail(struct sonde_env *env, int code, const char *operation, struct linux_place place,
                               const char *path) {
  struct full_path full;
  join(&full, place.name, path);
  return sonde_env_fail(env, status_of(code), code, sondei_linux_errno_name(code), operation, full.text, full.len);
}

sonde_status sondei_linux_fail_parse(struct sonde_env *env, const sondei_parse_error *err, struct linux_place place,
                                     const char *path) {
  struct full_path full;
  join(&full, place.name, path);
  return sonde_env_fail_parse(env, err->expected, err->position, full.text, full.len);
}

bool sondei_linux_code_is_exhaustion(int code) { return code == EMFILE || code == ENFILE || code == ENOMEM; }

bool sondei_linux_is_missing(struct sonde_env *env) {
  const int64_t code = sonde_env_failed_code(env);
  return code == ENOENT || code == ENOTDIR || code == ENODEV || code == ENXIO;
}

bool sondei_linux_is_exhausted(struct sonde_env *env) {
  const int64_t code = sonde_env_failed_code(env);
  return code == EMFILE || code == ENFILE || sonde_env_failed_status(env) == SONDE_ERR_NO_MEMORY;
}

int sondei_linux_try_open(struct linux_state *state, int *out, int dirfd, const char *path, int flags) {
  int fd = -1;
  do {
    fd = state->os->openat(dirfd, path, flags | O_CLOEXEC);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return errno;
  *out = fd;
  return 0;
}

static sonde_status open_at(struct sonde_env *env, struct linux_state *state, int *out, struct linux_place place,
                            const char *path, int flags) {
  struct full_path full;
  const char *target = path;
  if (place.fd == AT_FDCWD) {
    join(&full, place.name, path);
    if (!full.is_whole) return sondei_linux_fail(env, ENAMETOOLONG, "open", place, path);
    target = full.text;
  }
  const int code = sondei_linux_try_open(state, out, place.fd, target, flags);
  return code == 0 ? SONDE_OK : sondei_linux_fail(env, code, "open", place, path);
}

/* Reads all there is to read. Returns 0 or an errno. */
static int read_all(struct sonde_env *env, struct linux_state *state, sondei_span *out, struct sonde_buffer *buffer,
                    int fd, enum linux_reading reading) {
  size_t used = 0;
  for (;;) {
    if (used == buffer->capacity) {
      if (used > SIZE_MAX / 2) return EFBIG;
      if (sonde_env_grow(env, buffer, used * 2) != SONDE_OK) return ENOMEM;
    }
    const size_t room = buffer->capacity - used;
    const ssize_t got = state->os->read(fd, buffer->data + used, room);
    if (got < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (got == 0) break;
    used += (size_t)got;
    const bool is_first = used == (size_t)got;
    if (reading == LINUX_ONE_RECORD && is_first && (size_t)got < room && buffer->data[used - 1] == '\n') break;
  }
  *out = sondei_span_of(buffer->data, used);
  return 0;
}

int sondei_linux_try_read(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                          struct sonde_buffer *buffer, int dirfd, const char *path, enum linux_reading reading,
                          const char **operation) {
  *operation = "allocate";
  if (sonde_env_grow(env, buffer, FIRST_READ) != SONDE_OK) return ENOMEM;
  *operation = "open";
  int fd = -1;
  int code = sondei_linux_try_open(state, &fd, dirfd, path, O_RDONLY | O_NONBLOCK);
  if (code != 0) return code;
  *operation = "read";
  code = read_all(env, state, out, buffer, fd, reading);
  state->os->close(fd);
  return code;
}

sonde_status sondei_linux_read_into(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                    struct sonde_buffer *buffer, struct linux_place place, const char *path,
                                    enum linux_reading reading) {
  int fd = -1;
  sonde_status status = sonde_env_grow(env, buffer, FIRST_READ);
  if (status != SONDE_OK) return status;
  /* Nonblocking, so that a FIFO in a recording cannot hang the caller. */
  status = open_at(env, state, &fd, place, path, O_RDONLY | O_NONBLOCK);
  if (status != SONDE_OK) return status;
  const int code = read_all(env, state, out, buffer, fd, reading);
  state->os->close(fd);
  return code == 0 ? SONDE_OK : sondei_linux_fail(env, code, "read", place, path);
}

sonde_status sondei_linux_read(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                               struct linux_place place, const char *path, enum linux_reading reading) {
  return sondei_linux_read_into(env, state, out, &state->text, place, path, reading);
}

sonde_status sondei_linux_read_u64(struct sonde_env *env, struct linux_state *state, uint64_t *out,
                                   struct linux_place place, const char *path) {
  sondei_span text;
  const sonde_status status = sondei_linux_read(env, state, &text, place, path, LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  if (!sondei_span_whole_u64(text, out)) {
    const sondei_parse_error err = {0, "a number"};
    return sondei_linux_fail_parse(env, &err, place, path);
  }
  return SONDE_OK;
}

sonde_status sondei_linux_read_string(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                      sonde_string *out, struct linux_place place, const char *path) {
  sondei_span text = {NULL, 0};
  const sonde_status status = sondei_linux_read(env, state, &text, place, path, LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  sondei_span line = sondei_span_of(text.data, 0);
  sondei_span_take_line(&text, &line);
  line = sondei_span_trim(line);
  return sonde_fill_string(fill, out, line.data, line.len);
}

sonde_status sondei_linux_read_link(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                    struct linux_place place, const char *path) {
  struct full_path full;
  const char *target = path;
  if (place.fd == AT_FDCWD) {
    join(&full, place.name, path);
    if (!full.is_whole) return sondei_linux_fail(env, ENAMETOOLONG, "readlink", place, path);
    target = full.text;
  }
  sonde_status status = sonde_env_grow(env, &state->text, FIRST_READ);
  while (status == SONDE_OK) {
    const ssize_t len = state->os->readlinkat(place.fd, target, state->text.data, state->text.capacity);
    if (len < 0) return sondei_linux_fail(env, errno, "readlink", place, path);
    if ((size_t)len < state->text.capacity) {
      *out = sondei_span_of(state->text.data, (size_t)len);
      return SONDE_OK;
    }
    status = sonde_env_grow(env, &state->text, state->text.capacity * 2);
  }
  return status;
}

int sondei_linux_try_read_link(struct sonde_env *env, struct linux_state *state, sondei_span *out, int dirfd,
                               const char *path) {
  size_t needed = FIRST_READ;
  for (;;) {
    if (sonde_env_grow(env, &state->text, needed) != SONDE_OK) return ENOMEM;
    const ssize_t len = state->os->readlinkat(dirfd, path, state->text.data, state->text.capacity);
    if (len < 0) return errno;
    if ((size_t)len < state->text.capacity) {
      *out = sondei_span_of(state->text.data, (size_t)len);
      return 0;
    }
    needed = state->text.capacity * 2;
  }
}

sonde_status sondei_linux_open_place(struct sonde_env *env, struct linux_state *state, struct linux_place *out,
                                     struct linux_place place, const char *path) {
  int fd = -1;
  const sonde_status status = open_at(env, state, &fd, place, path, O_PATH | O_DIRECTORY);
  if (status != SONDE_OK) return status;
  out->fd = fd;
  out->name = path;
  return SONDE_OK;
}

void sondei_linux_close_place(struct linux_state *state, struct linux_place *place) {
  if (place->fd >= 0) state->os->close(place->fd);
  place->fd = -1;
}

sonde_status sondei_linux_walk_open(struct sonde_env *env, struct linux_state *state, struct linux_walk *out,
                                    struct sonde_buffer *buffer, struct linux_place place, const char *path) {
  sonde_status status = sonde_env_grow(env, buffer, ENTRIES_SIZE);
  if (status != SONDE_OK) return status;
  int fd = -1;
  status = open_at(env, state, &fd, place, path, O_RDONLY | O_DIRECTORY);
  if (status != SONDE_OK) return status;
  out->fd = fd;
  out->place = place;
  out->path = path;
  out->buffer = buffer;
  out->rest = sondei_span_of(buffer->data, 0);
  out->at_end = false;
  return SONDE_OK;
}

sonde_status sondei_linux_walk_next(struct sonde_env *env, struct linux_state *state, struct linux_walk *walk,
                                    const char **out) {
  for (;;) {
    struct sondei_linux_dirent entry;
    sondei_parse_error err;
    while (sondei_linux_next_dirent(&entry, &err, &walk->rest)) {
      if (sondei_span_equals(entry.name, ".") || sondei_span_equals(entry.name, "..")) continue;
      *out = entry.name.data;
      return SONDE_OK;
    }
    if (err.expected != NULL) return sondei_linux_fail_parse(env, &err, walk->place, walk->path);
    if (walk->at_end) {
      *out = NULL;
      return SONDE_OK;
    }
    const ssize_t got = state->os->getdents64(walk->fd, walk->buffer->data, walk->buffer->capacity);
    if (got < 0) {
      if (errno == EINTR) continue;
      return sondei_linux_fail(env, errno, "getdents64", walk->place, walk->path);
    }
    walk->at_end = got == 0;
    walk->rest = sondei_span_of(walk->buffer->data, (size_t)got);
  }
}

void sondei_linux_walk_close(struct linux_state *state, struct linux_walk *walk) {
  if (walk->fd >= 0) state->os->close(walk->fd);
  walk->fd = -1;
}

sonde_status sondei_linux_numbered_entries(struct sonde_env *env, struct linux_state *state, size_t *count,
                                           struct sonde_buffer *buffer, const char *path, const char *prefix) {
  *count = 0;
  struct linux_walk walk;
  sonde_status status = sonde_env_grow(env, buffer, FIRST_NUMBERS * sizeof(uint32_t));
  if (status != SONDE_OK) return status;
  status = sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->sysfs), path);
  if (status != SONDE_OK) {
    return !sondei_linux_is_exhausted(env) && sondei_linux_is_missing(env) ? SONDE_OK : status;
  }
  for (;;) {
    const char *name = NULL;
    uint32_t number = 0;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    if (!sondei_linux_numbered(&number, sondei_span_text(name), prefix)) continue;
    status = sonde_env_grow(env, buffer, (*count + 1) * sizeof(uint32_t));
    if (status != SONDE_OK) break;
    uint32_t *const numbers = (void *)buffer->data;
    size_t at = (*count)++;
    for (; at > 0 && numbers[at - 1] > number; at--) numbers[at] = numbers[at - 1];
    numbers[at] = number;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

sonde_status sondei_linux_path(struct sonde_env *env, struct linux_state *state, const char **out, const char *a,
                               const char *b, const char *c, const char *d) {
  const char *const parts[] = {a, b, c, d};
  size_t len = 0;
  for (size_t i = 0; i < 4 && parts[i] != NULL; i++) len += strlen(parts[i]);
  const sonde_status status = sonde_env_grow(env, &state->path, len + 1);
  if (status != SONDE_OK) return status;
  char *at = state->path.data;
  for (size_t i = 0; i < 4 && parts[i] != NULL; i++) {
    const size_t part_len = strlen(parts[i]);
    memcpy(at, parts[i], part_len);
    at += part_len;
  }
  *at = '\0';
  *out = state->path.data;
  return SONDE_OK;
}
