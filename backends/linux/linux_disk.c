/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

const struct sonde_disk_ops sondei_linux_disk_ops = {0};
