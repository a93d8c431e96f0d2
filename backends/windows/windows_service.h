/* SPDX-License-Identifier: MIT */
/* windows_service.h - the slots of sonde_host_ops that ask the service control manager. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_SERVICE_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_SERVICE_H

#include "backends/windows/windows_backend.h" /* first */

sonde_status sondei_windows_service_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_windows_service(struct sonde_env *env, void *opaque, struct sonde_fill *out, const char *name);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_SERVICE_H */
