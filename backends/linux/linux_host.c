/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

const struct sonde_host_ops sondei_linux_host_ops = {0};
