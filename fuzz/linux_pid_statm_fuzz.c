/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_statm.h"
#include "fuzz/parse_one.h"

FUZZ_PARSE_ONE(sondei_linux_pid_statm, sondei_linux_parse_pid_statm);
