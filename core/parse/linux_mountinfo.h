/* SPDX-License-Identifier: MIT */
/* linux_mountinfo.h - the rows of /proc/PID/mountinfo (proc(5), since 2.6.26). */
#ifndef SONDE_CORE_PARSE_LINUX_MOUNTINFO_H
#define SONDE_CORE_PARSE_LINUX_MOUNTINFO_H

#include "core/parse/span.h"

/* One mount. Strings are as the kernel escaped them: sondei_linux_unescape. */
struct sondei_linux_mount {
  bool has_ids;       /* id, parent_id, dev_major, dev_minor and root were told */
  uint64_t id;        /* field 1 */
  uint64_t parent_id; /* field 2; that of a mount outside the process's root at the root of its tree */
  uint32_t dev_major; /* field 3 */
  uint32_t dev_minor; /* */
  sondei_span root;   /* field 4: what of the file system is mounted; "/../x" when that is outside a cgroup namespace,
                         "net:[4026531840]" and the like for the files of nsfs */
  sondei_span mountpoint;    /* field 5; " (deleted)" may follow, as "//deleted" */
  sondei_span options;       /* field 6: of the mount */
  sondei_span optional;      /* field 7: none or more words, blanks between: "shared:1 master:2" */
  sondei_span fstype;        /* field 9, after "-": "ext4", "fuse.sshfs" */
  sondei_span source;        /* field 10; may be empty */
  sondei_span super_options; /* field 11: of the file system; empty when it is missing */
};

/* Takes the next row off; blank lines are no rows. A row that is not understood: err->expected says what is wrong, and
 * *out holds the fields up to there. */
bool sondei_linux_next_mount(struct sondei_linux_mount *out, sondei_parse_error *err, sondei_span *in);

/* For tables of other columns: the same, with `parse` to take the fields off a line. It returns what it expected where
 * it gave up, NULL when it understood the row. */
typedef const char *sondei_linux_mount_parser(struct sondei_linux_mount *out, sondei_span *line);
bool sondei_linux_next_mount_by(struct sondei_linux_mount *out, sondei_parse_error *err, sondei_span *in,
                                sondei_linux_mount_parser *parse);

#endif /* SONDE_CORE_PARSE_LINUX_MOUNTINFO_H */
