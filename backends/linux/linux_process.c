/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

const struct sonde_process_ops sondei_linux_process_ops = {0};
