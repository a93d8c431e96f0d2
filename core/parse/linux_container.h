/* SPDX-License-Identifier: MIT */
/* linux_container.h - what kind of container a process runs in, from the words that various files give away. */
#ifndef SONDE_CORE_PARSE_LINUX_CONTAINER_H
#define SONDE_CORE_PARSE_LINUX_CONTAINER_H

#include "core/parse/span.h"

/* The value of "container" in /proc/1/environ (entries that end in NUL), which container managers set: "lxc", "podman",
 * "systemd-nspawn" ... False: it is not there, or empty. */
bool sondei_linux_container_of_environ(sondei_span *out, sondei_span in);

/* The kind of container whose manager named the cgroups in /proc/PID/cgroup: a constant name, or NULL when they do not
 * tell (as in a cgroup namespace). */
const char *sondei_linux_container_of_cgroup(sondei_span in);

/* "wsl" for the kernels of the Windows Subsystem for Linux, by the name of their release; else NULL. */
const char *sondei_linux_container_of_kernel(sondei_span osrelease);

#endif /* SONDE_CORE_PARSE_LINUX_CONTAINER_H */
