/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

const struct sonde_net_ops sondei_linux_net_ops = {0};
