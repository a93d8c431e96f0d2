/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_fstype.h"

#include <string.h>

#include "core/parse/linux_filesystems.h"

static const char *const remote_types[] = {
    "9p",    "acfs",     "afpfs",     "afs",   "auristorfs", "beegfs", "ceph",  "cifs",  "coda",
    "davfs", "fhgfs",    "glusterfs", "gpfs",  "lustre",     "mfs",    "ncp",   "ncpfs", "nfs",
    "nfs4",  "orangefs", "panfs",     "pvfs2", "smb3",       "smbfs",  "sshfs",
};

/* After "fuse.": those whose source does not say so. */
static const char *const remote_fuse_types[] = {
    "beegfs",    "ceph",     "ceph-fuse",
    "curlftpfs", "davfs",    "gcsfuse",
    "glusterfs", "goofys",   "google-drive-ocamlfuse",
    "juicefs",   "lizardfs", "mfs",
    "moosefs",   "rclone",   "s3fs",
    "seaweedfs", "sshfs",
};

static const char *const virtual_types[] = {
    "bdev",       "binder",          "binfmt_misc", "bpf",         "cgroup",
    "cgroup2",    "configfs",        "cpuset",      "dax",         "debugfs",
    "devfs",      "devpts",          "devtmpfs",    "drm",         "efivarfs",
    "functionfs", "fuse.gvfsd-fuse", "fuse.lxcfs",  "fuse.portal", "fusectl",
    "hugetlbfs",  "ipathfs",         "mqueue",      "nfsd",        "nsfs",
    "openpromfs", "pidfs",           "pipefs",      "proc",        "pstore",
    "ramfs",      "resctrl",         "rootfs",      "rpc_pipefs",  "secretmem",
    "securityfs", "selinuxfs",       "smackfs",     "sockfs",      "spufs",
    "sysfs",      "tmpfs",           "tracefs",     "usbdevfs",    "usbfs",
    "xenfs",
};

/* Need no block device, and keep files all the same. */
static const char *const storage_types[] = {
    "bcachefs", "btrfs", "jffs2", "logfs", "ubifs", "virtiofs", "yaffs", "yaffs2", "zfs",
};

/* Not virtual, and ask nobody. overlay shows the files of others, which by all experience are local. */
static const char *const local_types[] = {
    "bcachefs", "btrfs",    "cramfs", "erofs", "exfat", "ext2",  "ext3",   "ext4",  "f2fs",    "hfs",
    "hfsplus",  "iso9660",  "jffs2",  "jfs",   "minix", "msdos", "nilfs2", "ntfs3", "overlay", "reiserfs",
    "romfs",    "squashfs", "sysv",   "ubifs", "udf",   "ufs",   "vfat",   "xfs",   "zfs",     "zonefs",
};

/* Show the files of others. */
static const char *const layered_types[] = {"aufs", "ecryptfs", "fuse", "overlay", "overlayfs", "unionfs"};

#define IS_ONE_OF(span, table) is_one_of(span, table, sizeof(table) / sizeof *(table))

static bool is_one_of(sondei_span span, const char *const *table, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (sondei_span_equals(span, table[i])) return true;
  }
  return false;
}

static bool is_remote(sondei_span fstype, sondei_span source) {
  if (IS_ONE_OF(fstype, remote_types)) return true;
  if (!sondei_span_take_text(&fstype, "fuse.")) return false;
  size_t colon = 0;
  return IS_ONE_OF(fstype, remote_fuse_types) || sondei_span_find(source, ':', &colon);
}

uint32_t sondei_linux_mount_flags(sondei_span fstype, sondei_span source) {
  uint32_t flags = 0;
  if (is_remote(fstype, source)) flags |= SONDE_MOUNT_REMOTE;
  if (IS_ONE_OF(fstype, virtual_types)) flags |= SONDE_MOUNT_VIRTUAL;
  if (sondei_span_equals(fstype, "autofs")) flags |= SONDE_MOUNT_AUTO;
  return flags;
}

bool sondei_linux_mount_may_hang(sondei_span fstype, sondei_span source) {
  return is_remote(fstype, source) || sondei_span_starts_with(fstype, "fuse") || sondei_span_equals(fstype, "autofs") ||
         sondei_span_equals(fstype, "virtiofs");
}

bool sondei_linux_mount_is_local(sondei_span fstype, sondei_span source) {
  return !sondei_linux_mount_may_hang(fstype, source) &&
         (IS_ONE_OF(fstype, local_types) || IS_ONE_OF(fstype, virtual_types));
}

/* The kernel registers "fuseblk" for "fuseblk.ntfs". */
static sondei_span without_subtype(sondei_span fstype) {
  sondei_span type = sondei_span_of(fstype.data, 0);
  sondei_span_take_until(&fstype, '.', &type);
  return type;
}

bool sondei_linux_mount_is_storage(sondei_span fstype, sondei_span source, const sondei_span *filesystems) {
  if (is_remote(fstype, source) || IS_ONE_OF(fstype, storage_types)) return true;
  const sondei_span type = without_subtype(fstype);
  if (filesystems == NULL) {
    return sondei_linux_mount_flags(fstype, source) == 0 && !IS_ONE_OF(type, layered_types);
  }
  sondei_span rest = *filesystems;
  struct sondei_linux_filesystem known;
  sondei_parse_error err;
  while (sondei_linux_next_filesystem(&known, &err, &rest)) {
    if (!known.nodev && known.name.len == type.len && type.len > 0 &&
        memcmp(known.name.data, type.data, type.len) == 0) {
      return true;
    }
  }
  return false;
}
