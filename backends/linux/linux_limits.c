/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

const struct sonde_limits_ops sondei_linux_limits_ops = {0};
