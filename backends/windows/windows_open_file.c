/* SPDX-License-Identifier: MIT */
/*
 * Open files. Nothing here may wait for the lock of a file object: who reads from a pipe, a console or a directory that
 * has nothing to tell holds it for as long as that takes, and most questions about a file that was opened for
 * synchronous use (its name, its device, its kind) wait for it, without an end and without a way back. So, for each
 * handle, once it is known to be a file's:
 *
 *   1. May its data be read, a section is made of it, which takes no such lock. Where that succeeds it is a regular
 *      file and its name is that of the mapping; where it is refused for what the file is, it is none.
 *   2. Else the file object is looked at, without waiting: it is signalled unless an operation is under way. Only then
 *      is it asked; a busy one is told as such, with SONDE_ERR_TIMEOUT.
 */
#include "backends/windows/windows_process.h"

#include <string.h>

#include "backends/windows/windows_drive.h"
#include "backends/windows/windows_error.h"
#include "backends/windows/windows_system.h"
#include "core/parse/windows_handle_table.h"
#include "core/parse/windows_utf16.h"

/* ---- The system's structures and numbers ------------------------------------------------------------------------ */

struct windows_process_handle_entry {
  HANDLE value;
  ULONG_PTR handle_count;
  ULONG_PTR pointer_count;
  ULONG granted_access;
  ULONG type_index;
  ULONG attributes;
  ULONG reserved;
};

struct windows_process_handles {
  ULONG_PTR count;
  ULONG_PTR reserved;
  struct windows_process_handle_entry entries[1];
};

struct windows_system_handle_entry {
  void *object;
  ULONG_PTR pid;
  ULONG_PTR value;
  ULONG granted_access;
  USHORT back_trace;
  USHORT type_index;
  ULONG attributes;
  ULONG reserved;
};

struct windows_system_handles {
  ULONG_PTR count;
  ULONG_PTR reserved;
  struct windows_system_handle_entry entries[1];
};

#define SAME(type, member, macro) \
  _Static_assert(offsetof(struct type, member) == macro(sizeof(void *)), "offset of " #member)
SAME(windows_process_handles, entries, SONDEI_WINDOWS_HANDLES_AT);
SAME(windows_process_handle_entry, granted_access, SONDEI_WINDOWS_HANDLE_GRANTED_ACCESS);
SAME(windows_process_handle_entry, type_index, SONDEI_WINDOWS_PROCESS_HANDLE_TYPE);
SAME(windows_process_handle_entry, attributes, SONDEI_WINDOWS_HANDLE_ATTRIBUTES);
_Static_assert(sizeof(struct windows_process_handle_entry) == SONDEI_WINDOWS_HANDLE_SIZE(sizeof(void *)), "entry");
SAME(windows_system_handles, entries, SONDEI_WINDOWS_HANDLES_AT);
SAME(windows_system_handle_entry, pid, SONDEI_WINDOWS_SYSTEM_HANDLE_PID);
SAME(windows_system_handle_entry, value, SONDEI_WINDOWS_SYSTEM_HANDLE_VALUE);
SAME(windows_system_handle_entry, granted_access, SONDEI_WINDOWS_HANDLE_GRANTED_ACCESS);
SAME(windows_system_handle_entry, type_index, SONDEI_WINDOWS_SYSTEM_HANDLE_TYPE);
SAME(windows_system_handle_entry, attributes, SONDEI_WINDOWS_HANDLE_ATTRIBUTES);
_Static_assert(sizeof(struct windows_system_handle_entry) == SONDEI_WINDOWS_HANDLE_SIZE(sizeof(void *)), "entry");

struct windows_device_information {
  ULONG type;
  ULONG characteristics;
};

struct windows_standard_information {
  LARGE_INTEGER allocation_size;
  LARGE_INTEGER end_of_file;
  ULONG number_of_links;
  BOOLEAN delete_pending;
  BOOLEAN directory;
};

enum {
  WINDOWS_PROCESS_HANDLE_INFORMATION = 51, /* Windows 8 */
  WINDOWS_SYSTEM_HANDLE_INFORMATION = 0x40,
  WINDOWS_OBJECT_NAME = 1,
  WINDOWS_OBJECT_TYPE = 2,
  WINDOWS_MAPPED_NAME = 2,
  WINDOWS_FS_DEVICE = 4,
  WINDOWS_FILE_STANDARD = 5,
  WINDOWS_VIEW_UNMAP = 2, /* ViewUnmap: not for child processes */
  WINDOWS_NAME_SIZE = 65536 + 64
};

/* Numbers of devices, FILE_DEVICE_*, that the headers of some compilers lack. */
enum {
  DEVICE_CD_ROM = 0x02,
  DEVICE_CD_ROM_FILE_SYSTEM = 0x03,
  DEVICE_DFS = 0x06,
  DEVICE_DISK = 0x07,
  DEVICE_DISK_FILE_SYSTEM = 0x08,
  DEVICE_FILE_SYSTEM = 0x09,
  DEVICE_KEYBOARD = 0x0b,
  DEVICE_MOUSE = 0x0f,
  DEVICE_MULTI_UNC_PROVIDER = 0x10,
  DEVICE_NAMED_PIPE = 0x11,
  DEVICE_NETWORK_FILE_SYSTEM = 0x14,
  DEVICE_NULL = 0x15,
  DEVICE_PARALLEL_PORT = 0x16,
  DEVICE_PRINTER = 0x18,
  DEVICE_SERIAL_PORT = 0x1b,
  DEVICE_SCREEN = 0x1c,
  DEVICE_SOUND = 0x1d,
  DEVICE_VIRTUAL_DISK = 0x24,
  DEVICE_MODEM = 0x2b,
  DEVICE_DFS_FILE_SYSTEM = 0x35,
  DEVICE_CONSOLE = 0x50
};

/* ---- The table of handles --------------------------------------------------------------------------------------- */

#define WINDOWS_SELF ((HANDLE)(LONG_PTR) - 1)

/* Asks for the handles of one process; false with SONDE_OK: this Windows tells those of all processes only. */
static bool windows_own_table(struct sonde_env *env, struct windows_state *state, HANDLE process, const char *subject,
                              struct sondei_windows_block *out, sonde_status *status) {
  unsigned tries = 0;
  *status = SONDE_OK;
  if (state->handles.capacity == 0 && !sondei_windows_grow_more(env, &state->handles, 0, &tries, status)) return false;
  for (;;) {
    const ULONG size = state->handles.capacity < UINT32_MAX ? (ULONG)state->handles.capacity : UINT32_MAX;
    ULONG told = 0;
    const NTSTATUS code = state->os->NtQueryInformationProcess(
        process, (PROCESSINFOCLASS)WINDOWS_PROCESS_HANDLE_INFORMATION, state->handles.data, size, &told);
    if (NT_SUCCESS(code)) {
      *out = (struct sondei_windows_block){sondei_span_of(state->handles.data, told < size ? told : size),
                                           (uintptr_t)state->handles.data, sizeof(void *)};
      return true;
    }
    if (code == STATUS_INVALID_INFO_CLASS || code == STATUS_NOT_IMPLEMENTED) return false;
    const bool is_small =
        code == STATUS_INFO_LENGTH_MISMATCH || code == STATUS_BUFFER_TOO_SMALL || code == STATUS_BUFFER_OVERFLOW;
    if (is_small && sondei_windows_grow_more(env, &state->handles, told, &tries, status)) continue;
    if (*status == SONDE_OK) *status = sondei_windows_nt_fail(env, code, "NtQueryInformationProcess", subject);
    return false;
  }
}

/* The handles of a process; where those of all are told, these. */
static sonde_status windows_table(struct sonde_env *env, struct windows_state *state, HANDLE process,
                                  const char *subject, struct sondei_windows_handle_table *out) {
  struct sondei_windows_block block;
  sondei_parse_error err;
  sonde_status status = SONDE_OK;
  sondei_windows_handle_layout layout = SONDEI_WINDOWS_PROCESS_HANDLES;
  if (!windows_own_table(env, state, process, subject, &block, &status)) {
    if (status != SONDE_OK) return status;
    layout = SONDEI_WINDOWS_SYSTEM_HANDLES;
    status = sondei_windows_query_system(env, state, &state->handles, &block, WINDOWS_SYSTEM_HANDLE_INFORMATION,
                                         "SystemExtendedHandleInformation");
    if (status != SONDE_OK) return status;
  }
  if (sondei_windows_parse_handle_table(out, &err, &block, layout) == SONDE_OK) return SONDE_OK;
  return sonde_env_fail_parse(env, err.expected, err.position, "handles", sizeof "handles" - 1);
}

static bool windows_next_of(struct sondei_windows_handle *out, struct sondei_windows_handle_table *table,
                            uint64_t pid) {
  while (sondei_windows_next_handle(out, table)) {
    if (table->layout == SONDEI_WINDOWS_PROCESS_HANDLES || out->pid == pid) return true;
  }
  return false;
}

/* By a file of our own: which number the type File has, which differs between versions of Windows. */
static sonde_status windows_find_file_type(struct sonde_env *env, struct windows_state *state) {
  struct sondei_windows_handle_table table;
  struct sondei_windows_handle handle;
  if (state->file_type_plus_1 != 0) return SONDE_OK;
  const HANDLE file =
      state->os->CreateFileW(L"\\\\.\\NUL", 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return sondei_windows_fail(env, GetLastError(), "CreateFileW", "\\\\.\\NUL");
  const sonde_status status = windows_table(env, state, WINDOWS_SELF, "", &table);
  state->os->CloseHandle(file);
  if (status != SONDE_OK) return status;
  while (windows_next_of(&handle, &table, state->os->GetCurrentProcessId())) {
    if (handle.value != (uintptr_t)file) continue;
    state->file_type_plus_1 = (uint64_t)handle.type_index + 1;
    return SONDE_OK;
  }
  return sonde_env_fail_parse(env, "a handle of our own", 0, "handles", sizeof "handles" - 1);
}

/* ---- One handle ------------------------------------------------------------------------------------------------- */

/* What a call keeps from handle to handle. */
struct windows_files {
  struct sonde_env *env;
  struct windows_state *state;
  struct sonde_fill *fill;
  HANDLE process;
  bool regular_only;
  struct windows_drives drives;
};

/* A file, by a duplicate of its handle. */
struct windows_file {
  HANDLE handle;
  uint32_t access;
  sonde_file_kind kind;
  sondei_span name; /* UTF-16, in state->object_name */
  sonde_status status;
};

/* The UNICODE_STRING at the begin of state->object_name. */
static bool windows_name_of(const struct windows_files *f, sondei_span *name) {
  const struct sondei_windows_block block = {sondei_span_of(f->state->object_name.data, WINDOWS_NAME_SIZE),
                                             (uintptr_t)f->state->object_name.data, sizeof(void *)};
  return sondei_windows_read_unicode_string(&block, 0, name);
}

static bool windows_begins(sondei_span utf16, const char *text) {
  for (size_t i = 0; text[i] != '\0'; i++) {
    if (utf16.len < 2 * (i + 1) || utf16.data[2 * i] != text[i] || utf16.data[2 * i + 1] != '\0') return false;
  }
  return true;
}

/* Whether the object is a file: a handle may have been closed and its number used again since the table was made.
 * Takes no lock. */
static bool windows_is_file(const struct windows_files *f, HANDLE handle) {
  ULONG told = 0;
  sondei_span name;
  return NT_SUCCESS(f->state->os->NtQueryObject(handle, (OBJECT_INFORMATION_CLASS)WINDOWS_OBJECT_TYPE,
                                                f->state->object_name.data, WINDOWS_NAME_SIZE, &told)) &&
         windows_name_of(f, &name) && name.len == 2 * (sizeof "File" - 1) && windows_begins(name, "File");
}

/* The name of a regular file by way of a section, whose size is not 0. False: there is none to be had. */
static bool windows_name_mapped(const struct windows_files *f, struct windows_file *file, HANDLE section) {
  const struct windows_os *const os = f->state->os;
  void *view = NULL;
  SIZE_T size = 1;
  SIZE_T told = 0;
  if (!NT_SUCCESS(os->NtMapViewOfSection(section, WINDOWS_SELF, &view, 0, 0, NULL, &size, WINDOWS_VIEW_UNMAP, 0,
                                         PAGE_READONLY))) {
    return false;
  }
  const NTSTATUS code = os->NtQueryVirtualMemory(WINDOWS_SELF, view, WINDOWS_MAPPED_NAME, f->state->object_name.data,
                                                 WINDOWS_NAME_SIZE, &told);
  os->NtUnmapViewOfSection(WINDOWS_SELF, view);
  return NT_SUCCESS(code) && windows_name_of(f, &file->name) && file->name.len > 0;
}

/* Step 1. True: all is known. */
static bool windows_ask_section(const struct windows_files *f, struct windows_file *file) {
  HANDLE section = NULL;
  if ((file->access & FILE_READ_DATA) == 0) return false;
  const NTSTATUS code = f->state->os->NtCreateSection(&section, SECTION_MAP_READ | SECTION_QUERY, NULL, NULL,
                                                      PAGE_READONLY, SEC_COMMIT, file->handle);
  if (NT_SUCCESS(code)) {
    file->kind = SONDE_FILE_REGULAR;
    const bool is_named = windows_name_mapped(f, file, section);
    f->state->os->CloseHandle(section);
    return is_named;
  }
  if (code == STATUS_INVALID_FILE_FOR_SECTION || code == STATUS_OBJECT_TYPE_MISMATCH) {
    file->kind = SONDE_FILE_OTHER;
    return f->regular_only;
  }
  /* It has no size, or parts of it are locked: what only a file can be. */
  if (code == STATUS_MAPPED_FILE_SIZE_ZERO || code == STATUS_FILE_LOCK_CONFLICT) file->kind = SONDE_FILE_REGULAR;
  return false;
}

static sonde_file_kind windows_kind_of_device(const struct windows_files *f, const struct windows_file *file,
                                              ULONG device) {
  struct windows_standard_information standard;
  IO_STATUS_BLOCK unused;
  switch (device) {
    case DEVICE_NAMED_PIPE: /* of the driver of sockets, too */
      return windows_begins(file->name, "\\Device\\NamedPipe") ? SONDE_FILE_PIPE
             : windows_begins(file->name, "\\Device\\Afd")     ? SONDE_FILE_SOCKET
                                                               : SONDE_FILE_OTHER;
    case DEVICE_KEYBOARD:
    case DEVICE_MOUSE:
    case DEVICE_NULL:
    case DEVICE_PARALLEL_PORT:
    case DEVICE_PRINTER:
    case DEVICE_SERIAL_PORT:
    case DEVICE_SCREEN:
    case DEVICE_SOUND:
    case DEVICE_MODEM:
    case DEVICE_CONSOLE:
      return SONDE_FILE_CHARACTER_DEVICE;
    case DEVICE_CD_ROM:
    case DEVICE_CD_ROM_FILE_SYSTEM:
    case DEVICE_DFS:
    case DEVICE_DFS_FILE_SYSTEM:
    case DEVICE_DISK:
    case DEVICE_DISK_FILE_SYSTEM:
    case DEVICE_FILE_SYSTEM:
    case DEVICE_MULTI_UNC_PROVIDER:
    case DEVICE_NETWORK_FILE_SYSTEM:
    case DEVICE_VIRTUAL_DISK:
      break;
    default:
      return SONDE_FILE_OTHER;
  }
  memset(&standard, 0, sizeof standard);
  /* A disk or a volume that was opened as such has neither size nor links. */
  if (!NT_SUCCESS(f->state->os->NtQueryInformationFile(file->handle, &unused, &standard, sizeof standard,
                                                       (FILE_INFORMATION_CLASS)WINDOWS_FILE_STANDARD))) {
    return SONDE_FILE_BLOCK_DEVICE;
  }
  return standard.directory ? SONDE_FILE_DIRECTORY : SONDE_FILE_REGULAR;
}

/* Step 2. */
static void windows_ask_file(const struct windows_files *f, struct windows_file *file) {
  const struct windows_os *const os = f->state->os;
  struct windows_device_information device = {0, 0};
  IO_STATUS_BLOCK unused;
  ULONG told = 0;
  if (os->WaitForSingleObject(file->handle, 0) != WAIT_OBJECT_0) {
    file->status = sonde_env_fail(f->env, SONDE_ERR_TIMEOUT, 0, NULL, "ask a file that is in use", "", 0);
    return;
  }
  const NTSTATUS named = os->NtQueryObject(file->handle, (OBJECT_INFORMATION_CLASS)WINDOWS_OBJECT_NAME,
                                           f->state->object_name.data, WINDOWS_NAME_SIZE, &told);
  if (!NT_SUCCESS(named)) {
    file->status = sondei_windows_nt_fail(f->env, named, "NtQueryObject", "");
  } else if (!windows_name_of(f, &file->name)) {
    file->status = sonde_env_fail_parse(f->env, "a UNICODE_STRING", 0, "name of a file", sizeof "name of a file" - 1);
  }
  const NTSTATUS placed = os->NtQueryVolumeInformationFile(file->handle, &unused, &device, sizeof device,
                                                           (FS_INFORMATION_CLASS)WINDOWS_FS_DEVICE);
  if (NT_SUCCESS(placed)) file->kind = windows_kind_of_device(f, file, device.type);
}

/* As fopen takes it. */
static const char *windows_mode(uint32_t access) {
  if ((access & FILE_READ_DATA) != 0) {
    return (access & FILE_WRITE_DATA) != 0 ? "r+" : (access & FILE_APPEND_DATA) != 0 ? "a+" : "r";
  }
  return (access & FILE_WRITE_DATA) != 0 ? "w" : (access & FILE_APPEND_DATA) != 0 ? "a" : "";
}

static sonde_status windows_add_file(struct windows_files *f, struct windows_file *file) {
  if (!windows_ask_section(f, file)) windows_ask_file(f, file);
  if (f->regular_only && file->kind != SONDE_FILE_REGULAR && file->kind != SONDE_FILE_UNKNOWN) return SONDE_OK;
  sonde_open_file *const row = sonde_fill_row(f->fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->status = file->status;
  row->flags = file->access;
  row->valid = SONDE_OPEN_FILE_FLAGS;
  memcpy(row->mode, windows_mode(file->access), strlen(windows_mode(file->access)) + 1);
  /* What is no regular file, and too busy to be asked what else it is. */
  const bool is_known = file->kind != SONDE_FILE_OTHER || file->status != SONDE_ERR_TIMEOUT;
  if (is_known && file->kind != SONDE_FILE_UNKNOWN) {
    row->kind = file->kind;
    row->valid |= SONDE_OPEN_FILE_KIND;
  }
  if (file->name.len == 0) return SONDE_OK;
  return sondei_windows_drive_path(f->env, f->state, &f->drives, f->fill, &row->path, file->name);
}

static sonde_status windows_add_handle(struct windows_files *f, const struct sondei_windows_handle *handle) {
  const struct windows_os *const os = f->state->os;
  struct windows_file file = {NULL, handle->granted_access, SONDE_FILE_UNKNOWN, {NULL, 0}, SONDE_OK};
  if (!os->DuplicateHandle(f->process, (HANDLE)(uintptr_t)handle->value, WINDOWS_SELF, &file.handle, 0, FALSE,
                           DUPLICATE_SAME_ACCESS)) {
    const DWORD code = GetLastError();
    /* The right to duplicate is missing for all of them; otherwise this one was closed meanwhile. */
    if (code != ERROR_INVALID_HANDLE) return sondei_windows_fail(f->env, code, "DuplicateHandle", "");
    return SONDE_OK;
  }
  const sonde_status status = windows_is_file(f, file.handle) ? windows_add_file(f, &file) : SONDE_OK;
  os->CloseHandle(file.handle);
  return status;
}

sonde_status sondei_windows_open_file_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                           struct sonde_process_ref *ref, bool regular_only) {
  struct windows_state *const state = opaque;
  struct windows_files f = {.env = env, .state = state, .fill = out, .regular_only = regular_only};
  struct sondei_windows_handle_table table;
  struct sondei_windows_handle handle;
  char subject[WINDOWS_PROCESS_SUBJECT];
  bool is_alive = false;
  f.process = sondei_windows_process_handle(ref);
  if (f.process == NULL) return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "find the handle", "", 0);
  sonde_status status = sonde_env_grow(env, &state->object_name, WINDOWS_NAME_SIZE);
  if (status == SONDE_OK) status = windows_find_file_type(env, state);
  if (status == SONDE_OK) {
    status = windows_table(env, state, f.process, sondei_windows_process_subject(subject, ref->pid), &table);
  }
  while (status == SONDE_OK && windows_next_of(&handle, &table, (uint64_t)ref->pid)) {
    if ((uint64_t)handle.type_index + 1 == state->file_type_plus_1) status = windows_add_handle(&f, &handle);
  }
  /* Of a process that ends, handles are refused or gone. */
  const sonde_status alive = sondei_windows_process_is_alive(env, state, &is_alive, f.process, ref->pid);
  if (alive != SONDE_OK) return alive;
  return is_alive ? status : sondei_windows_no_process(env, ref->pid);
}
