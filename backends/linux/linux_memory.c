/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

const struct sonde_memory_ops sondei_linux_memory_ops = {0};
