/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_process.h"
#include "backends/windows/windows_system.h"
#include "backends/windows/windows_text.h"
#include "core/parse/windows_command_line.h"
#include "core/parse/windows_environ.h"
#include "core/parse/windows_peb.h"
#include "core/parse/windows_working_set.h"

/* Classes that the system's headers leave out. */
enum {
  WINDOWS_SYSTEM_PROCESS_ID = 0x58,  /* SystemProcessIdInformation, Windows 7 */
  WINDOWS_PROCESS_COMMAND_LINE = 60, /* ProcessCommandLineInformation, Windows 8.1 */
  WINDOWS_MEMORY_WORKING_SET = 1,    /* MemoryWorkingSetInformation */
  WINDOWS_MEMORY_MAPPED_FILE = 2,    /* MemoryMappedFilenameInformation */
  WINDOWS_MEMORY_WORKING_SET_EX = 4  /* MemoryWorkingSetExInformation */
};

/* The parser's offsets are those of the system's headers, as far as these name the members. */
#if UINTPTR_MAX == UINT64_MAX
#define WINDOWS_OWN(prefix, name) prefix##64_##name
#else
#define WINDOWS_OWN(prefix, name) prefix##32_##name
#endif
_Static_assert(offsetof(PEB, ProcessParameters) == WINDOWS_OWN(SONDEI_WINDOWS_PEB, PARAMETERS), "parameters");
_Static_assert(offsetof(RTL_USER_PROCESS_PARAMETERS, ImagePathName) == WINDOWS_OWN(SONDEI_WINDOWS_PARAMETERS, IMAGE),
               "image");
_Static_assert(offsetof(RTL_USER_PROCESS_PARAMETERS, CommandLine) == WINDOWS_OWN(SONDEI_WINDOWS_PARAMETERS, COMMAND),
               "command line");

/* The others as they are documented. */
#define WINDOWS_PARAMETERS(name, pointer)                                                   \
  struct name {                                                                             \
    uint32_t size[2], flags, debug_flags;                                                   \
    pointer console;                                                                        \
    uint32_t console_flags;                                                                 \
    pointer streams[3], current_directory[3], dll_path[2], image[2], command_line[2];       \
    pointer environment;                                                                    \
    uint32_t window[9];                                                                     \
    pointer window_texts[8], drives[32 * (sizeof(pointer) == 8 ? 3 : 4)], environment_size; \
  }
WINDOWS_PARAMETERS(windows_parameters32, uint32_t);
WINDOWS_PARAMETERS(windows_parameters64, uint64_t);
#define WINDOWS_AT(width, member, name)                                                                           \
  _Static_assert(offsetof(struct windows_parameters##width, member) == SONDEI_WINDOWS_PARAMETERS##width##_##name, \
                 #member)
WINDOWS_AT(32, current_directory, DIRECTORY);
WINDOWS_AT(64, current_directory, DIRECTORY);
WINDOWS_AT(32, image, IMAGE);
WINDOWS_AT(64, image, IMAGE);
WINDOWS_AT(32, command_line, COMMAND);
WINDOWS_AT(64, command_line, COMMAND);
WINDOWS_AT(32, environment, ENVIRONMENT);
WINDOWS_AT(64, environment, ENVIRONMENT);
WINDOWS_AT(32, environment_size, ENVIRONMENT_SIZE);
WINDOWS_AT(64, environment_size, ENVIRONMENT_SIZE);

/* A process that is looked at by a handle. */
struct windows_peer {
  struct sonde_env *env;
  struct windows_state *state;
  HANDLE process;
  sonde_pid pid;
  size_t pointer_size; /* of the process */
  bool is_foreign;     /* its pointers are wider than ours */
};

static struct windows_peer windows_peer_of(struct sonde_env *env, struct windows_state *state, HANDLE process,
                                           sonde_pid pid) {
  return (struct windows_peer){env, state, process, pid, 0, false};
}

static sonde_status windows_fail_peer(const struct windows_peer *p, DWORD code, const char *operation) {
  char subject[WINDOWS_PROCESS_SUBJECT];
  return sondei_windows_fail(p->env, code, operation, sondei_windows_process_subject(subject, p->pid));
}

static sonde_status windows_nt_fail_peer(const struct windows_peer *p, NTSTATUS code, const char *operation) {
  char subject[WINDOWS_PROCESS_SUBJECT];
  return sondei_windows_nt_fail(p->env, code, operation, sondei_windows_process_subject(subject, p->pid));
}

static sonde_status windows_fail_parse_peer(const struct windows_peer *p, const sondei_parse_error *err) {
  char subject[WINDOWS_PROCESS_SUBJECT];
  sondei_windows_process_subject(subject, p->pid);
  return sonde_env_fail_parse(p->env, err->expected, err->position, subject, strlen(subject));
}

/* ---- Width ------------------------------------------------------------------------------------------------------ */

/* 32 or 64. */
static sonde_status windows_width(const struct windows_peer *p, uint32_t *out, HANDLE process) {
  const struct windows_os *const os = p->state->os;
  USHORT machine = 0, native = 0;
  if (os->IsWow64Process2(process, &machine, &native)) {
    if (machine == IMAGE_FILE_MACHINE_UNKNOWN) machine = native;
    *out = machine == IMAGE_FILE_MACHINE_AMD64 || machine == IMAGE_FILE_MACHINE_ARM64 ? 64 : 32;
    return SONDE_OK;
  }
  BOOL is_wow64 = FALSE, are_we = FALSE;
  DWORD code = GetLastError();
  if (code != ERROR_PROC_NOT_FOUND) return windows_fail_peer(p, code, "IsWow64Process2");
  if (!os->IsWow64Process(process, &is_wow64) || !os->IsWow64Process(GetCurrentProcess(), &are_we)) {
    code = GetLastError();
    return windows_fail_peer(p, code, "IsWow64Process");
  }
  *out = !is_wow64 && (sizeof(void *) == 8 || are_we) ? 64 : 32;
  return SONDE_OK;
}

static sonde_status windows_begin_peer(struct windows_peer *p) {
  uint32_t bits = 0;
  const sonde_status status = windows_width(p, &bits, p->process);
  if (status != SONDE_OK) return status;
  p->pointer_size = bits / 8;
  p->is_foreign = p->pointer_size > sizeof(void *);
  return SONDE_OK;
}

/* What a 32-bit program is not told of a 64-bit process. */
static sonde_status windows_refuse_foreign(const struct windows_peer *p, const char *operation) {
  return windows_fail_peer(p, ERROR_ACCESS_DENIED, operation);
}

sonde_status sondei_windows_read_bitness(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  const struct windows_peer p = windows_peer_of(call->env, call->state, process, row->pid);
  return windows_width(&p, &row->bitness, process);
}

/* ---- Memory of the process -------------------------------------------------------------------------------------- */

enum {
  WINDOWS_COPY_TRIES = 8,
  WINDOWS_COPY_MOST = 1 << 26 /* bytes; a command line has 65,534 at most, environments have no limit */
};

/* PROCESS_BASIC_INFORMATION of a 64-bit process. */
struct windows_basic64 {
  uint64_t exit_status, peb, affinity, priority, pid, parent;
};
_Static_assert(sizeof(struct windows_basic64) == 48, "PROCESS_BASIC_INFORMATION");

/* Into state->data. */
static sonde_status windows_copy(const struct windows_peer *p, sondei_span *out, uint64_t address, uint64_t len) {
  const struct windows_os *const os = p->state->os;
  if (len > WINDOWS_COPY_MOST) {
    const sondei_parse_error err = {0, "less than 64 MiB"};
    return windows_fail_parse_peer(p, &err);
  }
  const sonde_status status = sonde_env_grow(p->env, &p->state->data, (size_t)len + 1);
  if (status != SONDE_OK) return status;
  *out = sondei_span_of(p->state->data.data, (size_t)len);
  if (len == 0) return SONDE_OK;
  if (p->is_foreign) {
    uint64_t told = 0;
    const NTSTATUS code = os->NtWow64ReadVirtualMemory64(p->process, address, p->state->data.data, len, &told);
    if (code != STATUS_SUCCESS) return windows_nt_fail_peer(p, code, "NtWow64ReadVirtualMemory64");
    return told == len ? SONDE_OK : windows_nt_fail_peer(p, STATUS_PARTIAL_COPY, "NtWow64ReadVirtualMemory64");
  }
  SIZE_T told = 0;
  if (!os->ReadProcessMemory(p->process, (const void *)(uintptr_t)address, p->state->data.data, (size_t)len, &told)) {
    return windows_fail_peer(p, GetLastError(), "ReadProcessMemory");
  }
  return told == len ? SONDE_OK : windows_fail_peer(p, ERROR_PARTIAL_COPY, "ReadProcessMemory");
}

/* What of a copy may be another the next time: the process was changing it. */
static bool windows_may_retry(const struct windows_peer *p, sonde_status status) {
  const int64_t code = sonde_env_failed_code(p->env);
  return status == SONDE_ERR_PARSE || (status == SONDE_ERR_ACCESS && (code == (int64_t)ERROR_PARTIAL_COPY ||
                                                                      code == (int64_t)(uint32_t)STATUS_PARTIAL_COPY));
}

/* Where its PEB is, in the layout of its own pointers. 0: it has none, as processes of the kernel. */
static sonde_status windows_find_peb(const struct windows_peer *p, uint64_t *out) {
  const struct windows_os *const os = p->state->os;
  if (p->is_foreign) {
    struct windows_basic64 basic = {.peb = 0};
    const NTSTATUS code =
        os->NtWow64QueryInformationProcess64(p->process, ProcessBasicInformation, &basic, sizeof basic, NULL);
    *out = basic.peb;
    /* Only what is older than Windows Vista lacks it. */
    if (code == STATUS_PROCEDURE_NOT_FOUND) return windows_refuse_foreign(p, "NtWow64QueryInformationProcess64");
    return code == STATUS_SUCCESS ? SONDE_OK : windows_nt_fail_peer(p, code, "NtWow64QueryInformationProcess64");
  }
  if (p->pointer_size != sizeof(void *)) {
    ULONG_PTR peb = 0;
    const NTSTATUS code = os->NtQueryInformationProcess(p->process, ProcessWow64Information, &peb, sizeof peb, NULL);
    *out = peb;
    return code == STATUS_SUCCESS ? SONDE_OK : windows_nt_fail_peer(p, code, "NtQueryInformationProcess");
  }
  PROCESS_BASIC_INFORMATION basic = {.PebBaseAddress = NULL};
  const NTSTATUS code = os->NtQueryInformationProcess(p->process, ProcessBasicInformation, &basic, sizeof basic, NULL);
  *out = (uintptr_t)basic.PebBaseAddress;
  return code == STATUS_SUCCESS ? SONDE_OK : windows_nt_fail_peer(p, code, "NtQueryInformationProcess");
}

static sonde_status windows_read_parameters(const struct windows_peer *p, struct sondei_windows_parameters *out) {
  struct sondei_windows_block block = {.pointer_size = p->pointer_size};
  sondei_parse_error err;
  uint64_t peb = 0, address = 0;
  sonde_status status = windows_find_peb(p, &peb);
  if (status != SONDE_OK) return status;
  if (peb == 0) return sonde_env_fail(p->env, SONDE_ERR_UNSUPPORTED, 0, NULL, "find the PEB", "", 0);
  status = windows_copy(p, &block.bytes, peb, sondei_windows_peb_size(p->pointer_size));
  if (status != SONDE_OK) return status;
  block.base = peb;
  if (sondei_windows_parse_peb(&address, &err, &block) != SONDE_OK) return windows_fail_parse_peer(p, &err);
  status = windows_copy(p, &block.bytes, address, sondei_windows_parameters_size(p->pointer_size));
  if (status != SONDE_OK) return status;
  block.base = address;
  if (sondei_windows_parse_parameters(out, &err, &block) != SONDE_OK) return windows_fail_parse_peer(p, &err);
  return SONDE_OK;
}

enum windows_parameter {
  WINDOWS_DIRECTORY,
  WINDOWS_COMMAND_LINE,
  WINDOWS_ENVIRONMENT
};

/* A copy of one of its parameters, in state->data. */
static sonde_status windows_read_parameter(struct windows_peer *p, sondei_span *out, enum windows_parameter which) {
  struct sondei_windows_parameters parameters;
  sonde_status status = windows_begin_peer(p);
  if (status != SONDE_OK) return status;
  for (int i = 0; i < WINDOWS_COPY_TRIES; i++) {
    status = windows_read_parameters(p, &parameters);
    if (status == SONDE_OK) {
      const struct sondei_windows_place *const place = which == WINDOWS_DIRECTORY      ? &parameters.current_directory
                                                       : which == WINDOWS_COMMAND_LINE ? &parameters.command_line
                                                                                       : &parameters.environment;
      status = windows_copy(p, out, place->address, place->len);
    }
    if (status == SONDE_OK || !windows_may_retry(p, status)) return status;
  }
  return status;
}

/* ---- Command line and directory --------------------------------------------------------------------------------- */

enum {
  WINDOWS_TEXT_MOST = 65536 /* bytes: a UNICODE_STRING has no room for more */
};

/* The answer of the kernel, which is told to everybody who may look at the process at all. */
static sonde_status windows_query_command_line(const struct windows_peer *p, sondei_span *out) {
  const ULONG size = WINDOWS_TEXT_MOST + sizeof(UNICODE_STRING);
  ULONG told = 0;
  const sonde_status status = sonde_env_grow(p->env, &p->state->data, size);
  if (status != SONDE_OK) return status;
  const NTSTATUS code = p->state->os->NtQueryInformationProcess(
      p->process, (PROCESSINFOCLASS)WINDOWS_PROCESS_COMMAND_LINE, p->state->data.data, size, &told);
  if (code != STATUS_SUCCESS) return windows_nt_fail_peer(p, code, "NtQueryInformationProcess");
  const struct sondei_windows_block block = {sondei_span_of(p->state->data.data, told < size ? told : size),
                                             (uintptr_t)p->state->data.data, sizeof(void *)};
  if (sondei_windows_read_unicode_string(&block, 0, out)) return SONDE_OK;
  const sondei_parse_error err = {0, "a command line"};
  return windows_fail_parse_peer(p, &err);
}

static sonde_status windows_fill_arguments(struct windows_process_call *call, sonde_process *row, sondei_span line) {
  struct sondei_windows_command_line rest = {line, false};
  sondei_span argument;
  sondei_parse_error err;
  size_t count = 0;
  sonde_status status = sonde_env_grow(call->env, &call->state->wide, line.len + 1);
  if (status != SONDE_OK) return status;
  char *const room = call->state->wide.data;
  while (sondei_windows_next_argument(&argument, &err, &rest, room)) count++;
  sonde_string *const args = sonde_fill_array(call->fill, count, sizeof *args);
  if (args == NULL) return SONDE_ERR_NO_MEMORY;
  rest = (struct sondei_windows_command_line){line, false};
  for (size_t i = 0; i < count && status == SONDE_OK; i++) {
    (void)sondei_windows_next_argument(&argument, &err, &rest, room);
    status = sondei_windows_string(call->env, call->state, call->fill, &args[i], argument);
  }
  row->args = args;
  row->num_args = count;
  return status;
}

sonde_status sondei_windows_read_cmdline(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  struct windows_peer p = windows_peer_of(call->env, call->state, process, row->pid);
  sondei_span line;
  sonde_status status = windows_query_command_line(&p, &line);
  if (status != SONDE_OK && status != SONDE_ERR_NO_MEMORY) {
    status = windows_read_parameter(&p, &line, WINDOWS_COMMAND_LINE);
  }
  if (status == SONDE_OK) status = sondei_windows_string(call->env, call->state, call->fill, &row->cmdline, line);
  return status == SONDE_OK ? windows_fill_arguments(call, row, line) : status;
}

sonde_status sondei_windows_read_cwd(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  struct windows_peer p = windows_peer_of(call->env, call->state, process, row->pid);
  sondei_span path;
  sonde_status status = windows_read_parameter(&p, &path, WINDOWS_DIRECTORY);
  if (status != SONDE_OK) return status;
  /* It ends in a backslash, which GetCurrentDirectory only leaves behind a drive. */
  const size_t len = path.len;
  if (len >= 4 && memcmp(path.data + len - 2, L"\\", 2) == 0 && memcmp(path.data + len - 4, L":", 2) != 0) {
    path.len -= 2;
  }
  return sondei_windows_drive_path(call->env, call->state, &call->drives, call->fill, &row->cwd, path);
}

/* ---- Program ---------------------------------------------------------------------------------------------------- */

/* SYSTEM_PROCESS_ID_INFORMATION */
struct windows_process_id {
  HANDLE pid;
  UNICODE_STRING name;
};

/* By pid, of every process and without any right: with a handle it is sure to be that process's. */
static sonde_status windows_query_image(const struct windows_peer *p, sondei_span *out) {
  struct windows_process_id asked = {.pid = (HANDLE)(uintptr_t)p->pid};
  asked.name.MaximumLength = WINDOWS_TEXT_MOST - sizeof(wchar_t);
  asked.name.Buffer = (wchar_t *)(void *)p->state->data.data;
  const NTSTATUS code = p->state->os->NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)WINDOWS_SYSTEM_PROCESS_ID,
                                                               &asked, sizeof asked, NULL);
  if (code != STATUS_SUCCESS) return windows_nt_fail_peer(p, code, "NtQuerySystemInformation");
  *out = sondei_span_of(p->state->data.data, asked.name.Length);
  return SONDE_OK;
}

static sonde_status windows_query_full_image(const struct windows_peer *p, sondei_span *out) {
  DWORD units = WINDOWS_TEXT_MOST / sizeof(wchar_t);
  wchar_t *const room = (wchar_t *)(void *)p->state->data.data;
  if (!p->state->os->QueryFullProcessImageNameW(p->process, 0, room, &units)) {
    return windows_fail_peer(p, GetLastError(), "QueryFullProcessImageNameW");
  }
  *out = sondei_windows_wide_span(room, units);
  return SONDE_OK;
}

sonde_status sondei_windows_read_exe(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  const struct windows_peer p = windows_peer_of(call->env, call->state, process, row->pid);
  sondei_span path;
  sonde_status status = sonde_env_grow(call->env, &call->state->data, WINDOWS_TEXT_MOST);
  if (status != SONDE_OK) return status;
  status = windows_query_image(&p, &path);
  if (status != SONDE_OK && status != SONDE_ERR_NO_PROCESS && process != NULL) {
    status = windows_query_full_image(&p, &path);
  }
  if (status != SONDE_OK) return status;
  if (path.len == 0) return SONDE_ERR_UNSUPPORTED; /* a process of the kernel */
  return sondei_windows_drive_path(call->env, call->state, &call->drives, call->fill, &row->exe, path);
}

/* ---- Token ------------------------------------------------------------------------------------------------------ */

/* What a token says of a class that has a fixed size; *out is what was told. */
static sonde_status windows_query_token(const struct windows_peer *p, void *room, DWORD size, DWORD *out,
                                        TOKEN_INFORMATION_CLASS kind) {
  const struct windows_os *const os = p->state->os;
  HANDLE token = NULL;
  if (!os->OpenProcessToken(p->process, TOKEN_QUERY, &token)) {
    return windows_fail_peer(p, GetLastError(), "OpenProcessToken");
  }
  const BOOL is_told = os->GetTokenInformation(token, kind, room, size, out);
  const DWORD code = is_told ? ERROR_SUCCESS : GetLastError();
  os->CloseHandle(token);
  return is_told ? SONDE_OK : windows_fail_peer(p, code, "GetTokenInformation");
}

sonde_status sondei_windows_read_elevated(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  const struct windows_peer p = windows_peer_of(call->env, call->state, process, row->pid);
  TOKEN_ELEVATION elevation = {0};
  DWORD told = 0;
  const sonde_status status = windows_query_token(&p, &elevation, sizeof elevation, &told, TokenElevation);
  row->elevated = status == SONDE_OK && elevation.TokenIsElevated != 0;
  return status;
}

/* The name of an account; one that has none, or had one, is told as its SID. */
static sonde_status windows_look_up(struct windows_process_call *call, const struct windows_peer *p, sonde_string *out,
                                    const struct sondei_windows_sid *sid) {
  enum {
    UNITS = 257 /* UNLEN and a NUL; domains have fewer */
  };
  wchar_t name[UNITS], text[2 * UNITS];
  DWORD name_units = UNITS, domain_units = UNITS;
  SID_NAME_USE use = SidTypeUnknown;
  unsigned char bytes[SONDEI_WINDOWS_SID_BYTES];
  memcpy(bytes, sid->bytes.data, sid->bytes.len);
  if (!call->state->os->LookupAccountSidW(NULL, bytes, name, &name_units, text, &domain_units, &use)) {
    const DWORD code = GetLastError();
    char sid_text[SONDEI_WINDOWS_SID_TEXT];
    if (code != ERROR_NONE_MAPPED) return windows_fail_peer(p, code, "LookupAccountSidW");
    return sonde_fill_string(call->fill, out, sid_text, sondei_windows_sid_text(sid_text, sid));
  }
  const size_t name_len = sondei_windows_wide_text(name).len / sizeof *name;
  size_t units = sondei_windows_wide_text(text).len / sizeof *text;
  if (units > 0) text[units++] = L'\\';
  memcpy(text + units, name, name_len * sizeof *name);
  return sondei_windows_string(call->env, call->state, call->fill, out,
                               sondei_windows_wide_span(text, units + name_len));
}

/* Whom the SID stands for; a user with another one if it is not known yet: that of the longest standing. */
static struct windows_process_user *windows_find_user(struct windows_process_call *call, sondei_span sid) {
  for (size_t i = 0; i < WINDOWS_PROCESS_USERS; i++) {
    struct windows_process_user *const user = &call->users[i];
    if (user->sid_len == sid.len && memcmp(user->sid, sid.data, sid.len) == 0) return user;
  }
  return &call->users[call->num_users++ % WINDOWS_PROCESS_USERS];
}

sonde_status sondei_windows_read_username(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  const struct windows_peer p = windows_peer_of(call->env, call->state, process, row->pid);
  union {
    TOKEN_USER user;
    char bytes[sizeof(TOKEN_USER) + SONDEI_WINDOWS_SID_BYTES];
  } token;
  DWORD told = 0;
  size_t offset = 0;
  struct sondei_windows_sid sid;
  sondei_parse_error err = {0, "a SID in the answer"};
  const sonde_status status = windows_query_token(&p, &token, sizeof token, &told, TokenUser);
  if (status != SONDE_OK) return status;
  const struct sondei_windows_block block = {sondei_span_of(token.bytes, told < sizeof token ? told : sizeof token),
                                             (uintptr_t)&token, sizeof(void *)};
  if (block.bytes.len < sizeof token.user || !sondei_windows_locate(&block, (uintptr_t)token.user.User.Sid, &offset) ||
      sondei_windows_parse_sid(&sid, &err, sondei_span_of(token.bytes + offset, block.bytes.len - offset)) !=
          SONDE_OK) {
    return windows_fail_parse_peer(&p, &err);
  }
  struct windows_process_user *const user = windows_find_user(call, sid.bytes);
  if (user->sid_len != sid.bytes.len || memcmp(user->sid, sid.bytes.data, sid.bytes.len) != 0) {
    user->sid_len = sid.bytes.len;
    memcpy(user->sid, sid.bytes.data, sid.bytes.len);
    user->name = row->username;
    user->status = windows_look_up(call, &p, &user->name, &sid);
  }
  row->username = user->name;
  return user->status;
}

/* ---- Footprint -------------------------------------------------------------------------------------------------- */

enum {
  WINDOWS_SET_TRIES = 5 /* a working set that grows by a quarter between two calls has other troubles */
};

static uint64_t windows_page_size(const struct windows_state *state) {
  SYSTEM_INFO info;
  state->os->GetSystemInfo(&info);
  return info.dwPageSize;
}

sonde_status sondei_windows_read_footprint(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  struct windows_peer p = windows_peer_of(call->env, call->state, process, row->pid);
  struct sonde_buffer *const buffer = &call->state->data;
  struct sondei_windows_block block = {.pointer_size = sizeof(void *)};
  struct sondei_windows_working_set set;
  sondei_parse_error err;
  sonde_status status = windows_begin_peer(&p);
  if (status != SONDE_OK) return status;
  if (p.is_foreign) return sonde_env_fail(call->env, SONDE_ERR_UNSUPPORTED, 0, NULL, "find the working set", "", 0);
  status = sonde_env_grow(call->env, buffer, WINDOWS_TEXT_MOST);
  if (status != SONDE_OK) return status;
  for (unsigned tries = 1;; tries++) {
    memset(buffer->data, 0, sizeof(ULONG_PTR));
    const NTSTATUS code = call->state->os->NtQueryVirtualMemory(process, NULL, WINDOWS_MEMORY_WORKING_SET, buffer->data,
                                                                buffer->capacity, NULL);
    block.bytes = sondei_span_of(buffer->data, buffer->capacity);
    if (code == STATUS_SUCCESS) break;
    const size_t needed = sondei_windows_working_set_size(&block);
    if (code != STATUS_INFO_LENGTH_MISMATCH || tries == WINDOWS_SET_TRIES || needed > SIZE_MAX / 2) {
      return windows_nt_fail_peer(&p, code, "NtQueryVirtualMemory");
    }
    status = sonde_env_grow(call->env, buffer, needed + needed / 4); /* some are added until the next time */
    if (status != SONDE_OK) return status;
  }
  if (sondei_windows_parse_working_set(&set, &err, &block) != SONDE_OK) return windows_fail_parse_peer(&p, &err);
  sonde_process_footprint *const footprint = sonde_fill_array(call->fill, 1, sizeof *footprint);
  if (footprint == NULL) return SONDE_ERR_NO_MEMORY;
  footprint->uss = set.private_pages * windows_page_size(call->state);
  footprint->valid = SONDE_FOOTPRINT_USS;
  row->footprint = footprint;
  return SONDE_OK;
}

/* ---- Lists ------------------------------------------------------------------------------------------------------ */

/* The process of a handle. */
static sonde_status windows_enter(struct windows_peer *out, struct sonde_env *env, void *state,
                                  const struct sonde_process_ref *ref) {
  bool is_alive = false;
  *out = windows_peer_of(env, state, sondei_windows_process_handle(ref), ref->pid);
  if (out->process == NULL) return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "find the handle", "", 0);
  const sonde_status status = sondei_windows_process_is_alive(env, state, &is_alive, out->process, ref->pid);
  if (status != SONDE_OK) return status;
  return is_alive ? SONDE_OK : sondei_windows_no_process(env, ref->pid);
}

/* A process that ended meanwhile fails in many ways, and its address space is empty. */
static sonde_status windows_leave(const struct windows_peer *p, sonde_status status, bool is_empty) {
  if ((status == SONDE_OK && !is_empty) || status == SONDE_ERR_NO_MEMORY) return status;
  if (p->state->os->WaitForSingleObject(p->process, 0) == WAIT_OBJECT_0)
    return sondei_windows_no_process(p->env, p->pid);
  return status;
}

sonde_status sondei_windows_environ_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                         struct sonde_process_ref *ref) {
  struct windows_peer p;
  struct sondei_windows_variable variable;
  sondei_parse_error err;
  sondei_span block;
  sonde_status status = windows_enter(&p, env, opaque, ref);
  if (status != SONDE_OK) return status;
  status = windows_read_parameter(&p, &block, WINDOWS_ENVIRONMENT);
  while (status == SONDE_OK && sondei_windows_next_variable(&variable, &err, &block)) {
    sonde_environ *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->has_value = variable.has_value;
    status = sondei_windows_string(env, opaque, out, &row->name, variable.name);
    if (status == SONDE_OK) status = sondei_windows_string(env, opaque, out, &row->value, variable.value);
  }
  return windows_leave(&p, status, false);
}

/* ---- Mappings --------------------------------------------------------------------------------------------------- */

/* What one call keeps from region to region. */
struct windows_maps {
  struct windows_peer peer;
  struct sonde_fill *fill;
  struct windows_drives drives;
  uint64_t page_size;
  const void *named; /* the allocation of which `name` tells */
  sonde_string name;
  sonde_status name_status;
};

static void windows_put_perms(char *out, const MEMORY_BASIC_INFORMATION *region) {
  const struct {
    DWORD protect;
    const char *perms;
  } all[] = {
      {PAGE_READONLY, "r--"},          {PAGE_READWRITE, "rw-"},    {PAGE_WRITECOPY, "rw-"},
      {PAGE_EXECUTE, "--x"},           {PAGE_EXECUTE_READ, "r-x"}, {PAGE_EXECUTE_READWRITE, "rwx"},
      {PAGE_EXECUTE_WRITECOPY, "rwx"},
  };
  const DWORD protect = region->State == MEM_COMMIT ? region->Protect & 0xff : 0;
  const char *perms = "---";
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    if (all[i].protect == protect) perms = all[i].perms;
  }
  memcpy(out, perms, 3);
  out[3] = region->Type == MEM_MAPPED && protect != PAGE_WRITECOPY && protect != PAGE_EXECUTE_WRITECOPY ? 's' : 'p';
  out[4] = '\0';
}

/* The file of an allocation; none where the page file is behind it. */
static sonde_status windows_name_map(struct windows_maps *m, sonde_map *row, const MEMORY_BASIC_INFORMATION *region) {
  const struct windows_peer *const p = &m->peer;
  struct sonde_buffer *const buffer = &p->state->data;
  const ULONG size = WINDOWS_TEXT_MOST + sizeof(UNICODE_STRING);
  sondei_span path;
  if (region->Type == MEM_PRIVATE) return SONDE_OK;
  if (m->named == NULL || m->named != region->AllocationBase) {
    sonde_status status = sonde_env_grow(p->env, buffer, size);
    if (status != SONDE_OK) return status;
    m->named = region->AllocationBase;
    m->name = row->path;
    m->name_status = SONDE_OK;
    const NTSTATUS code = p->state->os->NtQueryVirtualMemory(p->process, region->BaseAddress,
                                                             WINDOWS_MEMORY_MAPPED_FILE, buffer->data, size, NULL);
    if (code == STATUS_SUCCESS) {
      const struct sondei_windows_block block = {sondei_span_of(buffer->data, size), (uintptr_t)buffer->data,
                                                 sizeof(void *)};
      const sondei_parse_error err = {0, "the name of a file"};
      if (!sondei_windows_read_unicode_string(&block, 0, &path)) {
        m->name_status = windows_fail_parse_peer(p, &err);
      } else {
        status = sondei_windows_drive_path(p->env, p->state, &m->drives, m->fill, &m->name, path);
        if (status != SONDE_OK) return status;
      }
    } else if (region->Type == MEM_IMAGE || sondei_windows_nt_status(code) == SONDE_ERR_ACCESS) {
      m->name_status = windows_nt_fail_peer(p, code, "NtQueryVirtualMemory");
      if (m->name_status == SONDE_ERR_NO_MEMORY) return m->name_status;
    }
  }
  row->path = m->name;
  row->status = m->name_status;
  return SONDE_OK;
}

/* MEMORY_WORKING_SET_EX_INFORMATION */
struct windows_page {
  const void *address;
  ULONG_PTR attributes; /* bit 0: it is in memory */
};

static sonde_status windows_count_pages(struct windows_maps *m, sonde_map *row,
                                        const MEMORY_BASIC_INFORMATION *region) {
  enum {
    PAGES = 512
  };
  struct windows_page pages[PAGES];
  const struct windows_peer *const p = &m->peer;
  uint64_t rest = region->State == MEM_COMMIT ? region->RegionSize / m->page_size : 0;
  uintptr_t at = (uintptr_t)region->BaseAddress;
  uint64_t resident = 0;
  while (rest > 0) {
    const size_t count = rest < PAGES ? (size_t)rest : PAGES;
    for (size_t i = 0; i < count; i++) {
      pages[i] = (struct windows_page){(const void *)at, 0};
      at += (uintptr_t)m->page_size;
    }
    const NTSTATUS code = p->state->os->NtQueryVirtualMemory(p->process, NULL, WINDOWS_MEMORY_WORKING_SET_EX, pages,
                                                             count * sizeof pages[0], NULL);
    if (code != STATUS_SUCCESS) return windows_nt_fail_peer(p, code, "NtQueryVirtualMemory");
    for (size_t i = 0; i < count; i++) resident += pages[i].attributes & 1;
    rest -= count;
  }
  row->rss = resident * m->page_size;
  row->valid |= SONDE_MAP_RSS;
  return SONDE_OK;
}

static sonde_status windows_add_map(struct windows_maps *m, const MEMORY_BASIC_INFORMATION *region, bool sizes) {
  sonde_map *const row = sonde_fill_row(m->fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->start = (uintptr_t)region->BaseAddress;
  row->end = row->start + region->RegionSize;
  windows_put_perms(row->perms, region);
  sonde_status status = windows_name_map(m, row, region);
  if (status != SONDE_OK || !sizes) return status;
  status = windows_count_pages(m, row, region);
  if (status == SONDE_ERR_NO_MEMORY) return status;
  if (status != SONDE_ERR_UNSUPPORTED && status != SONDE_OK) row->status = status;
  return SONDE_OK;
}

sonde_status sondei_windows_map_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                     struct sonde_process_ref *ref, bool sizes) {
  struct windows_maps m = {.fill = out};
  MEMORY_BASIC_INFORMATION region;
  sonde_status status = windows_enter(&m.peer, env, opaque, ref);
  if (status == SONDE_OK) status = windows_begin_peer(&m.peer);
  if (status != SONDE_OK) return status;
  if (m.peer.is_foreign) return windows_refuse_foreign(&m.peer, "VirtualQueryEx");
  m.page_size = windows_page_size(m.peer.state);
  for (uintptr_t at = 0; status == SONDE_OK;) {
    if (m.peer.state->os->VirtualQueryEx(m.peer.process, (const void *)at, &region, sizeof region) == 0) {
      const DWORD code = GetLastError();
      if (code != ERROR_INVALID_PARAMETER) status = windows_fail_peer(&m.peer, code, "VirtualQueryEx");
      break; /* beyond the last address */
    }
    const uintptr_t end = (uintptr_t)region.BaseAddress + region.RegionSize;
    if (region.State != MEM_FREE) status = windows_add_map(&m, &region, sizes);
    if (end <= at) break;
    at = end;
  }
  return windows_leave(&m.peer, status, sonde_fill_count(out) == 0);
}
