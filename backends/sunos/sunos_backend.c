/* SPDX-License-Identifier: MIT */
#include <sonde/sonde_backend.h>

extern const struct sonde_backend sondei_backend_sunos;

/* Empty yet: every call is SONDE_ERR_UNSUPPORTED. */
const struct sonde_backend sondei_backend_sunos = {
    .abi = SONDE_BACKEND_ABI,
    .name = "sunos",
};
