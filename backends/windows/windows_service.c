/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_service.h" /* first */

#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_system.h"
#include "backends/windows/windows_text.h"
#include "core/parse/windows_service_config.h"
#include "core/parse/windows_services.h"

#define SAME(a, b) _Static_assert((a) == (b), "the layout that the parser knows")

SAME(sizeof(ENUM_SERVICE_STATUS_PROCESSW), SONDEI_WINDOWS_SERVICE_SIZE(sizeof(void *)));
SAME(offsetof(ENUM_SERVICE_STATUS_PROCESSW, lpServiceName), 0);
SAME(offsetof(ENUM_SERVICE_STATUS_PROCESSW, lpDisplayName), sizeof(void *));
SAME(offsetof(ENUM_SERVICE_STATUS_PROCESSW, ServiceStatusProcess), SONDEI_WINDOWS_SERVICE_STATUS(sizeof(void *)));
SAME(offsetof(SERVICE_STATUS_PROCESS, dwCurrentState), SONDEI_WINDOWS_SERVICE_STATE);
SAME(offsetof(SERVICE_STATUS_PROCESS, dwProcessId), SONDEI_WINDOWS_SERVICE_PID);
SAME(sizeof(SERVICE_STATUS_PROCESS), SONDEI_WINDOWS_SERVICE_STATUS_SIZE);
SAME(sizeof(QUERY_SERVICE_CONFIGW), SONDEI_WINDOWS_SERVICE_CONFIG_SIZE(sizeof(void *)));
SAME(offsetof(QUERY_SERVICE_CONFIGW, dwStartType), SONDEI_WINDOWS_SERVICE_START_TYPE);
SAME(offsetof(QUERY_SERVICE_CONFIGW, lpBinaryPathName), SONDEI_WINDOWS_SERVICE_BINARY_PATH(sizeof(void *)));
SAME(offsetof(QUERY_SERVICE_CONFIGW, lpServiceStartName), SONDEI_WINDOWS_SERVICE_START_NAME(sizeof(void *)));
SAME(offsetof(QUERY_SERVICE_CONFIGW, lpDisplayName), SONDEI_WINDOWS_SERVICE_DISPLAY_NAME(sizeof(void *)));
SAME(offsetof(SERVICE_DESCRIPTIONW, lpDescription), 0);

enum {
  WINDOWS_SERVICES_SIZE = 65536, /* some 300 services */
  WINDOWS_SERVICE_SIZE = 8192,   /* no configuration has more */
  WINDOWS_SERVICE_PAGES = 4096   /* a list that is longer has no end */
};

struct windows_services {
  struct sonde_env *env;
  struct windows_state *state;
  struct sonde_fill *fill;
  SC_HANDLE manager;
};

static sonde_status windows_open_manager(struct windows_services *q, DWORD access) {
  q->manager = q->state->os->OpenSCManagerW(NULL, NULL, access);
  return q->manager != NULL ? SONDE_OK : sondei_windows_fail(q->env, GetLastError(), "OpenSCManagerW", "");
}

static sonde_service_state windows_service_state(uint32_t state) {
  switch (state) {
    case SERVICE_STOPPED:
      return SONDE_SERVICE_STOPPED;
    case SERVICE_START_PENDING:
      return SONDE_SERVICE_START_PENDING;
    case SERVICE_STOP_PENDING:
      return SONDE_SERVICE_STOP_PENDING;
    case SERVICE_RUNNING:
      return SONDE_SERVICE_RUNNING;
    case SERVICE_CONTINUE_PENDING:
      return SONDE_SERVICE_CONTINUE_PENDING;
    case SERVICE_PAUSE_PENDING:
      return SONDE_SERVICE_PAUSE_PENDING;
    case SERVICE_PAUSED:
      return SONDE_SERVICE_PAUSED;
    default:
      return SONDE_SERVICE_UNKNOWN;
  }
}

static sonde_service_start_type windows_service_start_type(uint32_t start_type) {
  switch (start_type) {
    case SERVICE_BOOT_START:
      return SONDE_SERVICE_BOOT;
    case SERVICE_SYSTEM_START:
      return SONDE_SERVICE_SYSTEM;
    case SERVICE_AUTO_START:
      return SONDE_SERVICE_AUTOMATIC;
    case SERVICE_DEMAND_START:
      return SONDE_SERVICE_MANUAL;
    case SERVICE_DISABLED:
      return SONDE_SERVICE_DISABLED;
    default:
      return SONDE_SERVICE_START_UNKNOWN;
  }
}

static void windows_set_status(sonde_service *row, uint32_t state, uint32_t pid) {
  row->state = windows_service_state(state);
  if (pid != 0) row->pid = (sonde_pid)pid;
}

/* ---- What a service is started with --------------------------------------------------------------------------------
 */

typedef BOOL windows_query_service(const struct windows_os *os, SC_HANDLE service, BYTE *out, DWORD size,
                                   DWORD *needed);

static BOOL windows_query_config(const struct windows_os *os, SC_HANDLE service, BYTE *out, DWORD size, DWORD *needed) {
  return os->QueryServiceConfigW(service, (QUERY_SERVICE_CONFIGW *)(void *)out, size, needed);
}

static BOOL windows_query_description(const struct windows_os *os, SC_HANDLE service, BYTE *out, DWORD size,
                                      DWORD *needed) {
  return os->QueryServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, out, size, needed);
}

/* The whole answer, in state->data. */
static sonde_status windows_ask_service(struct windows_services *q, struct sondei_windows_block *out, SC_HANDLE service,
                                        windows_query_service *query, const char *operation, const char *name) {
  struct sonde_buffer *const buffer = &q->state->data;
  unsigned tries = 0;
  sonde_status status = sonde_env_grow(q->env, buffer, WINDOWS_SERVICE_SIZE);
  if (status != SONDE_OK) return status;
  for (;;) {
    DWORD needed = 0;
    const DWORD size = buffer->capacity < UINT32_MAX ? (DWORD)buffer->capacity : UINT32_MAX;
    if (query(q->state->os, service, (BYTE *)(void *)buffer->data, size, &needed)) {
      *out = (struct sondei_windows_block){sondei_span_of(buffer->data, size), (uintptr_t)buffer->data, sizeof(void *)};
      return SONDE_OK;
    }
    const DWORD code = GetLastError();
    if (code != ERROR_INSUFFICIENT_BUFFER || !sondei_windows_grow_more(q->env, buffer, needed, &tries, &status)) {
      return status != SONDE_OK ? status : sondei_windows_fail(q->env, code, operation, name);
    }
  }
}

static sonde_status windows_fill_config(struct windows_services *q, sonde_service *row, SC_HANDLE service) {
  struct sondei_windows_block block;
  struct sondei_windows_service_config config;
  sondei_parse_error err;
  const char *const name = row->name.data;
  sonde_status status = windows_ask_service(q, &block, service, windows_query_config, "QueryServiceConfigW", name);
  if (status != SONDE_OK) return status;
  if (sondei_windows_parse_service_config(&config, &err, &block) != SONDE_OK) {
    return sonde_env_fail_parse(q->env, err.expected, err.position, name, row->name.len);
  }
  row->start_type = windows_service_start_type(config.start_type);
  status = sondei_windows_string(q->env, q->state, q->fill, &row->binpath, config.binary_path);
  if (status == SONDE_OK) {
    status = sondei_windows_string(q->env, q->state, q->fill, &row->username, config.start_name);
  }
  if (status == SONDE_OK && row->display_name.len == 0) {
    status = sondei_windows_string(q->env, q->state, q->fill, &row->display_name, config.display_name);
  }
  return status;
}

/* Empty where it cannot be read: it may stand in a file of the service that is missing. */
static sonde_status windows_fill_description(struct windows_services *q, sonde_service *row, SC_HANDLE service) {
  struct sondei_windows_block block;
  sondei_span text = {NULL, 0};
  sondei_parse_error err;
  const char *const name = row->name.data;
  const sonde_status status =
      windows_ask_service(q, &block, service, windows_query_description, "QueryServiceConfig2W", name);
  if (status != SONDE_OK) return status == SONDE_ERR_NO_MEMORY ? status : SONDE_OK;
  if (sondei_windows_parse_service_description(&text, &err, &block) != SONDE_OK) {
    (void)sonde_env_fail_parse(q->env, err.expected, err.position, name, row->name.len);
    return SONDE_OK;
  }
  return sondei_windows_string(q->env, q->state, q->fill, &row->description, text);
}

static sonde_status windows_fill_facts(struct windows_services *q, sonde_service *row, SC_HANDLE service) {
  const sonde_status status = windows_fill_config(q, row, service);
  return status == SONDE_OK ? windows_fill_description(q, row, service) : status;
}

/* ---- All of them ---------------------------------------------------------------------------------------------------
 */

/* name: the row's, as it stands in the list with a NUL. A service that was deleted meanwhile has no row. */
static sonde_status windows_fill_service(struct windows_services *q, sonde_service *row, const wchar_t *name) {
  SC_HANDLE service = q->state->os->OpenServiceW(q->manager, name, SERVICE_QUERY_CONFIG);
  if (service == NULL) {
    const DWORD code = GetLastError();
    if (code != ERROR_SERVICE_DOES_NOT_EXIST) {
      row->status = sondei_windows_fail(q->env, code, "OpenServiceW", row->name.data);
      return row->status == SONDE_ERR_NO_MEMORY ? row->status : SONDE_OK;
    }
    sonde_fill_drop_row(q->fill);
    return SONDE_OK;
  }
  row->status = windows_fill_facts(q, row, service);
  q->state->os->CloseServiceHandle(service);
  return row->status == SONDE_ERR_NO_MEMORY ? row->status : SONDE_OK;
}

/* As many as fit, from *resume on, in state->services. */
static sonde_status windows_ask_services(struct windows_services *q, struct sondei_windows_services *out, DWORD *resume,
                                         bool *is_last) {
  struct sonde_buffer *const buffer = &q->state->services;
  const DWORD from = *resume;
  unsigned tries = 0;
  sonde_status status = sonde_env_grow(q->env, buffer, WINDOWS_SERVICES_SIZE);
  if (status != SONDE_OK) return status;
  for (;;) {
    DWORD needed = 0;
    DWORD count = 0;
    const DWORD size = buffer->capacity < UINT32_MAX ? (DWORD)buffer->capacity : UINT32_MAX;
    *resume = from;
    *is_last =
        q->state->os->EnumServicesStatusExW(q->manager, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL,
                                            (BYTE *)(void *)buffer->data, size, &needed, &count, resume, NULL) != FALSE;
    const DWORD code = *is_last ? ERROR_SUCCESS : GetLastError();
    if (*is_last || (code == ERROR_MORE_DATA && count > 0)) {
      *out = (struct sondei_windows_services){
          {sondei_span_of(buffer->data, size), (uintptr_t)buffer->data, sizeof(void *)}, count, 0};
      return SONDE_OK;
    }
    if (code != ERROR_MORE_DATA || !sondei_windows_grow_more(q->env, buffer, needed, &tries, &status)) {
      return status != SONDE_OK ? status : sondei_windows_fail(q->env, code, "EnumServicesStatusExW", "");
    }
  }
}

static sonde_status windows_fill_page(struct windows_services *q, struct sondei_windows_services *page) {
  static const char operation[] = "EnumServicesStatusExW";
  struct sondei_windows_service told;
  sondei_parse_error err;
  while (sondei_windows_next_service(&told, &err, page)) {
    sonde_service *const row = sonde_fill_row(q->fill);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    windows_set_status(row, told.state, told.pid);
    sonde_status status = sondei_windows_string(q->env, q->state, q->fill, &row->name, told.name);
    if (status == SONDE_OK) {
      status = sondei_windows_string(q->env, q->state, q->fill, &row->display_name, told.display_name);
    }
    if (status == SONDE_OK && err.expected == NULL) {
      status = windows_fill_service(q, row, (const wchar_t *)(const void *)told.name.data);
    } else if (status == SONDE_OK) {
      row->status = sonde_env_fail_parse(q->env, err.expected, err.position, operation, sizeof operation - 1);
    }
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

sonde_status sondei_windows_service_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_services q = {env, opaque, out, NULL};
  struct sondei_windows_services page;
  DWORD resume = 0;
  bool is_last = false;
  sonde_status status = windows_open_manager(&q, SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE);
  if (status != SONDE_OK) return status;
  for (unsigned pages = 0; status == SONDE_OK && !is_last; pages++) {
    if (pages == WINDOWS_SERVICE_PAGES) {
      status = sondei_windows_fail(env, ERROR_MORE_DATA, "EnumServicesStatusExW", "");
      break;
    }
    status = windows_ask_services(&q, &page, &resume, &is_last);
    if (status == SONDE_OK) status = windows_fill_page(&q, &page);
  }
  q.state->os->CloseServiceHandle(q.manager);
  return status;
}

/* ---- One of them ---------------------------------------------------------------------------------------------------
 */

static sonde_status windows_fill_one(struct windows_services *q, SC_HANDLE service, const char *name) {
  SERVICE_STATUS_PROCESS told;
  DWORD needed = 0;
  sonde_service *const row = sonde_fill_row(q->fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  const sonde_status status = sonde_fill_string(q->fill, &row->name, name, strlen(name));
  if (status != SONDE_OK) return status;
  if (!q->state->os->QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&told, sizeof told, &needed)) {
    return sondei_windows_fail(q->env, GetLastError(), "QueryServiceStatusEx", name);
  }
  windows_set_status(row, told.dwCurrentState, told.dwProcessId);
  return windows_fill_facts(q, row, service);
}

sonde_status sondei_windows_service(struct sonde_env *env, void *opaque, struct sonde_fill *out, const char *name) {
  struct windows_services q = {env, opaque, out, NULL};
  const wchar_t *wide = NULL;
  sonde_status status = sondei_windows_wide(env, q.state, &wide, name);
  if (status == SONDE_OK) status = windows_open_manager(&q, SC_MANAGER_CONNECT);
  if (status != SONDE_OK) return status;
  SC_HANDLE service = q.state->os->OpenServiceW(q.manager, wide, SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS);
  if (service == NULL) {
    status = sondei_windows_fail(env, GetLastError(), "OpenServiceW", name);
  } else {
    status = windows_fill_one(&q, service, name);
    q.state->os->CloseServiceHandle(service);
  }
  q.state->os->CloseServiceHandle(q.manager);
  return status;
}
