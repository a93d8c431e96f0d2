/* SPDX-License-Identifier: MIT */
/* Disks: mounts, their space, and what disks tell of their work and of themselves. */
#include "backends/windows/windows_backend.h" /* first */

#include <string.h>
#include <winioctl.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_system.h"
#include "backends/windows/windows_text.h"
#include "core/parse/windows_disk_performance.h"
#include "core/parse/windows_drive_layout.h"
#include "core/parse/windows_drive_strings.h"
#include "core/parse/windows_path.h"
#include "core/parse/windows_storage_descriptor.h"
#include "core/parse/windows_wwn.h"

#define SAME_OFFSET(type, member, offset) \
  _Static_assert(offsetof(type, member) == (offset), "the layout that the parser knows")

SAME_OFFSET(DISK_PERFORMANCE, BytesRead, SONDEI_WINDOWS_DISK_BYTES_READ);
SAME_OFFSET(DISK_PERFORMANCE, BytesWritten, SONDEI_WINDOWS_DISK_BYTES_WRITTEN);
SAME_OFFSET(DISK_PERFORMANCE, ReadTime, SONDEI_WINDOWS_DISK_READ_TIME);
SAME_OFFSET(DISK_PERFORMANCE, WriteTime, SONDEI_WINDOWS_DISK_WRITE_TIME);
SAME_OFFSET(DISK_PERFORMANCE, ReadCount, SONDEI_WINDOWS_DISK_READ_COUNT);
SAME_OFFSET(DISK_PERFORMANCE, WriteCount, SONDEI_WINDOWS_DISK_WRITE_COUNT);
SAME_OFFSET(DISK_PERFORMANCE, QueueDepth, SONDEI_WINDOWS_DISK_QUEUE_DEPTH);
_Static_assert(sizeof(DISK_PERFORMANCE) == SONDEI_WINDOWS_DISK_PERFORMANCE_SIZE, "the layout that the parser knows");

SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, Size, SONDEI_WINDOWS_STORAGE_SIZE);
SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, DeviceType, SONDEI_WINDOWS_STORAGE_DEVICE_TYPE);
SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, RemovableMedia, SONDEI_WINDOWS_STORAGE_REMOVABLE_MEDIA);
SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, VendorIdOffset, SONDEI_WINDOWS_STORAGE_VENDOR_ID_OFFSET);
SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, ProductIdOffset, SONDEI_WINDOWS_STORAGE_PRODUCT_ID_OFFSET);
SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, ProductRevisionOffset, SONDEI_WINDOWS_STORAGE_PRODUCT_REVISION_OFFSET);
SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, SerialNumberOffset, SONDEI_WINDOWS_STORAGE_SERIAL_NUMBER_OFFSET);
SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, BusType, SONDEI_WINDOWS_STORAGE_BUS_TYPE);
SAME_OFFSET(STORAGE_DEVICE_DESCRIPTOR, RawDeviceProperties, SONDEI_WINDOWS_STORAGE_HEADER_SIZE);

SAME_OFFSET(STORAGE_DEVICE_ID_DESCRIPTOR, Size, SONDEI_WINDOWS_IDS_SIZE);
SAME_OFFSET(STORAGE_DEVICE_ID_DESCRIPTOR, NumberOfIdentifiers, SONDEI_WINDOWS_IDS_COUNT);
SAME_OFFSET(STORAGE_DEVICE_ID_DESCRIPTOR, Identifiers, SONDEI_WINDOWS_IDS_FIRST);
SAME_OFFSET(STORAGE_IDENTIFIER, CodeSet, SONDEI_WINDOWS_ID_CODE_SET);
SAME_OFFSET(STORAGE_IDENTIFIER, Type, SONDEI_WINDOWS_ID_TYPE);
SAME_OFFSET(STORAGE_IDENTIFIER, IdentifierSize, SONDEI_WINDOWS_ID_LEN);
SAME_OFFSET(STORAGE_IDENTIFIER, NextOffset, SONDEI_WINDOWS_ID_NEXT);
SAME_OFFSET(STORAGE_IDENTIFIER, Association, SONDEI_WINDOWS_ID_ASSOCIATION);
SAME_OFFSET(STORAGE_IDENTIFIER, Identifier, SONDEI_WINDOWS_ID_BYTES);

SAME_OFFSET(DRIVE_LAYOUT_INFORMATION_EX, PartitionCount, SONDEI_WINDOWS_LAYOUT_COUNT);
SAME_OFFSET(DRIVE_LAYOUT_INFORMATION_EX, PartitionEntry, SONDEI_WINDOWS_LAYOUT_ENTRIES);
SAME_OFFSET(PARTITION_INFORMATION_EX, StartingOffset, SONDEI_WINDOWS_PARTITION_STARTING_OFFSET);
SAME_OFFSET(PARTITION_INFORMATION_EX, PartitionLength, SONDEI_WINDOWS_PARTITION_LENGTH);
SAME_OFFSET(PARTITION_INFORMATION_EX, PartitionNumber, SONDEI_WINDOWS_PARTITION_NUMBER);
_Static_assert(sizeof(PARTITION_INFORMATION_EX) == SONDEI_WINDOWS_PARTITION_SIZE, "the layout that the parser knows");

enum {
  WINDOWS_VOLUME_NAME_UNITS = 64,    /* \\?\Volume{GUID}\ has 49, and a NUL */
  WINDOWS_DRIVES_UNITS = 26 * 4 + 1, /* "A:\" and a NUL for each letter, and a NUL */
  WINDOWS_SCSI_CDROM = 5,            /* DeviceType of a CD or DVD drive */
  WINDOWS_DEVICE_NAME_SIZE = 64      /* "Harddisk4294967295Partition4294967295" */
};

/* A name of this machine in ASCII, as both kinds of text. */
struct windows_name {
  char text[WINDOWS_DEVICE_NAME_SIZE];
  wchar_t path[WINDOWS_DEVICE_NAME_SIZE + 4]; /* behind "\\.\" */
};

static size_t windows_put_text(char *out, size_t at, const char *text) {
  while (*text != '\0') out[at++] = *text++;
  out[at] = '\0';
  return at;
}

static size_t windows_put_number(char *out, size_t at, uint32_t number) {
  char digits[10];
  size_t count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (count > 0) out[at++] = digits[--count];
  out[at] = '\0';
  return at;
}

/* ---- Asking a device ----------------------------------------------------------------------------------------------
 */

/* A handle that may only ask for what everybody may know: no access is wanted, so none is refused. */
static HANDLE windows_open_device(const struct windows_state *state, const wchar_t *path) {
  return state->os->CreateFileW(path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0,
                                NULL);
}

/* The whole reply, in state->data. control's name is the operation of a failure. */
static sonde_status windows_ask_device(struct sonde_env *env, struct windows_state *state, sondei_span *out,
                                       HANDLE device, DWORD control, STORAGE_PROPERTY_QUERY *query,
                                       const char *operation, const char *subject) {
  unsigned tries = 0;
  sonde_status status = sonde_env_grow(env, &state->data, 1024);
  if (status != SONDE_OK) return status;
  for (;;) {
    DWORD told = 0;
    const DWORD size = state->data.capacity < UINT32_MAX ? (DWORD)state->data.capacity : UINT32_MAX;
    if (state->os->DeviceIoControl(device, control, query, query != NULL ? sizeof *query : 0, state->data.data, size,
                                   &told, NULL)) {
      *out = sondei_span_of(state->data.data, told < size ? told : size);
      return SONDE_OK;
    }
    const DWORD code = GetLastError();
    const bool is_short = code == ERROR_INSUFFICIENT_BUFFER || code == ERROR_MORE_DATA;
    if (!is_short || !sondei_windows_grow_more(env, &state->data, 0, &tries, &status)) {
      return status != SONDE_OK ? status : sondei_windows_fail(env, code, operation, subject);
    }
  }
}

#define WINDOWS_ASK(env, state, out, device, control, subject) \
  windows_ask_device((env), (state), (out), (device), (control), NULL, #control, (subject))

static sonde_status windows_ask_property(struct sonde_env *env, struct windows_state *state, sondei_span *out,
                                         HANDLE device, STORAGE_PROPERTY_ID property, const char *subject) {
  STORAGE_PROPERTY_QUERY query = {.PropertyId = property, .QueryType = PropertyStandardQuery};
  return windows_ask_device(env, state, out, device, IOCTL_STORAGE_QUERY_PROPERTY, &query,
                            "IOCTL_STORAGE_QUERY_PROPERTY", subject);
}

/* What a device does not tell is left out; only want of memory ends the call. */
static sonde_status windows_soften(sonde_status status) { return status == SONDE_ERR_NO_MEMORY ? status : SONDE_OK; }

/* ---- Mounts ---------------------------------------------------------------------------------------------------------
 */

/* What stands in opts for each type of drive. */
static const char *windows_drive_type(UINT type) {
  switch (type) {
    case DRIVE_REMOVABLE:
      return "removable";
    case DRIVE_FIXED:
      return "fixed";
    case DRIVE_REMOTE:
      return "remote";
    case DRIVE_CDROM:
      return "cdrom";
    case DRIVE_RAMDISK:
      return "ramdisk";
    default:
      return "unknown";
  }
}

struct windows_volume {
  const wchar_t *root; /* with a backslash at its end */
  UINT type;
  bool is_there;       /* there is a medium, or may be one */
  bool is_asked;       /* file_system and flags are told */
  sonde_status status; /* why not */
  DWORD flags;
  wchar_t file_system[MAX_PATH + 1];
};

/* Whether there is a medium in the drive. That one may be there is answered where the drive cannot tell. Nothing is
 * mounted by asking. */
static bool windows_has_medium(const struct windows_state *state, const wchar_t *root) {
  wchar_t path[WINDOWS_VOLUME_NAME_UNITS] = L"\\\\.\\";
  size_t units = root[0] == L'\\' ? 0 : 4;
  DWORD told = 0;
  for (size_t i = 0; root[i] != L'\0'; i++) path[units++] = root[i];
  path[units - 1] = L'\0';
  HANDLE device = windows_open_device(state, path);
  if (device == INVALID_HANDLE_VALUE) return false;
  const bool is_there =
      state->os->DeviceIoControl(device, IOCTL_STORAGE_CHECK_VERIFY2, NULL, 0, NULL, 0, &told, NULL) != FALSE;
  const DWORD code = is_there ? ERROR_SUCCESS : GetLastError();
  state->os->CloseHandle(device);
  return is_there || code == ERROR_INVALID_FUNCTION || code == ERROR_NOT_SUPPORTED;
}

static void windows_ask_volume(struct sonde_env *env, struct windows_state *state, struct windows_volume *volume,
                               bool is_floppy) {
  const UINT type = volume->type;
  volume->is_there = type == DRIVE_FIXED || type == DRIVE_REMOTE || type == DRIVE_RAMDISK;
  if (is_floppy || type == DRIVE_REMOTE) return;
  if (type == DRIVE_REMOVABLE || type == DRIVE_CDROM) volume->is_there = windows_has_medium(state, volume->root);
  if (!volume->is_there) return;
  volume->is_asked = state->os->GetVolumeInformationW(volume->root, NULL, 0, NULL, NULL, &volume->flags,
                                                      volume->file_system, MAX_PATH + 1) != FALSE;
  if (volume->is_asked) return;
  const DWORD code = GetLastError();
  if (code == ERROR_NOT_READY && type != DRIVE_FIXED) {
    volume->is_there = false;
    return;
  }
  const char *const subject = sondei_windows_subject(env, state, sondei_windows_wide_text(volume->root));
  volume->status = sondei_windows_fail(env, code, "GetVolumeInformationW", subject);
}

static sonde_status windows_fill_volume(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                        const struct windows_volume *volume, sondei_span mountpoint,
                                        sondei_span device) {
  char opts[32];
  size_t len = 0;
  struct sondei_windows_path path;
  static const struct sondei_windows_drives none;
  sonde_disk_partition *const row = sonde_fill_row(fill);
  if (row == NULL || volume->status == SONDE_ERR_NO_MEMORY) return SONDE_ERR_NO_MEMORY;
  row->status = volume->status;
  if (volume->type == DRIVE_REMOTE) row->flags |= SONDE_MOUNT_REMOTE;
  if (volume->type == DRIVE_RAMDISK) row->flags |= SONDE_MOUNT_VIRTUAL;
  if (volume->is_asked) {
    const bool is_read_only = (volume->flags & FILE_READ_ONLY_VOLUME) != 0;
    if (is_read_only) row->flags |= SONDE_MOUNT_READ_ONLY;
    len = windows_put_text(opts, len, is_read_only ? "ro," : "rw,");
    if ((volume->flags & FILE_VOLUME_IS_COMPRESSED) != 0) len = windows_put_text(opts, len, "compressed,");
  }
  len = windows_put_text(opts, len, windows_drive_type(volume->type));
  sonde_status status = sonde_fill_string(fill, &row->opts, opts, len);
  if (status == SONDE_OK) status = sondei_windows_string(env, state, fill, &row->mountpoint, mountpoint);
  if (status == SONDE_OK) {
    status = sondei_windows_string(env, state, fill, &row->fstype, sondei_windows_wide_text(volume->file_system));
  }
  if (status != SONDE_OK) return status;
  /* A share has its server's name before it; the name of a volume has nothing. */
  sondei_windows_map_path(&path, device, &none);
  status = sonde_env_grow(env, &state->wide, path.prefix.len + path.rest.len + 1);
  if (status != SONDE_OK) return status;
  if (path.prefix.len > 0) memcpy(state->wide.data, path.prefix.data, path.prefix.len);
  if (path.rest.len > 0) memcpy(state->wide.data + path.prefix.len, path.rest.data, path.rest.len);
  return sondei_windows_string(env, state, fill, &row->device,
                               sondei_span_of(state->wide.data, path.prefix.len + path.rest.len));
}

/* What the letter stands for, in state->data; empty where that is refused. */
static sonde_status windows_ask_letter(struct sonde_env *env, struct windows_state *state, sondei_span *out,
                                       const wchar_t *letter) {
  unsigned tries = 0;
  sonde_status status = sonde_env_grow(env, &state->data, 1024);
  *out = sondei_windows_wide_span(L"", 0);
  while (status == SONDE_OK) {
    sondei_parse_error err;
    wchar_t *const names = (wchar_t *)(void *)state->data.data;
    const size_t room = state->data.capacity / sizeof(wchar_t);
    const DWORD units = state->os->QueryDosDeviceW(letter, names, room < UINT32_MAX ? (DWORD)room : UINT32_MAX);
    if (units > 0) {
      sondei_span list = sondei_windows_wide_span(names, units < room ? units : room);
      sondei_windows_next_drive_string(out, &err, &list); /* the first is what holds now */
      return SONDE_OK;
    }
    if (GetLastError() != ERROR_INSUFFICIENT_BUFFER) return SONDE_OK;
    if (!sondei_windows_grow_more(env, &state->data, 0, &tries, &status)) return status;
  }
  return status;
}

static sonde_status windows_fill_letter(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                        sondei_span name, bool all) {
  wchar_t root[4] = L"A:\\";
  wchar_t letter[3] = L"A:";
  wchar_t volume_name[WINDOWS_VOLUME_NAME_UNITS];
  struct windows_volume volume = {.root = root};
  sondei_span device = {NULL, 0};
  memcpy(root, name.data, sizeof root[0]);
  letter[0] = root[0];
  sonde_status status = windows_ask_letter(env, state, &device, letter);
  if (status != SONDE_OK) return status;
  const bool is_floppy = sondei_windows_is_floppy(device);
  volume.type = state->os->GetDriveTypeW(root);
  windows_ask_volume(env, state, &volume, is_floppy);
  if (!all && (!volume.is_there || volume.type == DRIVE_RAMDISK)) return SONDE_OK;
  /* The letter itself, where there is no name that lasts. */
  if (volume.type != DRIVE_REMOTE || device.len == 0) device = name;
  if (volume.is_there && volume.type != DRIVE_REMOTE &&
      state->os->GetVolumeNameForVolumeMountPointW(root, volume_name, WINDOWS_VOLUME_NAME_UNITS)) {
    device = sondei_windows_wide_text(volume_name);
  }
  return windows_fill_volume(env, state, fill, &volume, name, device);
}

static sonde_status windows_fill_letters(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                         bool all) {
  wchar_t names[WINDOWS_DRIVES_UNITS];
  sondei_parse_error err;
  sondei_span name = {NULL, 0};
  const DWORD units = state->os->GetLogicalDriveStringsW(WINDOWS_DRIVES_UNITS, names);
  if (units == 0 || units > WINDOWS_DRIVES_UNITS) {
    const DWORD code = units == 0 ? GetLastError() : ERROR_INSUFFICIENT_BUFFER;
    return sondei_windows_fail(env, code, "GetLogicalDriveStringsW", "");
  }
  sondei_span list = sondei_windows_wide_span(names, units);
  sonde_status status = SONDE_OK;
  while (status == SONDE_OK && sondei_windows_next_drive_string(&name, &err, &list)) {
    if (err.expected != NULL)
      return sonde_env_fail_parse(env, err.expected, err.position, "GetLogicalDriveStringsW", 23);
    status = windows_fill_letter(env, state, fill, name, all);
  }
  return status;
}

/* A row for what could not be asked. */
static sonde_status windows_fill_lost(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                      const wchar_t *volume_name, sonde_status lost) {
  sonde_disk_partition *const row = sonde_fill_row(fill);
  if (row == NULL || lost == SONDE_ERR_NO_MEMORY) return SONDE_ERR_NO_MEMORY;
  row->status = lost;
  return sondei_windows_string(env, state, fill, &row->device, sondei_windows_wide_text(volume_name));
}

/* The list of where the volume is mounted, in state->data; empty when it is gone. */
static sonde_status windows_ask_mount_points(struct sonde_env *env, struct windows_state *state, sondei_span *out,
                                             const wchar_t *volume_name) {
  unsigned tries = 0;
  sonde_status status = sonde_env_grow(env, &state->data, 1024);
  if (status != SONDE_OK) return status;
  for (;;) {
    DWORD units = 0;
    wchar_t *const names = (wchar_t *)(void *)state->data.data;
    const size_t room = state->data.capacity / sizeof(wchar_t);
    if (state->os->GetVolumePathNamesForVolumeNameW(volume_name, names, room < UINT32_MAX ? (DWORD)room : UINT32_MAX,
                                                    &units)) {
      *out = sondei_windows_wide_span(names, units < room ? units : room);
      return SONDE_OK;
    }
    const DWORD code = GetLastError();
    *out = sondei_windows_wide_span(L"", 0);
    if (code == ERROR_FILE_NOT_FOUND) return SONDE_OK;
    if (code != ERROR_MORE_DATA ||
        !sondei_windows_grow_more(env, &state->data, (size_t)units * sizeof(wchar_t), &tries, &status)) {
      if (status != SONDE_OK) return status;
      return sondei_windows_fail(env, code, "GetVolumePathNamesForVolumeNameW",
                                 sondei_windows_subject(env, state, sondei_windows_wide_text(volume_name)));
    }
  }
}

/* The folders on which the volume is mounted; its letter has a row already. */
static sonde_status windows_fill_folders(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                         const wchar_t *volume_name, bool all) {
  struct windows_volume volume = {.root = volume_name};
  const sondei_span device = sondei_windows_wide_text(volume_name);
  bool is_known = false;
  sondei_span list = {NULL, 0};
  sondei_span path = {NULL, 0};
  sondei_parse_error err;
  sonde_status status = windows_ask_mount_points(env, state, &list, volume_name);
  if (status != SONDE_OK) return windows_fill_lost(env, state, fill, volume_name, status);
  while (status == SONDE_OK && sondei_windows_next_drive_string(&path, &err, &list)) {
    if (err.expected != NULL) {
      status = sonde_env_fail_parse(env, err.expected, err.position, "GetVolumePathNamesForVolumeNameW", 32);
      return windows_fill_lost(env, state, fill, volume_name, status);
    }
    if (path.len <= 3 * sizeof(wchar_t)) continue;
    if (!is_known) {
      volume.type = state->os->GetDriveTypeW(volume_name);
      windows_ask_volume(env, state, &volume, false);
      is_known = true;
    }
    if (!all && (!volume.is_there || volume.type == DRIVE_RAMDISK)) continue;
    status = windows_fill_volume(env, state, fill, &volume, path, device);
  }
  return status;
}

static sonde_status windows_fill_volumes(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                         bool all) {
  wchar_t name[WINDOWS_VOLUME_NAME_UNITS] = L"";
  HANDLE find = state->os->FindFirstVolumeW(name, WINDOWS_VOLUME_NAME_UNITS);
  if (find == INVALID_HANDLE_VALUE) {
    const DWORD code = GetLastError();
    if (code == ERROR_NO_MORE_FILES || code == ERROR_FILE_NOT_FOUND) return SONDE_OK;
    return windows_fill_lost(env, state, fill, L"", sondei_windows_fail(env, code, "FindFirstVolumeW", ""));
  }
  sonde_status status = SONDE_OK;
  do {
    status = windows_fill_folders(env, state, fill, name, all);
  } while (status == SONDE_OK && state->os->FindNextVolumeW(find, name, WINDOWS_VOLUME_NAME_UNITS));
  if (status == SONDE_OK) {
    const DWORD code = GetLastError();
    if (code != ERROR_NO_MORE_FILES) {
      status = windows_fill_lost(env, state, fill, L"", sondei_windows_fail(env, code, "FindNextVolumeW", ""));
    }
  }
  state->os->FindVolumeClose(find);
  return status;
}

static sonde_status windows_disk_partition_list(struct sonde_env *env, void *opaque, struct sonde_fill *out, bool all) {
  struct windows_state *const state = opaque;
  DWORD mode = 0;
  /* No box that asks the user for a disk. */
  const bool is_quiet = state->os->SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &mode) != FALSE;
  sonde_status status = windows_fill_letters(env, state, out, all);
  if (status == SONDE_OK) status = windows_fill_volumes(env, state, out, all);
  if (is_quiet) state->os->SetThreadErrorMode(mode, NULL);
  return status;
}

/* ---- Space ----------------------------------------------------------------------------------------------------------
 */

static bool windows_is_separator(wchar_t c) { return c == L'\\' || c == L'/'; }

/* Whether the whole path says by itself that it leads over a network. */
static bool windows_is_remote(const struct windows_state *state, const wchar_t *path) {
  wchar_t root[] = L"A:\\";
  if (windows_is_separator(path[0]) && windows_is_separator(path[1])) {
    if ((path[2] != L'?' && path[2] != L'.') || !windows_is_separator(path[3])) return true;
    path += 4;
    if ((path[0] | 0x20) == L'u' && (path[1] | 0x20) == L'n' && (path[2] | 0x20) == L'c' &&
        windows_is_separator(path[3])) {
      return true;
    }
  }
  if (path[0] == L'\0' || path[1] != L':') return false;
  root[0] = path[0];
  return state->os->GetDriveTypeW(root) == DRIVE_REMOTE;
}

/* The path from its root on, in state->data, with the prefix that lifts the bound of 260 characters where it needs it.
 */
static sonde_status windows_whole_path(struct sonde_env *env, struct windows_state *state, const wchar_t **out,
                                       const char *path) {
  static const wchar_t local[] = L"\\\\?\\";
  static const wchar_t share[] = L"\\\\?\\UNC"; /* takes the place of one backslash */
  const size_t room = sizeof share / sizeof share[0] - 1;
  const wchar_t *given = NULL;
  unsigned tries = 0;
  sonde_status status = sondei_windows_wide(env, state, &given, path);
  if (status == SONDE_OK) status = sonde_env_grow(env, &state->data, 1024);
  if (status != SONDE_OK) return status;
  for (;;) {
    wchar_t *const whole = (wchar_t *)(void *)state->data.data + room;
    const size_t capacity = state->data.capacity / sizeof(wchar_t) - room;
    const DWORD units =
        state->os->GetFullPathNameW(given, capacity < UINT32_MAX ? (DWORD)capacity : UINT32_MAX, whole, NULL);
    if (units == 0) return sondei_windows_fail(env, GetLastError(), "GetFullPathNameW", path);
    if (units >= capacity) {
      if (sondei_windows_grow_more(env, &state->data, (units + room) * sizeof(wchar_t), &tries, &status)) continue;
      return status != SONDE_OK ? status
                                : sondei_windows_fail(env, ERROR_INSUFFICIENT_BUFFER, "GetFullPathNameW", path);
    }
    const bool is_double = whole[0] == L'\\' && whole[1] == L'\\';
    const bool has_prefix = is_double && (whole[2] == L'?' || whole[2] == L'.') && whole[3] == L'\\';
    *out = whole;
    if (units < MAX_PATH || has_prefix) return SONDE_OK;
    const wchar_t *const prefix = is_double ? share : local;
    const size_t prefix_units = is_double ? room : 4;
    wchar_t *const begin = whole - prefix_units + (is_double ? 1 : 0);
    memcpy(begin, prefix, prefix_units * sizeof *prefix);
    *out = begin;
    return SONDE_OK;
  }
}

static sonde_status windows_fill_usage(struct sonde_env *env, struct windows_state *state, sonde_disk_usage *out,
                                       HANDLE file, const char *path) {
  FILE_FS_FULL_SIZE_INFORMATION size = {0};
  IO_STATUS_BLOCK block = {0};
  DWORD flags = 0;
  const NTSTATUS code =
      state->os->NtQueryVolumeInformationFile(file, &block, &size, sizeof size, FileFsFullSizeInformation);
  if (code != STATUS_SUCCESS) {
    return sondei_windows_nt_fail(env, code, "NtQueryVolumeInformationFile(FileFsFullSizeInformation)", path);
  }
  const uint64_t unit = (uint64_t)size.SectorsPerAllocationUnit * size.BytesPerSector;
  const uint64_t units = (uint64_t)size.TotalAllocationUnits.QuadPart;
  const uint64_t available = (uint64_t)size.CallerAvailableAllocationUnits.QuadPart;
  const uint64_t actual = (uint64_t)size.ActualAvailableAllocationUnits.QuadPart;
  if (unit != 0 && (units > UINT64_MAX / unit || available > UINT64_MAX / unit || actual > UINT64_MAX / unit)) {
    return sondei_windows_fail(env, ERROR_ARITHMETIC_OVERFLOW, "NtQueryVolumeInformationFile", path);
  }
  /* A quota makes the total that of the caller, but not what is unused. */
  const uint64_t own = available < units ? available : units;
  const uint64_t unused = actual <= units && actual >= own ? actual : own;
  out->total = units * unit;
  out->used = (units - unused) * unit;
  out->free = own * unit;
  out->reserved = out->total - out->used - out->free;
  out->block_size = unit;
  out->valid = SONDE_DISK_USAGE_SPACE;
  if (state->os->GetVolumeInformationByHandleW(file, NULL, 0, NULL, NULL, &flags, NULL, 0)) {
    out->read_only = (flags & FILE_READ_ONLY_VOLUME) != 0;
    out->valid |= SONDE_DISK_USAGE_READ_ONLY;
  } else {
    (void)sondei_windows_fail(env, GetLastError(), "GetVolumeInformationByHandleW", path);
  }
  return SONDE_OK;
}

static sonde_status windows_disk_usage(struct sonde_env *env, void *opaque, sonde_disk_usage *out, const char *path,
                                       uint64_t timeout) {
  struct windows_state *const state = opaque;
  const wchar_t *whole = L"";
  DWORD mode = 0;
  sonde_status status = windows_whole_path(env, state, &whole, path);
  if (status != SONDE_OK) return status;
  /* Nothing but a thread of our own could give up on a server that does not answer. */
  if (timeout != SONDE_NO_TIMEOUT && windows_is_remote(state, whole)) {
    return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "network drive with a timeout", path, strlen(path));
  }
  const bool is_quiet = state->os->SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &mode) != FALSE;
  HANDLE file =
      state->os->CreateFileW(whole, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                             OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL); /* folders, too */
  if (file == INVALID_HANDLE_VALUE) {
    status = sondei_windows_fail(env, GetLastError(), "CreateFileW", path);
  } else {
    status = windows_fill_usage(env, state, out, file, path);
    state->os->CloseHandle(file);
  }
  if (is_quiet) state->os->SetThreadErrorMode(mode, NULL);
  return status;
}

/* ---- Every disk -----------------------------------------------------------------------------------------------------
 */

typedef sonde_status windows_fill_disk(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                       sondei_windows_drive_kind kind, uint32_t number);

/* All names that there are, in state->data. */
static sonde_status windows_ask_names(struct sonde_env *env, struct windows_state *state, sondei_span *out) {
  unsigned tries = 0;
  sonde_status status = sonde_env_grow(env, &state->data, 32768);
  if (status != SONDE_OK) return status;
  for (;;) {
    wchar_t *const names = (wchar_t *)(void *)state->data.data;
    const size_t room = state->data.capacity / sizeof(wchar_t);
    const DWORD units = state->os->QueryDosDeviceW(NULL, names, room < UINT32_MAX ? (DWORD)room : UINT32_MAX);
    if (units > 0) {
      *out = sondei_windows_wide_span(names, units < room ? units : room);
      return SONDE_OK;
    }
    const DWORD code = GetLastError();
    if (code != ERROR_INSUFFICIENT_BUFFER || !sondei_windows_grow_more(env, &state->data, 0, &tries, &status)) {
      return status != SONDE_OK ? status : sondei_windows_fail(env, code, "QueryDosDeviceW", "");
    }
  }
}

/* The disks, by ascending number, then the CD drives if wanted: numbers have gaps where disks were unplugged. */
static sonde_status windows_walk_disks(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                       bool with_cdroms, windows_fill_disk *fill_disk) {
  sondei_span names = {NULL, 0};
  sondei_span name = {NULL, 0};
  sondei_parse_error err;
  sonde_status status = windows_ask_names(env, state, &names);
  if (status != SONDE_OK) return status;
  const size_t most = names.len / sizeof L"CdRom0";
  uint64_t *const disks = sonde_fill_array(fill, most, sizeof *disks);
  size_t count = 0;
  if (disks == NULL) return SONDE_ERR_NO_MEMORY;
  while (sondei_windows_next_drive_string(&name, &err, &names)) {
    uint32_t number = 0;
    const sondei_windows_drive_kind kind = sondei_windows_drive_kind_of(name, &number);
    if (err.expected != NULL) return sonde_env_fail_parse(env, err.expected, err.position, "QueryDosDeviceW", 15);
    if (kind != SONDEI_WINDOWS_DRIVE_DISK && (kind != SONDEI_WINDOWS_DRIVE_CDROM || !with_cdroms)) continue;
    const uint64_t key = (uint64_t)kind << 32 | number;
    size_t at = count++;
    for (; at > 0 && disks[at - 1] > key; at--) disks[at] = disks[at - 1];
    disks[at] = key;
  }
  for (size_t i = 0; status == SONDE_OK && i < count; i++) {
    status = fill_disk(env, state, fill, (sondei_windows_drive_kind)(disks[i] >> 32), (uint32_t)disks[i]);
  }
  return status;
}

static void windows_name_disk(struct windows_name *out, sondei_windows_drive_kind kind, uint32_t number) {
  const size_t len = windows_put_text(out->text, 0, kind == SONDEI_WINDOWS_DRIVE_CDROM ? "CdRom" : "PhysicalDrive");
  windows_put_number(out->text, len, number);
  memcpy(out->path, L"\\\\.\\", 4 * sizeof(wchar_t));
  for (size_t i = 0; i <= strlen(out->text); i++) out->path[4 + i] = (wchar_t)out->text[i];
}

/* INVALID_HANDLE_VALUE: *status is why; SONDE_OK: the disk is gone. */
static HANDLE windows_open_disk(struct sonde_env *env, const struct windows_state *state,
                                const struct windows_name *name, sonde_status *status) {
  HANDLE disk = windows_open_device(state, name->path);
  *status = SONDE_OK;
  if (disk != INVALID_HANDLE_VALUE) return disk;
  const DWORD code = GetLastError();
  const bool is_gone = code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND;
  if (!is_gone) *status = sondei_windows_fail(env, code, "CreateFileW", name->text);
  return INVALID_HANDLE_VALUE;
}

/* ---- Counters -------------------------------------------------------------------------------------------------------
 */

static sonde_status windows_fill_io(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                    sondei_windows_drive_kind kind, uint32_t number) {
  struct windows_name name;
  struct sondei_windows_disk_performance told;
  sondei_parse_error err;
  sondei_span reply = {NULL, 0};
  sonde_status failure = SONDE_OK;
  windows_name_disk(&name, kind, number);
  HANDLE disk = windows_open_disk(env, state, &name, &failure);
  if (disk == INVALID_HANDLE_VALUE && failure == SONDE_OK) return SONDE_OK;
  sonde_disk_io *const row = sonde_fill_row(fill);
  sonde_status status =
      row != NULL ? sonde_fill_string(fill, &row->name, name.text, strlen(name.text)) : SONDE_ERR_NO_MEMORY;
  if (disk != INVALID_HANDLE_VALUE) {
    if (status == SONDE_OK) failure = WINDOWS_ASK(env, state, &reply, disk, IOCTL_DISK_PERFORMANCE, name.text);
    state->os->CloseHandle(disk);
  }
  if (status != SONDE_OK || failure == SONDE_ERR_NO_MEMORY) return SONDE_ERR_NO_MEMORY;
  if (failure == SONDE_OK && sondei_windows_parse_disk_performance(&told, &err, reply) != SONDE_OK) {
    failure = sonde_env_fail_parse(env, err.expected, err.position, name.text, strlen(name.text));
  }
  row->status = failure;
  if (failure != SONDE_OK) return SONDE_OK;
  row->valid = SONDE_DISK_IO_COUNTS | SONDE_DISK_IO_BYTES | SONDE_DISK_IO_TIMES | SONDE_DISK_IO_IN_FLIGHT;
  row->read_count = told.read_count;
  row->write_count = told.write_count;
  row->read_bytes = told.read_bytes;
  row->write_bytes = told.write_bytes;
  row->read_time = told.read_time;
  row->write_time = told.write_time;
  row->in_flight = told.in_flight;
  return SONDE_OK;
}

static sonde_status windows_disk_io_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  return windows_walk_disks(env, opaque, out, false, windows_fill_io);
}

/* ---- Devices --------------------------------------------------------------------------------------------------------
 */

static sonde_status windows_fill_text(struct sonde_fill *fill, sonde_string *out, sondei_span text) {
  return sonde_fill_string(fill, out, text.data, text.len);
}

/* Bytes of a fixed struct that the OS filled, if it filled all of it. */
static bool windows_take_struct(void *out, size_t size, sondei_span reply) {
  if (reply.len < size) return false;
  memcpy(out, reply.data, size);
  return true;
}

static sonde_status windows_fill_identity(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                          sonde_disk_device *row, HANDLE disk, const char *name) {
  struct sondei_windows_storage_descriptor told;
  sondei_parse_error err;
  sondei_span reply = {NULL, 0};
  sonde_status status = windows_ask_property(env, state, &reply, disk, StorageDeviceProperty, name);
  if (status != SONDE_OK) return windows_soften(status);
  if (sondei_windows_parse_storage_descriptor(&told, &err, reply) != SONDE_OK) {
    (void)sonde_env_fail_parse(env, err.expected, err.position, name, strlen(name));
    return SONDE_OK;
  }
  row->removable = told.has_removable_media;
  row->valid |= SONDE_DISK_DEVICE_REMOVABLE;
  if (told.device_type == WINDOWS_SCSI_CDROM) row->kind = SONDE_DISK_KIND_OPTICAL;
  if (told.bus == BusTypeVirtual || told.bus == BusTypeFileBackedVirtual) row->kind = SONDE_DISK_KIND_VIRTUAL;
  status = windows_fill_text(fill, &row->vendor, told.vendor);
  if (status == SONDE_OK) status = windows_fill_text(fill, &row->model, told.product);
  if (status == SONDE_OK) status = windows_fill_text(fill, &row->firmware, told.revision);
  if (status == SONDE_OK) status = windows_fill_text(fill, &row->serial, told.serial);
  return status;
}

static sonde_status windows_fill_wwn(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                     sonde_disk_device *row, HANDLE disk, const char *name) {
  struct sondei_windows_wwn told;
  sondei_parse_error err;
  sondei_span reply = {NULL, 0};
  const sonde_status status = windows_ask_property(env, state, &reply, disk, StorageDeviceIdProperty, name);
  if (status != SONDE_OK) return windows_soften(status);
  if (sondei_windows_parse_wwn(&told, &err, reply) != SONDE_OK) {
    (void)sonde_env_fail_parse(env, err.expected, err.position, name, strlen(name));
    return SONDE_OK;
  }
  return sonde_fill_string(fill, &row->wwn, told.text, told.len);
}

/* What a CD drive would have to look at its disc for. */
static sonde_status windows_fill_disk_facts(struct sonde_env *env, struct windows_state *state, sonde_disk_device *row,
                                            HANDLE disk, const char *name) {
  DEVICE_SEEK_PENALTY_DESCRIPTOR seek;
  STORAGE_ACCESS_ALIGNMENT_DESCRIPTOR blocks;
  DISK_GEOMETRY_EX geometry;
  sondei_span reply = {NULL, 0};
  DWORD told = 0;
  sonde_status status = windows_ask_property(env, state, &reply, disk, StorageDeviceSeekPenaltyProperty, name);
  if (status == SONDE_ERR_NO_MEMORY) return status;
  if (status == SONDE_OK && row->kind == SONDE_DISK_KIND_UNKNOWN && windows_take_struct(&seek, sizeof seek, reply)) {
    row->kind = seek.IncursSeekPenalty ? SONDE_DISK_KIND_HDD : SONDE_DISK_KIND_SSD;
  }
  status = windows_ask_property(env, state, &reply, disk, StorageAccessAlignmentProperty, name);
  if (status == SONDE_ERR_NO_MEMORY) return status;
  if (status == SONDE_OK && windows_take_struct(&blocks, sizeof blocks, reply)) {
    row->logical_block_size = blocks.BytesPerLogicalSector;
    row->physical_block_size = blocks.BytesPerPhysicalSector;
    row->valid |= SONDE_DISK_DEVICE_BLOCK_SIZES;
  }
  status = WINDOWS_ASK(env, state, &reply, disk, IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, name);
  if (status == SONDE_ERR_NO_MEMORY) return status;
  /* Behind DiskSize there is room for more, of which no member is wanted. */
  if (status == SONDE_OK && reply.len >= offsetof(DISK_GEOMETRY_EX, Data)) {
    memcpy(&geometry, reply.data, offsetof(DISK_GEOMETRY_EX, Data));
    if (geometry.DiskSize.QuadPart >= 0) {
      row->size = (uint64_t)geometry.DiskSize.QuadPart;
      row->valid |= SONDE_DISK_DEVICE_SIZE;
    }
  }
  const bool is_writable =
      state->os->DeviceIoControl(disk, IOCTL_DISK_IS_WRITABLE, NULL, 0, NULL, 0, &told, NULL) != FALSE;
  if (is_writable || GetLastError() == ERROR_WRITE_PROTECT) {
    row->read_only = !is_writable;
    row->valid |= SONDE_DISK_DEVICE_READ_ONLY;
  }
  return SONDE_OK;
}

static sonde_status windows_fill_partition(struct sonde_fill *fill, size_t parent_index, uint32_t disk,
                                           const struct sondei_windows_partition *partition) {
  char name[WINDOWS_DEVICE_NAME_SIZE];
  sonde_disk_device *const row = sonde_fill_row(fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  const sonde_disk_device *const parent = sonde_fill_at(fill, parent_index);
  size_t len = windows_put_text(name, 0, "Harddisk");
  len = windows_put_number(name, len, disk);
  len = windows_put_text(name, len, "Partition");
  len = windows_put_number(name, len, partition->number);
  row->parent = parent->name;
  row->kind = parent->kind;
  row->removable = parent->removable;
  row->read_only = parent->read_only;
  row->logical_block_size = parent->logical_block_size;
  row->physical_block_size = parent->physical_block_size;
  row->valid = parent->valid | SONDE_DISK_DEVICE_SIZE;
  row->size = partition->size;
  const sonde_status status = sonde_fill_string(fill, &row->type, "part", 4);
  return status == SONDE_OK ? sonde_fill_string(fill, &row->name, name, len) : status;
}

static sonde_status windows_fill_partitions(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                            HANDLE disk, uint32_t number, const char *name) {
  const size_t parent_index = sonde_fill_count(fill) - 1;
  struct sondei_windows_drive_layout layout;
  struct sondei_windows_partition partition;
  sondei_parse_error err;
  sondei_span reply = {NULL, 0};
  sonde_status status = WINDOWS_ASK(env, state, &reply, disk, IOCTL_DISK_GET_DRIVE_LAYOUT_EX, name);
  if (status != SONDE_OK) return windows_soften(status);
  if (sondei_windows_parse_drive_layout(&layout, &err, reply) != SONDE_OK) {
    (void)sonde_env_fail_parse(env, err.expected, err.position, name, strlen(name));
    return SONDE_OK;
  }
  while (status == SONDE_OK && sondei_windows_next_partition(&partition, &err, &layout)) {
    if (err.expected == NULL) {
      status = windows_fill_partition(fill, parent_index, number, &partition);
      continue;
    }
    sonde_disk_device *const row = sonde_fill_row(fill);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->parent = ((const sonde_disk_device *)sonde_fill_at(fill, parent_index))->name;
    row->status = sonde_env_fail_parse(env, err.expected, err.position, name, strlen(name));
  }
  return status;
}

static sonde_status windows_fill_device(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                        sondei_windows_drive_kind kind, uint32_t number) {
  struct windows_name name;
  sonde_status failure = SONDE_OK;
  const bool is_cdrom = kind == SONDEI_WINDOWS_DRIVE_CDROM;
  windows_name_disk(&name, kind, number);
  HANDLE disk = windows_open_disk(env, state, &name, &failure);
  if (disk == INVALID_HANDLE_VALUE && failure == SONDE_OK) return SONDE_OK;
  sonde_disk_device *const row = sonde_fill_row(fill);
  sonde_status status =
      row != NULL ? sonde_fill_string(fill, &row->name, name.text, strlen(name.text)) : SONDE_ERR_NO_MEMORY;
  if (status == SONDE_OK) status = sonde_fill_string(fill, &row->type, is_cdrom ? "rom" : "disk", is_cdrom ? 3 : 4);
  if (disk == INVALID_HANDLE_VALUE) {
    if (failure == SONDE_ERR_NO_MEMORY) status = failure;
    if (status == SONDE_OK) row->status = failure;
    return status;
  }
  if (status == SONDE_OK) {
    if (is_cdrom) row->kind = SONDE_DISK_KIND_OPTICAL;
    status = windows_fill_identity(env, state, fill, row, disk, name.text);
  }
  if (status == SONDE_OK) status = windows_fill_wwn(env, state, fill, row, disk, name.text);
  if (status == SONDE_OK && !is_cdrom) status = windows_fill_disk_facts(env, state, row, disk, name.text);
  if (status == SONDE_OK) {
    if (row->kind != SONDE_DISK_KIND_UNKNOWN) row->valid |= SONDE_DISK_DEVICE_KIND;
    if (!is_cdrom) status = windows_fill_partitions(env, state, fill, disk, number, name.text);
  }
  state->os->CloseHandle(disk);
  return status;
}

static sonde_status windows_disk_device_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  return windows_walk_disks(env, opaque, out, true, windows_fill_device);
}

const struct sonde_disk_ops sondei_windows_disk_ops = {
    .partition_list = windows_disk_partition_list,
    .usage = windows_disk_usage,
    .io_list = windows_disk_io_list,
    .device_list = windows_disk_device_list,
};
