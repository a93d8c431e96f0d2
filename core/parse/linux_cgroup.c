/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cgroup.h"

#include <string.h>

#include "core/parse/linux_container_id.h"

bool sondei_linux_next_cgroup(struct sondei_linux_cgroup *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  err->position = 0;
  err->expected = NULL;
  sondei_span line;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0);

  /* Positions are told against the input of this call. */
  sondei_span at = sondei_span_of(line.data, whole.len - (size_t)(line.data - whole.data));
  sondei_span rest = line;
  struct sondei_linux_cgroup row;
  const char *expected = NULL;
  if (!sondei_span_u32(&rest, &row.hierarchy)) {
    expected = "the number of a cgroup hierarchy";
  } else if (!sondei_span_take_char(&rest, ':') || !sondei_span_take_until(&rest, ':', &row.controllers) ||
             row.controllers.data + row.controllers.len == line.data + line.len) {
    expected = "two colons";
  } else if (rest.len == 0 || rest.data[0] != '/') {
    expected = "the path of a cgroup";
  }
  if (expected != NULL) {
    sondei_span_advance(&at, line.len - rest.len);
    sondei_parse_fail(err, whole, at, expected);
    return true;
  }
  row.path = rest;
  *out = row;
  return true;
}

bool sondei_linux_list_has(sondei_span list, const char *word) {
  sondei_span item;
  while (sondei_span_take_until(&list, ',', &item)) {
    if (sondei_span_equals(item, word)) return true;
  }
  return false;
}

/* Which row's path is taken: the higher, the better. */
enum path_rank {
  PATH_NONE,
  PATH_ANY,
  PATH_MEMORY,
  PATH_UNIFIED
};

static enum path_rank rank_of(const struct sondei_linux_cgroup *row) {
  if (row->hierarchy == 0) return PATH_UNIFIED;
  return sondei_linux_list_has(row->controllers, "memory") ? PATH_MEMORY : PATH_ANY;
}

bool sondei_linux_cgroup_path_of(struct sondei_linux_cgroup_summary *out, sondei_span in) {
  struct sondei_linux_cgroup_summary found = {0, sondei_span_text(""), sondei_span_text(""), NULL};
  sondei_span other_id = sondei_span_text("");
  const char *other_engine = NULL;
  enum path_rank best = PATH_NONE;
  bool has_controllers = false;
  struct sondei_linux_cgroup row = {.hierarchy = 0};
  sondei_parse_error err;
  while (sondei_linux_next_cgroup(&row, &err, &in)) {
    if (err.expected != NULL) continue;
    const enum path_rank rank = rank_of(&row);
    if (rank != PATH_UNIFIED && !sondei_span_starts_with(row.controllers, "name=")) has_controllers = true;
    if (rank > best) {
      best = rank;
      found.path = row.path;
    }
    if (other_engine == NULL) sondei_linux_container_id_of(&other_id, &other_engine, row.path);
  }
  if (best == PATH_NONE) return false;
  found.version = best != PATH_UNIFIED ? 1 : has_controllers ? 12 : 2;
  if (!sondei_linux_container_id_of(&found.container_id, &found.engine, found.path)) {
    found.container_id = other_id;
    found.engine = other_engine;
  }
  *out = found;
  return true;
}

/* Takes slashes and parts "." off. */
static void skip_slashes(sondei_span *path) {
  while (sondei_span_take_char(path, '/') || sondei_span_take_text(path, "./")) {
  }
  if (sondei_span_equals(*path, ".")) sondei_span_advance(path, 1);
}

bool sondei_linux_cgroup_below(sondei_span *out, sondei_span root, sondei_span path) {
  sondei_span root_part;
  sondei_span path_part;
  for (;;) {
    skip_slashes(&root);
    skip_slashes(&path);
    if (root.len == 0) break;
    if (!sondei_span_take_until(&root, '/', &root_part) || !sondei_span_take_until(&path, '/', &path_part) ||
        root_part.len != path_part.len || memcmp(root_part.data, path_part.data, root_part.len) != 0) {
      return false;
    }
  }
  sondei_span rest = path;
  while (sondei_span_take_until(&rest, '/', &path_part)) {
    if (sondei_span_equals(path_part, "..")) return false;
  }
  *out = path;
  return true;
}
