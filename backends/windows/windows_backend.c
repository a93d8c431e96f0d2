/* SPDX-License-Identifier: MIT */
#include <sonde/sonde_backend.h>

extern const struct sonde_backend sondei_backend_windows;

/* Empty yet: every call is SONDE_ERR_UNSUPPORTED. */
const struct sonde_backend sondei_backend_windows = {
    .abi = SONDE_BACKEND_ABI,
    .name = "windows",
};
