/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_disk_performance.h"

#include "fuzz/parse_one.h"

FUZZ_PARSE_ONE(sondei_windows_disk_performance, sondei_windows_parse_disk_performance);
