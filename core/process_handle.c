/* SPDX-License-Identifier: MIT */
/* Process handles: what is read of, and done to, a process that was opened. */
#include "core/process.h"

#include "core/dispatch.h"
#include "core/net.h"

struct sonde_process_ref sondei_process_ref_for(const sonde_process_handle *process, const struct sondei_layer *layer) {
  struct sonde_process_ref ref = process->ref;
  if (layer != process->owner) ref.own = NULL;
  return ref;
}

sonde_status sonde_process_open(sonde *context, sonde_process_handle **out, sonde_pid pid) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  if (pid < 0) return sondei_context_fail(context, SONDE_ERR_NO_PROCESS, "negative pid");
  sonde_process_handle *const made = sondei_allocate(context, sizeof *made);
  if (made == NULL) return sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
  sonde_status status = SONDE_ERR_UNSUPPORTED;
  size_t cursor = 0;
  struct sondei_layer *layer = NULL;
  while (status == SONDE_ERR_UNSUPPORTED &&
         (layer = sondei_next_layer(context, SONDE_CAP_PROCESS_OPEN, &cursor)) != NULL) {
    const struct sonde_process_ref fresh = {pid, 0, false, NULL};
    made->ref = fresh;
    made->ref.own = sondei_allocate(context, layer->backend->process->handle_size);
    if (made->ref.own == NULL) {
      status = sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
      break;
    }
    made->owner = layer;
    status = layer->backend->process->open(SONDEI_LAYER, &made->ref);
    if (status != SONDE_OK) sondei_deallocate(context, made->ref.own, layer->backend->process->handle_size);
  }
  if (status != SONDE_OK) {
    sondei_settle(context, status, SONDE_CAP_PROCESS_OPEN);
    sondei_deallocate(context, made, sizeof *made);
    return status;
  }
  made->context = context;
  *out = made;
  return SONDE_OK;
}

void sonde_process_close(sonde_process_handle *process) {
  if (process == NULL) return;
  struct sondei_layer *const layer = process->owner;
  layer->backend->process->close(SONDEI_LAYER, &process->ref);
  sondei_deallocate(process->context, process->ref.own, layer->backend->process->handle_size);
  sondei_deallocate(process->context, process, sizeof *process);
}

sonde_pid sonde_process_pid(const sonde_process_handle *process) {
  return process == NULL ? SONDE_PID_UNKNOWN : process->ref.pid;
}

uint64_t sonde_process_start_id(const sonde_process_handle *process) {
  return process == NULL ? 0 : process->ref.start_id;
}

bool sonde_process_is_exact(const sonde_process_handle *process) { return process != NULL && process->ref.exact; }

sonde_status sonde_process_is_running(sonde_process_handle *process, bool *out) {
  if (!sondei_process_begin(process, out != NULL)) return SONDE_ERR_INVALID;
  struct sondei_layer *const layer = process->owner;
  bool running = false;
  const sonde_status status = layer->backend->process->is_running(SONDEI_LAYER, &running, &process->ref);
  sondei_settle(process->context, status, SONDE_CAP_PROCESS_OPEN);
  if (status == SONDE_OK) *out = running;
  return status;
}

sonde_status sonde_process_read(sonde_process_handle *process, sonde_process_table *out, uint64_t fields) {
  if (!sondei_process_begin(process, out != NULL && (fields & ~SONDE_PROCESS_ALL) == 0)) return SONDE_ERR_INVALID;
  struct sondei_layer *const layer = process->owner;
  struct sonde_memory_block *memory = out->memory;
  struct sonde_fill *fill = NULL;
  sonde_status status = sondei_list_begin(&fill, &memory, &process->context->allocator, &sondei_process_type);
  if (status == SONDE_OK) status = layer->backend->process->read(SONDEI_LAYER, fill, &process->ref, fields);
  SONDEI_END_LIST(status, process->context, PROCESS_OPEN, out, memory, &sondei_process_type);
  return status;
}

/* Evaluates call for each layer that fills the slot; it may use `ref`. */
#define ASK_ABOUT(status, process, capability, call)                                                              \
  do {                                                                                                            \
    struct sonde_process_ref ref;                                                                                 \
    SONDEI_ASK(status, (process)->context, capability, (ref = sondei_process_ref_for((process), layer), (call))); \
  } while (0)

#define GET_LIST_ABOUT(status, process, capability, list, row_type, call)      \
  do {                                                                         \
    struct sonde_process_ref ref;                                              \
    SONDEI_GET_LIST(status, (process)->context, capability, list, row_type,    \
                    (ref = sondei_process_ref_for((process), layer), (call))); \
  } while (0)

static const sonde_thread empty_thread = {.name = SONDEI_EMPTY_STRING};
SONDEI_ROW_TYPE(type_thread, sonde_thread, empty_thread);
SONDEI_DEFINE_FREE(sonde_thread_list);

sonde_status sonde_thread_list_get(sonde_process_handle *process, sonde_thread_list *out) {
  if (!sondei_process_begin(process, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  GET_LIST_ABOUT(status, process, PROCESS_THREADS, out, &type_thread,
                 layer->backend->process->thread_list(SONDEI_LAYER, fill, &ref));
  return status;
}

static const sonde_open_file empty_open_file = {.path = SONDEI_EMPTY_STRING, .fd = -1};
SONDEI_ROW_TYPE(type_open_file, sonde_open_file, empty_open_file);
SONDEI_DEFINE_FREE(sonde_open_file_list);

sonde_status sonde_open_file_list_get(sonde_process_handle *process, sonde_open_file_list *out, bool regular_only) {
  if (!sondei_process_begin(process, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  GET_LIST_ABOUT(status, process, PROCESS_OPEN_FILES, out, &type_open_file,
                 layer->backend->process->open_file_list(SONDEI_LAYER, fill, &ref, regular_only));
  return status;
}

static const sonde_map empty_map = {.path = SONDEI_EMPTY_STRING};
SONDEI_ROW_TYPE(type_map, sonde_map, empty_map);
SONDEI_DEFINE_FREE(sonde_map_list);

sonde_status sonde_map_list_get(sonde_process_handle *process, sonde_map_list *out, bool sizes) {
  if (!sondei_process_begin(process, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  GET_LIST_ABOUT(status, process, PROCESS_MAPS, out, &type_map,
                 layer->backend->process->map_list(SONDEI_LAYER, fill, &ref, sizes));
  return status;
}

sonde_status sonde_process_connections_get(sonde_process_handle *process, sonde_connection_list *out, uint32_t kinds) {
  if (!sondei_process_begin(process, out != NULL && sondei_connection_kinds_are_sound(kinds))) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  GET_LIST_ABOUT(status, process, PROCESS_CONNECTIONS, out, &sondei_connection_type,
                 layer->backend->process->connection_list(SONDEI_LAYER, fill, &ref, kinds));
  return status;
}

static const sonde_environ empty_environ = {.name = SONDEI_EMPTY_STRING, .value = SONDEI_EMPTY_STRING};
SONDEI_ROW_TYPE(type_environ, sonde_environ, empty_environ);
SONDEI_DEFINE_FREE(sonde_environ_list);

sonde_status sonde_environ_list_get(sonde_process_handle *process, sonde_environ_list *out) {
  if (!sondei_process_begin(process, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  GET_LIST_ABOUT(status, process, PROCESS_ENVIRON, out, &type_environ,
                 layer->backend->process->environ_list(SONDEI_LAYER, fill, &ref));
  return status;
}

static const sonde_limit empty_limit;
SONDEI_ROW_TYPE(type_limit, sonde_limit, empty_limit);
SONDEI_DEFINE_FREE(sonde_limit_list);

sonde_status sonde_limit_list_get(sonde_process_handle *process, sonde_limit_list *out) {
  if (!sondei_process_begin(process, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  GET_LIST_ABOUT(status, process, PROCESS_LIMITS, out, &type_limit,
                 layer->backend->process->limit_list(SONDEI_LAYER, fill, &ref));
  return status;
}

static const uint32_t no_cpu;
static const struct sondei_row_type type_cpu = {sizeof(uint32_t), SIZE_MAX, &no_cpu};
SONDEI_DEFINE_FREE(sonde_cpu_list);

sonde_status sonde_process_affinity_get(sonde_process_handle *process, sonde_cpu_list *out) {
  if (!sondei_process_begin(process, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  GET_LIST_ABOUT(status, process, PROCESS_AFFINITY, out, &type_cpu,
                 layer->backend->process->affinity(SONDEI_LAYER, fill, &ref));
  return status;
}

sonde_status sonde_process_signal(sonde_process_handle *process, int signal_number) {
  if (!sondei_process_begin(process, signal_number >= 0)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_SIGNAL, layer->backend->process->signal(SONDEI_LAYER, &ref, signal_number));
  return status;
}

sonde_status sonde_process_suspend(sonde_process_handle *process) {
  if (!sondei_process_begin(process, true)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_SUSPEND, layer->backend->process->suspend(SONDEI_LAYER, &ref));
  return status;
}

sonde_status sonde_process_resume(sonde_process_handle *process) {
  if (!sondei_process_begin(process, true)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_RESUME, layer->backend->process->resume(SONDEI_LAYER, &ref));
  return status;
}

sonde_status sonde_process_terminate(sonde_process_handle *process) {
  if (!sondei_process_begin(process, true)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_TERMINATE, layer->backend->process->terminate(SONDEI_LAYER, &ref));
  return status;
}

sonde_status sonde_process_kill(sonde_process_handle *process) {
  if (!sondei_process_begin(process, true)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_KILL, layer->backend->process->kill(SONDEI_LAYER, &ref));
  return status;
}

sonde_status sonde_process_set_nice(sonde_process_handle *process, int nice) {
  if (!sondei_process_begin(process, true)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_SET_NICE, layer->backend->process->set_nice(SONDEI_LAYER, &ref, nice));
  return status;
}

sonde_status sonde_process_set_ionice(sonde_process_handle *process, int ionice_class, int ionice_value) {
  if (!sondei_process_begin(process, true)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_SET_IONICE,
            layer->backend->process->set_ionice(SONDEI_LAYER, &ref, ionice_class, ionice_value));
  return status;
}

sonde_status sonde_process_set_affinity(sonde_process_handle *process, const uint32_t *cpus, size_t num_cpus) {
  if (!sondei_process_begin(process, cpus != NULL && num_cpus > 0)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_SET_AFFINITY,
            layer->backend->process->set_affinity(SONDEI_LAYER, &ref, cpus, num_cpus));
  return status;
}

sonde_status sonde_process_set_limit(sonde_process_handle *process, const sonde_limit *limit) {
  const bool is_sound = limit != NULL && (unsigned)limit->kind < SONDE_LIMIT_KINDS && limit->soft <= limit->hard;
  if (!sondei_process_begin(process, is_sound)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  ASK_ABOUT(status, process, PROCESS_SET_LIMIT, layer->backend->process->set_limit(SONDEI_LAYER, &ref, limit));
  return status;
}

const char *sonde_limit_name(sonde_limit_kind kind) {
  static const char *const names[SONDE_LIMIT_KINDS] = {
      "cpu",        "fsize",    "data", "stack",  "core",   "rss",    "nproc", "nofile", "memlock", "as",    "locks",
      "sigpending", "msgqueue", "nice", "rtprio", "rttime", "sbsize", "swap",  "npts",   "kqueues", "umtxp", "pipebuf",
  };
  return (unsigned)kind < SONDE_LIMIT_KINDS ? names[kind] : NULL;
}
