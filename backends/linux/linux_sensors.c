/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

const struct sonde_sensor_ops sondei_linux_sensor_ops = {0};
