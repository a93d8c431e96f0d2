/* SPDX-License-Identifier: MIT */
/* linux_helper.h - short-lived child processes, which do what the caller's own process should not. */
#ifndef SONDE_BACKENDS_LINUX_LINUX_HELPER_H
#define SONDE_BACKENDS_LINUX_LINUX_HELPER_H

#include "backends/linux/linux_backend.h"

/* Starts a helper: it runs work(os, argument) with all signals blocked, so that no handler of the caller's runs in it,
 * and ends. It sends no SIGCHLD, and only waitpid with __WALL finds it. Returns 0, or the errno of the call that
 * *operation then names. */
int sondei_linux_start_helper(const struct linux_os *os, pid_t *out, void (*work)(const struct linux_os *os, void *),
                              void *argument, const char **operation);

/* Opens a socket in the network namespace that the descriptor `ns` leads to (/proc/PID/ns/net, opened): by a helper,
 * which enters it and hands the socket back, so that no thread of the caller's is ever anywhere else. Returns 0, or the
 * errno of the call that *operation then names: EPERM of setns without CAP_SYS_ADMIN in both namespaces. */
int sondei_linux_socket_in(const struct linux_os *os, int *out, int ns, int domain, int type, int protocol,
                           const char **operation);

#endif /* SONDE_BACKENDS_LINUX_LINUX_HELPER_H */
