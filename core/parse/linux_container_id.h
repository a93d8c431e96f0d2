/* SPDX-License-Identifier: MIT */
/*
 * linux_container_id.h - which container a cgroup belongs to, as far as its path says.
 *
 * Engines name a container's cgroup after it: 64 hexadecimal digits alone ("/docker/ID",
 * "/kubepods/burstable/podUID/ID",
 * "/ecs/TASK/ID") or dressed up by systemd ("docker-ID.scope", "cri-containerd-ID.scope", "crio-ID.scope",
 * "libpod-ID.scope", "SLICE:cri-containerd:ID"); LXC and systemd-nspawn take the name that the user gave
 * ("/lxc/NAME", "/lxc.payload.NAME", "/machine.slice/machine-NAME.scope").
 */
#ifndef SONDE_CORE_PARSE_LINUX_CONTAINER_ID_H
#define SONDE_CORE_PARSE_LINUX_CONTAINER_ID_H

#include "core/parse/span.h"

/* The innermost container of a path: its id or name, within path, and its engine, a constant: "docker", "containerd",
 * "crio", "podman", "lxc", "nspawn", "kubernetes", "ecs", or "container" where only the id tells. False, and the
 * outputs untouched, when there is none. The id is never empty, never "." or "..". */
bool sondei_linux_container_id_of(sondei_span *id, const char **engine, sondei_span path);

#endif /* SONDE_CORE_PARSE_LINUX_CONTAINER_ID_H */
