/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_cpu_identifier.h"

#include "fuzz/parse_one.h"

FUZZ_PARSE_ONE(sondei_windows_cpu_identifier, sondei_windows_parse_cpu_identifier);
