/* SPDX-License-Identifier: MIT */
#include <sonde/sonde_backend.h>

extern const struct sonde_backend sondei_backend_null;

/* The empty backend: the template for a port, and a double for tests. Every call is SONDE_ERR_UNSUPPORTED. */
const struct sonde_backend sondei_backend_null = {
    .abi = SONDE_BACKEND_ABI,
    .name = "null",
};
