/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_container_id.h"

enum {
  ID_LEN = 64
};

static bool is_hex(sondei_span text, size_t len) {
  if (text.len != len) return false;
  for (size_t i = 0; i < len; i++) {
    const char c = text.data[i];
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

static bool is_hex_id(sondei_span text) { return is_hex(text, ID_LEN); }

/* Fargate has no containers of its own in the path, but tasks: 32 digits, '-', decimal digits. */
static bool is_ecs_task(sondei_span text) {
  sondei_span task;
  uint64_t number = 0;
  return sondei_span_take_until(&text, '-', &task) && is_hex(task, 32) && sondei_span_u64(&text, &number, UINT64_MAX) &&
         text.len == 0;
}

static bool is_name(sondei_span text) {
  return text.len > 0 && !sondei_span_equals(text, ".") && !sondei_span_equals(text, "..");
}

static sondei_span without_ending(sondei_span text, const char *ending) {
  if (sondei_span_ends_with(text, ending)) text.len -= sondei_span_text(ending).len;
  return text;
}

/* One part of a path, given the part above it. */
static bool container_of_part(sondei_span *id, const char **engine, sondei_span part, sondei_span parent,
                              const char *outer) {
  static const struct {
    const char *prefix;
    const char *engine;
  } prefixes[] = {
      {"docker-", "docker"},
      {"cri-containerd-", "containerd"},
      {"containerd-", "containerd"},
      {"nerdctl-", "containerd"},
      {"crio-", "crio"},
      {"libpod-", "podman"},
      {"cri-dockerd-", "docker"},
  };
  sondei_span rest = without_ending(part, ".scope");
  for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
    sondei_span name = rest;
    if (sondei_span_take_text(&name, prefixes[i].prefix) && is_hex_id(name)) {
      *id = name;
      *engine = prefixes[i].engine;
      return true;
    }
  }
  if (is_hex_id(part)) {
    *id = part;
    *engine = sondei_span_equals(parent, "docker") ? "docker" : outer != NULL ? outer : "container";
    return true;
  }
  if (outer != NULL && sondei_span_equals(sondei_span_text(outer), "ecs") && is_ecs_task(part)) {
    *id = part;
    *engine = outer;
    return true;
  }
  /* containerd told to use systemd's form while systemd is not there: "SLICE:cri-containerd:ID". */
  size_t colon = 0;
  if (sondei_span_find_last(part, ':', &colon)) {
    sondei_span name = part;
    sondei_span_advance(&name, colon + 1);
    const sondei_span head = sondei_span_of(part.data, colon);
    if (is_hex_id(name)) {
      *id = name;
      *engine = sondei_span_ends_with(head, "containerd") ? "containerd"
                : sondei_span_ends_with(head, "docker")   ? "docker"
                : sondei_span_ends_with(head, "crio")     ? "crio"
                : sondei_span_ends_with(head, "libpod")   ? "podman"
                                                          : "container";
      return true;
    }
  }
  sondei_span name = part;
  const bool is_lxc = sondei_span_take_text(&name, "lxc.payload.") || sondei_span_equals(parent, "lxc") ||
                      sondei_span_equals(parent, "lxc.payload");
  if (is_lxc && is_name(name)) {
    *id = name;
    *engine = "lxc";
    return true;
  }
  name = rest;
  if (rest.len < part.len && sondei_span_equals(parent, "machine.slice") && sondei_span_take_text(&name, "machine-") &&
      is_name(name)) {
    *id = name;
    *engine = "nspawn";
    return true;
  }
  name = without_ending(part, ".service");
  if (name.len < part.len && sondei_span_take_text(&name, "systemd-nspawn@") && is_name(name)) {
    *id = name;
    *engine = "nspawn";
    return true;
  }
  return false;
}

bool sondei_linux_container_id_of(sondei_span *id, const char **engine, sondei_span path) {
  bool found = false;
  const char *outer = NULL;
  sondei_span parent = sondei_span_text("");
  sondei_span part;
  while (sondei_span_take_until(&path, '/', &part)) {
    if (part.len == 0) continue;
    if (container_of_part(id, engine, part, parent, outer)) found = true;
    if (sondei_span_starts_with(part, "kubepods")) outer = "kubernetes";
    if (sondei_span_equals(part, "ecs")) outer = "ecs";
    if (sondei_span_equals(part, "libpod_parent")) outer = "podman";
    parent = part;
  }
  return found;
}
