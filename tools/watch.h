/* SPDX-License-Identifier: MIT */
/*
 * watch.h - a command again and again.
 */
#ifndef SONDE_TOOLS_WATCH_H
#define SONDE_TOOLS_WATCH_H

#include "tools/command.h"

/* Runs it `count` times, one interval after the other: a command that measures does so over the interval, others are
 * run at its end. Ends when the command fails, and when SIGINT or SIGTERM comes: what is under way is written before.
 * With a session that wants JSON, each run is one line. Returns the exit status. */
int watch_run(struct session *session, command_function run, uint64_t interval, uint64_t count);

#endif /* SONDE_TOOLS_WATCH_H */
