/* SPDX-License-Identifier: MIT */
/* linux_delays.h - asks the kernel's taskstats what processes waited for: one socket for all processes of a call. */
#ifndef SONDE_BACKENDS_LINUX_LINUX_DELAYS_H
#define SONDE_BACKENDS_LINUX_LINUX_DELAYS_H

#include "backends/linux/linux_file.h"
#include "core/parse/linux_taskstats.h"

/* {0} at first. */
struct linux_delays {
  bool is_open;
  int fd;               /* -1: none */
  int code;             /* why there is none; ENOENT: this kernel, or this network namespace, has no such thing */
  uint16_t family;      /* message type of TASKSTATS */
  uint32_t sequence;    /* of the latest request */
  bool counts_cpu_only; /* delay accounting is off */
};

/* Asks about a process (by its pid in the caller's namespace). Opens the socket when that was not done yet. Returns 0,
 * or the errno of the call that *operation then names: ENOENT: this system cannot tell; EPERM: it wants CAP_NET_ADMIN;
 * ESRCH: no such process. EBADMSG: the answer was not understood, see err. Uses state->text. Never waits. */
int sondei_linux_delays_ask(struct sonde_env *env, struct linux_state *state, struct linux_delays *delays,
                            sonde_process_delays *out, sonde_pid pid, sondei_parse_error *err, const char **operation);

void sondei_linux_delays_close(struct linux_state *state, struct linux_delays *delays);

#endif /* SONDE_BACKENDS_LINUX_LINUX_DELAYS_H */
