/* SPDX-License-Identifier: MIT */
/*
 * linux_cgroup.h - /proc/PID/cgroup: in which control group of each hierarchy a process is.
 *
 * A row is "hierarchy:controllers:path". Version 2 is hierarchy 0 without controllers. The path may hold any byte but a
 * line end, colons and blanks among them (the kernel refuses names with line ends and escapes nothing). It is relative
 * to the root of the reader's cgroup namespace: "/.." in front means outside of it.
 */
#ifndef SONDE_CORE_PARSE_LINUX_CGROUP_H
#define SONDE_CORE_PARSE_LINUX_CGROUP_H

#include "core/parse/span.h"

struct sondei_linux_cgroup {
  uint32_t hierarchy;      /* 0: version 2 */
  sondei_span controllers; /* "cpu,cpuacct", "name=systemd"; empty in version 2 */
  sondei_span path;        /* begins with a slash */
};

/* Takes the next row off; blank lines are skipped. False at the end. When a row is not understood, err->expected says
 * why, *out is untouched, and the next call goes on with the next row. */
bool sondei_linux_next_cgroup(struct sondei_linux_cgroup *out, sondei_parse_error *err, sondei_span *in);

/* Whether a list such as "rw,cpu,cpuacct" has the word. */
bool sondei_linux_list_has(sondei_span list, const char *word);

/* What a caller wants to know of a process in one look. */
struct sondei_linux_cgroup_summary {
  uint32_t version;         /* 1; 2; 12: version 1 controllers beside version 2 */
  sondei_span path;         /* in version 2, else of version 1's memory controller, else of the first hierarchy */
  sondei_span container_id; /* that this path holds, else that another hierarchy's does; empty when none */
  const char *engine;       /* linux_container_id.h; NULL: none */
};

/* All of /proc/PID/cgroup. Rows that are not understood are passed over. False, and *out untouched: no row was. */
bool sondei_linux_cgroup_path_of(struct sondei_linux_cgroup_summary *out, sondei_span in);

/* How to get from one cgroup to another below it: for path "/a/b/c" and root "/a" *out is "b/c", for equal ones it is
 * empty. False, and *out untouched, when path does not lie below root, or when either has a part ".." after what they
 * have in common: its name is not known then. Doubled slashes and parts "." are passed over only in front of *out. */
bool sondei_linux_cgroup_below(sondei_span *out, sondei_span root, sondei_span path);

#endif /* SONDE_CORE_PARSE_LINUX_CGROUP_H */
