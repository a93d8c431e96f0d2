/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

const struct sonde_cpu_ops sondei_linux_cpu_ops = {0};
