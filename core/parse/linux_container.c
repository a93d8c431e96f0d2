/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_container.h"

bool sondei_linux_container_of_environ(sondei_span *out, sondei_span in) {
  sondei_span entry;
  while (sondei_span_take_until(&in, '\0', &entry)) {
    if (!sondei_span_take_text(&entry, "container=")) continue;
    if (entry.len == 0) return false;
    *out = entry;
    return true;
  }
  return false;
}

/* text is short. */
static bool contains(sondei_span in, const char *text) {
  for (; in.len > 0; sondei_span_advance(&in, 1)) {
    if (sondei_span_starts_with(in, text)) return true;
  }
  return false;
}

const char *sondei_linux_container_of_cgroup(sondei_span in) {
  /* Kubernetes' pods contain what the others make. */
  static const struct {
    const char *text;
    const char *name;
  } parts[] = {
      {"/kubepods", "kubernetes"}, {"/docker/", "docker"}, {"/docker-", "docker"},
      {"/libpod", "podman"},       {"/lxc/", "lxc"},       {"/lxc.payload", "lxc"},
  };
  sondei_span line;
  /* "hierarchy:controllers:path"; the path may hold colons. */
  while (sondei_span_take_line(&in, &line)) {
    sondei_span ignored;
    if (!sondei_span_take_until(&line, ':', &ignored)) continue;
    if (!sondei_span_take_until(&line, ':', &ignored)) continue;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
      if (contains(line, parts[i].text)) return parts[i].name;
    }
  }
  return NULL;
}

const char *sondei_linux_container_of_kernel(sondei_span osrelease) {
  if (contains(osrelease, "microsoft")) return "wsl"; /* the second version */
  if (contains(osrelease, "Microsoft")) return "wsl"; /* the first */
  return NULL;
}
