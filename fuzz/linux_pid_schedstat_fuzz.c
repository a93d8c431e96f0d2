/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_schedstat.h"
#include "fuzz/parse_one.h"

FUZZ_PARSE_ONE(sondei_linux_pid_schedstat, sondei_linux_parse_pid_schedstat);
