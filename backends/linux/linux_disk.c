/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "backends/linux/linux_usage.h"
#include "core/parse/linux_block_stat.h"
#include "core/parse/linux_disk_type.h"
#include "core/parse/linux_diskstats.h"
#include "core/parse/linux_escape.h"
#include "core/parse/linux_fstype.h"
#include "core/parse/linux_mount_options.h"
#include "core/parse/linux_mounts.h"
#include "core/parse/linux_sysfs_link.h"
#include "core/parse/linux_udev_link.h"
#include "core/parse/linux_uevent.h"
#include "core/parse/linux_vpd.h"

enum {
  SECTOR_SIZE = 512
};

/* ---- What is read in more than one place --------------------------------------------------------------------------
 */

/* Whether path, below the root, exists; *out is untouched when that cannot be told. Fails only for want of memory. */
static sonde_status linux_disk_exists(struct sonde_env *env, struct linux_state *state, bool *out, const char *root,
                                      const char *folder, const char *name, const char *attribute) {
  const char *path = NULL;
  struct stat info;
  const sonde_status status = sondei_linux_path(env, state, &path, root, folder, name, attribute);
  if (status != SONDE_OK) return status;
  int got = 0;
  do {
    got = state->os->fstatat(AT_FDCWD, path, &info, AT_SYMLINK_NOFOLLOW);
  } while (got != 0 && errno == EINTR);
  if (got == 0 || errno == ENOENT || errno == ENOTDIR) {
    *out = got == 0;
    return SONDE_OK;
  }
  const struct linux_place whole = {AT_FDCWD, path};
  return errno == ENOMEM ? sondei_linux_fail(env, errno, "fstatat", whole, "") : SONDE_OK;
}

/* A copy in which one byte stands for another: sysfs has '!' where the name of a device has '/'. */
static sonde_status linux_disk_name(struct sonde_fill *fill, sonde_string *out, sondei_span name, char from, char to) {
  char *const copy = sonde_fill_array(fill, name.len + 1, 1);
  if (copy == NULL) return SONDE_ERR_NO_MEMORY;
  if (name.len > 0) memcpy(copy, name.data, name.len);
  for (size_t i = 0; i < name.len; i++) {
    if (copy[i] == from) copy[i] = to;
  }
  out->data = copy;
  out->len = name.len;
  return SONDE_OK;
}

/* ---- Mounts ---------------------------------------------------------------------------------------------------------
 */

/* A string of a mount table, escapes undone. */
static sonde_status linux_disk_unescaped(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                         sonde_string *out, sondei_span in) {
  size_t at = 0;
  if (!sondei_span_find(in, '\\', &at)) return sonde_fill_string(fill, out, in.data, in.len);
  const sonde_status status = sonde_env_grow(env, &state->path, in.len);
  if (status != SONDE_OK) return status;
  const size_t len = sondei_linux_unescape(state->path.data, in);
  return sonde_fill_string(fill, out, state->path.data, len);
}

static sonde_status linux_disk_options(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                       sonde_string *out, const struct sondei_linux_mount *mount) {
  const sonde_status status = sonde_env_grow(env, &state->path, mount->options.len + mount->super_options.len + 1);
  if (status != SONDE_OK) return status;
  char *const merged = state->path.data;
  size_t len = sondei_linux_merge_options(merged, mount->options, mount->super_options);
  len = sondei_linux_unescape(merged, sondei_span_of(merged, len));
  return sonde_fill_string(fill, out, merged, len);
}

static sonde_status linux_disk_fill_mount(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                          const struct sondei_linux_mount *mount, bool is_bad) {
  sonde_disk_partition *const row = sonde_fill_row(fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  sonde_status status = linux_disk_unescaped(env, state, fill, &row->device, mount->source);
  if (status == SONDE_OK) status = linux_disk_unescaped(env, state, fill, &row->mountpoint, mount->mountpoint);
  if (status == SONDE_OK) status = linux_disk_unescaped(env, state, fill, &row->fstype, mount->fstype);
  if (status == SONDE_OK) status = linux_disk_unescaped(env, state, fill, &row->root, mount->root);
  if (status == SONDE_OK) status = linux_disk_options(env, state, fill, &row->opts, mount);
  if (status != SONDE_OK) return status;
  row->status = is_bad ? SONDE_ERR_PARSE : SONDE_OK;
  row->flags = sondei_linux_mount_flags(mount->fstype, mount->source);
  if (sondei_linux_has_option(mount->options, "ro") || sondei_linux_has_option(mount->super_options, "ro")) {
    row->flags |= SONDE_MOUNT_READ_ONLY;
  }
  if (mount->has_ids) {
    row->valid = SONDE_PARTITION_DEV | SONDE_PARTITION_MOUNT_ID | SONDE_PARTITION_ROOT;
    row->mount_id = mount->id;
    row->parent_id = mount->parent_id;
    row->dev_major = mount->dev_major;
    row->dev_minor = mount->dev_minor;
  }
  return SONDE_OK;
}

/* "/dev/root" is no device: the kernel's own name for what the boot loader named. Its real name is in sysfs. */
static sonde_status linux_disk_resolve_root(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                            sonde_disk_partition *row) {
  char number[48];
  const char *path = NULL;
  sondei_span text;
  sondei_parse_error err;
  struct sondei_linux_uevent uevent;
  size_t len = sondei_linux_decimal(number, row->dev_major);
  number[len++] = ':';
  sondei_linux_decimal(number + len, row->dev_minor);
  sonde_status status = sondei_linux_path(env, state, &path, "dev/block/", number, "/uevent", NULL);
  if (status != SONDE_OK) return status;
  status = sondei_linux_read(env, state, &text, sondei_linux_root(env->sysfs), path, LINUX_ONE_RECORD);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  if (sondei_linux_parse_uevent(&uevent, &err, text) != SONDE_OK || uevent.devname.len == 0) return SONDE_OK;
  static const char dev[] = "/dev/";
  char *const device = sonde_fill_array(fill, sizeof dev + uevent.devname.len, 1);
  if (device == NULL) return SONDE_ERR_NO_MEMORY;
  memcpy(device, dev, sizeof dev - 1);
  memcpy(device + sizeof dev - 1, uevent.devname.data, uevent.devname.len);
  row->device.data = device;
  row->device.len = sizeof dev - 1 + uevent.devname.len;
  return SONDE_OK;
}

static sonde_status linux_disk_resolve_roots(struct sonde_env *env, struct linux_state *state,
                                             struct sonde_fill *fill) {
  for (size_t i = 0; i < sonde_fill_count(fill); i++) {
    sonde_disk_partition *const row = sonde_fill_at(fill, i);
    const bool is_root = sondei_span_equals(sondei_span_of(row->device.data, row->device.len), "/dev/root");
    if (!is_root || (row->valid & SONDE_PARTITION_DEV) == 0) continue;
    const sonde_status status = linux_disk_resolve_root(env, state, fill, row);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

typedef bool linux_disk_next_mount(struct sondei_linux_mount *out, sondei_parse_error *err, sondei_span *in);

struct linux_disk_table {
  const char *path;
  linux_disk_next_mount *next;
};

/* The first of the tables that is there. A recording, or a host seen from a container, is looked at through its first
 * process: the caller's own /proc/self would be the container's. */
static sonde_status linux_disk_read_mounts(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                           const struct linux_disk_table **table) {
  static const struct linux_disk_table tables[] = {
      {"1/mountinfo", sondei_linux_next_mount},   {"self/mountinfo", sondei_linux_next_mount},
      {"1/mounts", sondei_linux_next_mounts_row}, {"self/mounts", sondei_linux_next_mounts_row},
      {"mounts", sondei_linux_next_mounts_row},
  };
  sonde_status status = SONDE_ERR_UNSUPPORTED;
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    const bool is_first_process = tables[i].path[0] == '1';
    if (env->live && is_first_process) continue;
    *table = &tables[i];
    status = sondei_linux_read(env, state, out, sondei_linux_root(env->procfs), tables[i].path, LINUX_UNTIL_EOF);
    const bool may_try_next = sondei_linux_is_missing(env) || (is_first_process && status == SONDE_ERR_ACCESS);
    if (status == SONDE_OK || !may_try_next) return status;
  }
  return status;
}

static sonde_status linux_disk_partition_list(struct sonde_env *env, void *opaque, struct sonde_fill *out, bool all) {
  struct linux_state *const state = opaque;
  sondei_span filesystems = sondei_span_of(NULL, 0);
  sondei_span text;
  sonde_status status = SONDE_OK;
  bool are_known = false;
  if (!all) {
    status = sondei_linux_read_into(env, state, &filesystems, &state->entries, sondei_linux_root(env->procfs),
                                    "filesystems", LINUX_UNTIL_EOF);
    are_known = status == SONDE_OK;
    if (!are_known && sondei_linux_is_exhausted(env)) return status;
  }
  const struct linux_disk_table *table = NULL;
  status = linux_disk_read_mounts(env, state, &text, &table);
  if (status != SONDE_OK) return status;
  const size_t whole_len = text.len;
  struct sondei_linux_mount mount;
  sondei_parse_error err;
  for (size_t at = 0; table->next(&mount, &err, &text); at = whole_len - text.len) {
    const bool is_bad = err.expected != NULL;
    if (is_bad) {
      err.position += at;
      sondei_linux_fail_parse(env, &err, sondei_linux_root(env->procfs), table->path);
    } else if (!all && !sondei_linux_mount_is_storage(mount.fstype, mount.source, are_known ? &filesystems : NULL)) {
      continue;
    }
    status = linux_disk_fill_mount(env, state, out, &mount, is_bad);
    if (status != SONDE_OK) return status;
  }
  return linux_disk_resolve_roots(env, state, out);
}

static sonde_status linux_disk_usage(struct sonde_env *env, void *opaque, sonde_disk_usage *out, const char *path,
                                     uint64_t timeout) {
  struct linux_state *const state = opaque;
  struct statvfs stat;
  const char *whole = path;
  sonde_status status = SONDE_OK;
  if (env->rootfs[0] != '\0') {
    status = sondei_linux_path(env, state, &whole, env->rootfs, path[0] == '/' ? "" : "/", path, NULL);
  } else if (!env->live) {
    status = sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "statvfs", path, strlen(path));
  }
  if (status == SONDE_OK) status = sondei_linux_statvfs(env, state, &stat, whole, timeout);
  if (status != SONDE_OK) return status;

  const uint64_t unit = stat.f_frsize != 0 ? stat.f_frsize : stat.f_bsize;
  const uint64_t blocks = stat.f_blocks;
  /* Some file systems count more free blocks than blocks, for a moment. */
  const uint64_t unused = stat.f_bfree < blocks ? stat.f_bfree : blocks;
  const uint64_t available = stat.f_bavail < unused ? stat.f_bavail : unused;
  if (unit != 0 && blocks > UINT64_MAX / unit) {
    return sonde_env_fail(env, SONDE_ERR_OS, EOVERFLOW, "EOVERFLOW", "statvfs", whole, strlen(whole));
  }
  out->total = blocks * unit;
  out->used = (blocks - unused) * unit;
  out->free = available * unit;
  out->reserved = out->total - out->used - out->free;
  out->block_size = stat.f_bsize;
  out->read_only = (stat.f_flag & ST_RDONLY) != 0;
  out->valid = SONDE_DISK_USAGE_SPACE | SONDE_DISK_USAGE_READ_ONLY;
  if (stat.f_files > 0) { /* btrfs and others do not count */
    const uint64_t inodes = stat.f_files;
    const uint64_t inodes_unused = stat.f_ffree < inodes ? stat.f_ffree : inodes;
    out->inodes = inodes;
    out->inodes_used = inodes - inodes_unused;
    out->inodes_free = stat.f_favail < inodes_unused ? stat.f_favail : inodes_unused;
    out->valid |= SONDE_DISK_USAGE_INODES;
  }
  return SONDE_OK;
}

/* ---- Counters -------------------------------------------------------------------------------------------------------
 */

static void linux_disk_copy_stat(sonde_disk_io *row, const struct sondei_linux_block_stat *stat) {
  row->valid = SONDE_DISK_IO_COUNTS | SONDE_DISK_IO_BYTES;
  row->read_count = stat->read_count;
  row->read_bytes = stat->read_bytes;
  row->write_count = stat->write_count;
  row->write_bytes = stat->write_bytes;
  if (stat->has_times) {
    row->valid |= SONDE_DISK_IO_MERGED | SONDE_DISK_IO_TIMES | SONDE_DISK_IO_BUSY_TIME | SONDE_DISK_IO_WEIGHTED_TIME;
    row->read_merged = stat->read_merged;
    row->write_merged = stat->write_merged;
    row->read_time = stat->read_time;
    row->write_time = stat->write_time;
    row->busy_time = stat->busy_time;
    row->weighted_time = stat->weighted_time;
  }
  if (stat->has_in_flight) {
    row->valid |= SONDE_DISK_IO_IN_FLIGHT;
    row->in_flight = stat->in_flight;
  }
  if (stat->has_discard) {
    row->valid |= SONDE_DISK_IO_DISCARD;
    row->discard_count = stat->discard_count;
    row->discard_merged = stat->discard_merged;
    row->discard_bytes = stat->discard_bytes;
    row->discard_time = stat->discard_time;
  }
  if (stat->has_flush) {
    row->valid |= SONDE_DISK_IO_FLUSH;
    row->flush_count = stat->flush_count;
    row->flush_time = stat->flush_time;
  }
}

/* A partition has no entry of its own in /sys/block. Where there is no /sys/block: it is named after the disk that
 * stands before it in the table. */
static sonde_status linux_disk_mark_partitions(struct sonde_env *env, struct linux_state *state,
                                               struct sonde_fill *fill) {
  bool has_sysfs = false;
  sonde_status status = linux_disk_exists(env, state, &has_sysfs, env->sysfs, "/block", NULL, NULL);
  if (status != SONDE_OK) return status;
  sondei_span disk = sondei_span_of(NULL, 0);
  for (size_t i = 0; i < sonde_fill_count(fill); i++) {
    sonde_disk_io *const row = sonde_fill_at(fill, i);
    const sondei_span name = sondei_span_of(row->name.data, row->name.len);
    size_t slash = 0;
    bool is_disk = !sondei_linux_is_partition_of(disk, name);
    const char *entry = row->name.data;
    if (has_sysfs && name.len > 0) {
      if (sondei_span_find(name, '/', &slash)) {
        sonde_string in_sysfs;
        status = linux_disk_name(fill, &in_sysfs, name, '/', '!');
        if (status != SONDE_OK) return status;
        entry = in_sysfs.data;
      }
      status = linux_disk_exists(env, state, &is_disk, env->sysfs, "/block/", entry, NULL);
      if (status != SONDE_OK) return status;
    }
    row->partition = !is_disk;
    if (is_disk) disk = name;
  }
  return SONDE_OK;
}

static sonde_status linux_disk_io_from_proc(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  static const char path[] = "diskstats";
  sondei_span text;
  sonde_status status = sondei_linux_read(env, state, &text, sondei_linux_root(env->procfs), path, LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return status;
  const size_t whole_len = text.len;
  struct sondei_linux_disk disk;
  sondei_parse_error err;
  for (size_t at = 0; sondei_linux_next_disk(&disk, &err, &text); at = whole_len - text.len) {
    sonde_disk_io *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    status = sonde_fill_string(out, &row->name, disk.name.data, disk.name.len);
    if (status != SONDE_OK) return status;
    if (err.expected == NULL) {
      linux_disk_copy_stat(row, &disk.stat);
    } else {
      err.position += at;
      row->status = sondei_linux_fail_parse(env, &err, sondei_linux_root(env->procfs), path);
    }
  }
  return linux_disk_mark_partitions(env, state, out);
}

/* The folder of all block devices, or of the disks alone before Linux 2.6.26. */
static sonde_status linux_disk_walk_open(struct sonde_env *env, struct linux_state *state, struct linux_walk *walk,
                                         const char **folder) {
  *folder = "class/block/";
  sonde_status status =
      sondei_linux_walk_open(env, state, walk, &state->entries, sondei_linux_root(env->sysfs), "class/block");
  if (status == SONDE_OK || !sondei_linux_is_missing(env)) return status;
  *folder = "block/";
  return sondei_linux_walk_open(env, state, walk, &state->entries, sondei_linux_root(env->sysfs), "block");
}

typedef sonde_status linux_disk_fill_row(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                         const char *folder, const char *name);

/* A row for each block device. */
static sonde_status linux_disk_walk(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                    linux_disk_fill_row *fill_row) {
  struct linux_walk walk;
  const char *folder = NULL;
  const char *name = NULL;
  sonde_status status = linux_disk_walk_open(env, state, &walk, &folder);
  if (status != SONDE_OK) return status;
  for (;;) {
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    status = fill_row(env, state, out, folder, name);
    if (status != SONDE_OK) break;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

static sonde_status linux_disk_io_of_device(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                            const char *folder, const char *name) {
  sonde_disk_io *row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  sonde_status status = linux_disk_name(out, &row->name, sondei_span_text(name), '!', '/');
  if (status != SONDE_OK) return status;
  bool is_partition = false;
  status = linux_disk_exists(env, state, &is_partition, env->sysfs, "/class/block/", name, "/partition");
  if (status != SONDE_OK) return status;
  row->partition = is_partition;
  const char *path = NULL;
  status = sondei_linux_path(env, state, &path, folder, name, "/stat", NULL);
  if (status != SONDE_OK) return status;
  sondei_span text;
  status = sondei_linux_read(env, state, &text, sondei_linux_root(env->sysfs), path, LINUX_ONE_RECORD);
  if (status != SONDE_OK) {
    if (sondei_linux_is_exhausted(env)) return status;
    if (sondei_linux_is_missing(env)) {
      sonde_fill_drop_row(out); /* unplugged meanwhile */
    } else {
      row->status = status;
    }
    return SONDE_OK;
  }
  struct sondei_linux_block_stat stat;
  sondei_parse_error err;
  if (sondei_linux_parse_block_stat(&stat, &err, text) == SONDE_OK) {
    linux_disk_copy_stat(row, &stat);
  } else {
    row->status = sondei_linux_fail_parse(env, &err, sondei_linux_root(env->sysfs), path);
  }
  return SONDE_OK;
}

static sonde_status linux_disk_io_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  const sonde_status status = linux_disk_io_from_proc(env, state, out);
  if (status == SONDE_OK || !sondei_linux_is_missing(env)) return status;
  return linux_disk_walk(env, state, out, linux_disk_io_of_device);
}

/* ---- Devices --------------------------------------------------------------------------------------------------------
 */

/* A number of a device, if it has this attribute and it can be read. Fails only for want of memory or descriptors. */
static sonde_status linux_disk_number(struct sonde_env *env, struct linux_state *state, uint64_t *out, bool *has,
                                      struct linux_place device, const char *attribute) {
  const sonde_status status = sondei_linux_read_u64(env, state, out, device, attribute);
  *has = status == SONDE_OK;
  return !*has && sondei_linux_is_exhausted(env) ? status : SONDE_OK;
}

/* The first of up to three attributes that has a text. */
static sonde_status linux_disk_text(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                    sonde_string *out, struct linux_place device, const char *const attributes[3]) {
  for (size_t i = 0; i < 3 && attributes[i] != NULL && out->len == 0; i++) {
    const sonde_status status = sondei_linux_read_string(env, state, fill, out, device, attributes[i]);
    if (status != SONDE_OK && sondei_linux_is_exhausted(env)) return status;
    if (status == SONDE_ERR_NO_MEMORY) return status;
  }
  return SONDE_OK;
}

static sonde_status linux_disk_vpd_serial(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                          sonde_string *out, struct linux_place device) {
  sondei_span page;
  sondei_span serial;
  sondei_parse_error err;
  const sonde_status status = sondei_linux_read(env, state, &page, device, "device/vpd_pg80", LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  if (sondei_linux_parse_vpd_serial(&serial, &err, page) != SONDE_OK) return SONDE_OK;
  return sonde_fill_string(fill, out, serial.data, serial.len);
}

/* What the kernel's drivers call their devices. */
static sonde_disk_kind linux_disk_kind_of_name(sondei_span name) {
  static const struct {
    const char *prefix;
    sonde_disk_kind kind;
  } drivers[] = {
      {"ram", SONDE_DISK_KIND_RAM},      {"zram", SONDE_DISK_KIND_RAM},     {"fd", SONDE_DISK_KIND_FLOPPY},
      {"sr", SONDE_DISK_KIND_OPTICAL},   {"loop", SONDE_DISK_KIND_VIRTUAL}, {"dm-", SONDE_DISK_KIND_VIRTUAL},
      {"md", SONDE_DISK_KIND_VIRTUAL},   {"nbd", SONDE_DISK_KIND_VIRTUAL},  {"rbd", SONDE_DISK_KIND_VIRTUAL},
      {"drbd", SONDE_DISK_KIND_VIRTUAL}, {"zd", SONDE_DISK_KIND_VIRTUAL},   {"bcache", SONDE_DISK_KIND_VIRTUAL},
  };
  for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
    sondei_span rest = name;
    if (!sondei_span_take_text(&rest, drivers[i].prefix) || rest.len == 0) continue;
    if ((rest.data[0] >= '0' && rest.data[0] <= '9') || rest.data[0] == '_') return drivers[i].kind;
  }
  return SONDE_DISK_KIND_UNKNOWN;
}

/* What a partition has from its disk. */
static sonde_status linux_disk_fill_queue(struct sonde_env *env, struct linux_state *state, sonde_disk_device *row,
                                          struct linux_place disk, sondei_span name) {
  uint64_t value = 0;
  uint64_t physical = 0;
  bool has = false;
  bool has_physical = false;
  row->kind = linux_disk_kind_of_name(name);
  sonde_status status = SONDE_OK;
  if (row->kind == SONDE_DISK_KIND_UNKNOWN) {
    status = linux_disk_number(env, state, &value, &has, disk, "queue/rotational");
    if (status != SONDE_OK) return status;
    if (has) row->kind = value != 0 ? SONDE_DISK_KIND_HDD : SONDE_DISK_KIND_SSD;
  }
  if (row->kind != SONDE_DISK_KIND_UNKNOWN) row->valid |= SONDE_DISK_DEVICE_KIND;
  status = linux_disk_number(env, state, &value, &has, disk, "removable");
  if (status != SONDE_OK) return status;
  if (has) {
    row->valid |= SONDE_DISK_DEVICE_REMOVABLE;
    row->removable = value != 0;
  }
  status = linux_disk_number(env, state, &value, &has, disk, "queue/logical_block_size");
  if (status != SONDE_OK) return status;
  status = linux_disk_number(env, state, &physical, &has_physical, disk, "queue/physical_block_size");
  if (status != SONDE_OK) return status;
  if (has && has_physical && value <= UINT32_MAX && physical <= UINT32_MAX) {
    row->valid |= SONDE_DISK_DEVICE_BLOCK_SIZES;
    row->logical_block_size = (uint32_t)value;
    row->physical_block_size = (uint32_t)physical;
  }
  return SONDE_OK;
}

static sonde_status linux_disk_fill_identity(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                             sonde_disk_device *row, struct linux_place device) {
  /* By driver: SCSI and virtio; NVMe; MMC. */
  static const char *const vendor[] = {"device/vendor", NULL, NULL};
  static const char *const model[] = {"device/model", "device/name", NULL};
  static const char *const serial[] = {"serial", "device/serial", NULL};
  static const char *const firmware[] = {"device/firmware_rev", "device/rev", "device/fwrev"};
  static const char *const wwn[] = {"wwid", "device/wwid", NULL};
  /* Loop devices and the like have no hardware to ask: five attributes less to look for. */
  struct stat info;
  const bool has_hardware = state->os->fstatat(device.fd, "device", &info, 0) == 0;
  if (!has_hardware && errno == ENOMEM) return sondei_linux_fail(env, errno, "fstatat", device, "device");
  sonde_status status = linux_disk_text(env, state, fill, &row->serial, device, serial);
  if (status == SONDE_OK) status = linux_disk_text(env, state, fill, &row->wwn, device, wwn);
  if (status != SONDE_OK || !has_hardware) return status;
  status = linux_disk_text(env, state, fill, &row->vendor, device, vendor);
  if (status == SONDE_OK) status = linux_disk_text(env, state, fill, &row->model, device, model);
  if (status == SONDE_OK) status = linux_disk_text(env, state, fill, &row->firmware, device, firmware);
  if (status == SONDE_OK && row->serial.len == 0) {
    status = linux_disk_vpd_serial(env, state, fill, &row->serial, device);
  }
  return status;
}

static sonde_status linux_disk_fill_dm(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                       sonde_disk_device *row, struct linux_place device) {
  static const char *const name[] = {"dm/name", NULL, NULL};
  static const char *const uuid[] = {"dm/uuid", NULL, NULL};
  char type[SONDEI_LINUX_DISK_TYPE_MAX];
  sonde_string text = {"", 0};
  sonde_status status = linux_disk_text(env, state, fill, &row->mapped_name, device, name);
  if (status == SONDE_OK) status = linux_disk_text(env, state, fill, &text, device, uuid);
  if (status != SONDE_OK) return status;
  const size_t len = sondei_linux_dm_type(type, sondei_span_of(text.data, text.len));
  return sonde_fill_string(fill, &row->type, type, len);
}

/* What it is, and what stands behind it. */
static sonde_status linux_disk_fill_type(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                         sonde_disk_device *row, struct linux_place device, bool is_partition) {
  static const char *const level[] = {"md/level", NULL, NULL};
  static const char *const file[] = {"loop/backing_file", NULL, NULL};
  const sondei_span name = sondei_span_of(row->name.data, row->name.len);
  const char *type = is_partition ? "part" : sondei_linux_disk_type_of(name);
  if (!is_partition && row->kind == SONDE_DISK_KIND_VIRTUAL) {
    sonde_status status = SONDE_OK;
    if (sondei_span_starts_with(name, "dm-")) return linux_disk_fill_dm(env, state, fill, row, device);
    if (sondei_span_starts_with(name, "loop")) {
      status = linux_disk_text(env, state, fill, &row->backing_file, device, file);
    } else if (sondei_span_starts_with(name, "md")) {
      status = linux_disk_text(env, state, fill, &row->type, device, level);
      type = "md"; /* not assembled yet */
    }
    if (status != SONDE_OK || row->type.len > 0) return status;
  }
  return sonde_fill_string(fill, &row->type, type, strlen(type));
}

/* The names in its folder "slaves", one after the other with a NUL behind each, in state->names. */
static sonde_status linux_disk_collect_members(struct sonde_env *env, struct linux_state *state, size_t *count,
                                               struct linux_place device) {
  struct linux_walk walk;
  size_t used = 0;
  *count = 0;
  sonde_status status = sondei_linux_walk_open(env, state, &walk, &state->inner_entries, device, "slaves");
  if (status != SONDE_OK) return status;
  for (;;) {
    const char *name = NULL;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    const size_t size = strlen(name) + 1;
    status = sonde_env_grow(env, &state->names, used + size);
    if (status != SONDE_OK) break;
    memcpy(state->names.data + used, name, size);
    used += size;
    (*count)++;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

static sonde_status linux_disk_fill_members(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                            sonde_disk_device *row, struct linux_place device) {
  size_t count = 0;
  sonde_status status = linux_disk_collect_members(env, state, &count, device);
  if (status != SONDE_OK) {
    if (sondei_linux_is_exhausted(env)) return status;
    if (!sondei_linux_is_missing(env)) row->status = status;
    return SONDE_OK;
  }
  if (count == 0) return SONDE_OK;
  sonde_string *const members = sonde_fill_array(fill, count, sizeof *members);
  if (members == NULL) return SONDE_ERR_NO_MEMORY;
  const char *name = state->names.data;
  for (size_t i = 0; i < count; i++) {
    sonde_string member = {"", 0};
    status = linux_disk_name(fill, &member, sondei_span_text(name), '!', '/');
    if (status != SONDE_OK) return status;
    size_t at = i;
    for (; at > 0 && strcmp(members[at - 1].data, member.data) > 0; at--) members[at] = members[at - 1];
    members[at] = member;
    name += strlen(name) + 1;
  }
  row->members = members;
  row->num_members = count;
  return SONDE_OK;
}

/* From the device's own folder. *is_partition: the rest is to be asked of its disk. */
static sonde_status linux_disk_fill_own(struct sonde_env *env, struct linux_state *state, sonde_disk_device *row,
                                        struct linux_place device, bool *is_partition) {
  uint64_t value = 0;
  bool has = false;
  sondei_span text;
  sondei_parse_error err;
  struct sondei_linux_uevent uevent;
  sonde_status status = sondei_linux_read(env, state, &text, device, "uevent", LINUX_ONE_RECORD);
  if (status != SONDE_OK && sondei_linux_is_exhausted(env)) return status;
  if (status == SONDE_OK && sondei_linux_parse_uevent(&uevent, &err, text) != SONDE_OK) {
    row->status = sondei_linux_fail_parse(env, &err, device, "uevent");
  } else if (status == SONDE_OK) {
    *is_partition = sondei_span_equals(uevent.devtype, "partition");
    if (uevent.has_dev) {
      row->valid |= SONDE_DISK_DEVICE_DEV;
      row->dev_major = uevent.dev_major;
      row->dev_minor = uevent.dev_minor;
    }
  }
  status = linux_disk_number(env, state, &value, &has, device, "size");
  if (status != SONDE_OK) return status;
  if (has && value <= UINT64_MAX / SECTOR_SIZE) {
    row->valid |= SONDE_DISK_DEVICE_SIZE;
    row->size = value * SECTOR_SIZE;
  }
  status = linux_disk_number(env, state, &value, &has, device, "ro");
  if (status != SONDE_OK) return status;
  if (has) {
    row->valid |= SONDE_DISK_DEVICE_READ_ONLY;
    row->read_only = value != 0;
  }
  return SONDE_OK;
}

/* The disk of a partition, by the folder that the entry in /sys/class/block leads into. */
static sonde_status linux_disk_fill_from_parent(struct sonde_env *env, struct linux_state *state,
                                                struct sonde_fill *fill, sonde_disk_device *row, const char *folder,
                                                const char *name) {
  const char *path = NULL;
  sondei_span target;
  sondei_span parent;
  sonde_string in_sysfs;
  struct linux_place disk = {-1, ""};
  sonde_status status = sondei_linux_path(env, state, &path, folder, name, NULL, NULL);
  if (status != SONDE_OK) return status;
  status = sondei_linux_read_link(env, state, &target, sondei_linux_root(env->sysfs), path);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  if (!sondei_linux_link_parent(&parent, target)) return SONDE_OK;
  status = sonde_fill_string(fill, &in_sysfs, parent.data, parent.len);
  if (status == SONDE_OK) {
    status = linux_disk_name(fill, &row->parent, sondei_span_of(in_sysfs.data, in_sysfs.len), '!', '/');
  }
  if (status == SONDE_OK) status = sondei_linux_path(env, state, &path, folder, in_sysfs.data, NULL, NULL);
  if (status != SONDE_OK) return status;
  status = sondei_linux_open_place(env, state, &disk, sondei_linux_root(env->sysfs), path);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  status = linux_disk_fill_queue(env, state, row, disk, sondei_span_of(row->parent.data, row->parent.len));
  sondei_linux_close_place(state, &disk);
  return status;
}

static sonde_status linux_disk_fill_device(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                           const char *folder, const char *name) {
  const char *path = NULL;
  struct linux_place device = {-1, ""};
  bool is_partition = false;
  sonde_disk_device *const row = sonde_fill_row(fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  sonde_status status = linux_disk_name(fill, &row->name, sondei_span_text(name), '!', '/');
  if (status == SONDE_OK) status = sondei_linux_path(env, state, &path, folder, name, NULL, NULL);
  if (status != SONDE_OK) return status;
  status = sondei_linux_open_place(env, state, &device, sondei_linux_root(env->sysfs), path);
  if (status != SONDE_OK) {
    if (sondei_linux_is_exhausted(env)) return status;
    row->status = status;
    if (sondei_linux_is_missing(env)) sonde_fill_drop_row(fill); /* unplugged meanwhile */
    return SONDE_OK;
  }
  status = linux_disk_fill_own(env, state, row, device, &is_partition);
  if (status == SONDE_OK && !is_partition) {
    status = linux_disk_fill_queue(env, state, row, device, sondei_span_of(row->name.data, row->name.len));
    if (status == SONDE_OK) status = linux_disk_fill_identity(env, state, fill, row, device);
    if (status == SONDE_OK && row->kind == SONDE_DISK_KIND_VIRTUAL) {
      status = linux_disk_fill_members(env, state, fill, row, device);
    }
  }
  if (status == SONDE_OK) status = linux_disk_fill_type(env, state, fill, row, device, is_partition);
  sondei_linux_close_place(state, &device);
  if (status == SONDE_OK && is_partition) status = linux_disk_fill_from_parent(env, state, fill, row, folder, name);
  return status;
}

static sonde_disk_device *linux_disk_find(struct sonde_fill *fill, sondei_span name) {
  for (size_t i = 0; i < sonde_fill_count(fill); i++) {
    sonde_disk_device *const row = sonde_fill_at(fill, i);
    if (row->name.len == name.len && memcmp(row->name.data, name.data, name.len) == 0) return row;
  }
  return NULL;
}

/* The links of one folder of /dev/disk: their names are what the devices that they lead to are called there. */
static sonde_status linux_disk_fill_links(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                          const char *folder, bool is_label) {
  const struct linux_place dev = sondei_linux_root(env->dev);
  struct linux_walk walk;
  sonde_status status = sondei_linux_walk_open(env, state, &walk, &state->entries, dev, folder);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  for (;;) {
    const char *name = NULL;
    const char *path = NULL;
    sondei_span target;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    status = sondei_linux_path(env, state, &path, folder, "/", name, NULL);
    if (status == SONDE_OK) status = sondei_linux_read_link(env, state, &target, dev, path);
    if (status != SONDE_OK) {
      if (sondei_linux_is_exhausted(env)) break;
      continue; /* gone meanwhile, or no link */
    }
    sonde_disk_device *const row = linux_disk_find(fill, sondei_linux_udev_device(target));
    if (row == NULL) continue;
    const size_t name_len = strlen(name);
    status = sonde_env_grow(env, &state->names, name_len + 1);
    if (status != SONDE_OK) break;
    const size_t len = sondei_linux_unescape_udev(state->names.data, sondei_span_of(name, name_len));
    status = sonde_fill_string(fill, is_label ? &row->label : &row->uuid, state->names.data, len);
    if (status != SONDE_OK) break;
  }
  sondei_linux_walk_close(state, &walk);
  return status != SONDE_OK && sondei_linux_is_exhausted(env) ? status : SONDE_OK;
}

static sonde_status linux_disk_device_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  sonde_status status = linux_disk_walk(env, state, out, linux_disk_fill_device);
  if (status == SONDE_OK) status = linux_disk_fill_links(env, state, out, "disk/by-label", true);
  return status == SONDE_OK ? linux_disk_fill_links(env, state, out, "disk/by-uuid", false) : status;
}

const struct sonde_disk_ops sondei_linux_disk_ops = {
    .partition_list = linux_disk_partition_list,
    .usage = linux_disk_usage,
    .io_list = linux_disk_io_list,
    .device_list = linux_disk_device_list,
};
