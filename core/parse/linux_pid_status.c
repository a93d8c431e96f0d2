/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_status.h"

#include <string.h>

enum value_kind {
  TEXT,      /* sondei_span, blanks around it taken off */
  LETTER,    /* char */
  DECIMAL32, /* uint32_t */
  PID,       /* int32_t */
  DECIMAL64, /* uint64_t */
  OCTAL32,   /* uint32_t */
  HEX64,     /* uint64_t */
  KILOBYTES, /* uint64_t, in bytes */
  IDS,       /* uint32_t[4] */
  QUEUE      /* two uint64_t */
};

struct key {
  const char *text;
  size_t len;
  uint64_t bit;
  enum value_kind kind;
  size_t offset;
};

#define KEY(text, bit, kind, member) \
  {text ":", sizeof(text), SONDEI_LINUX_STATUS_##bit, kind, offsetof(struct sondei_linux_pid_status, member)}

/* In the kernel's order: a line is looked for from where the last one was found. */
static const struct key keys[] = {
    KEY("Umask", UMASK, OCTAL32, umask),
    KEY("State", STATE, LETTER, state),
    KEY("Tgid", TGID, PID, tgid),
    KEY("PPid", PPID, PID, ppid),
    KEY("Uid", UID, IDS, uid),
    KEY("Gid", GID, IDS, gid),
    KEY("Groups", GROUPS, TEXT, groups),
    KEY("NSpid", NSPID, TEXT, nspid),
    KEY("Kthread", KTHREAD, DECIMAL32, kthread),
    KEY("VmPeak", VM_PEAK, KILOBYTES, vm_peak),
    KEY("VmLck", VM_LCK, KILOBYTES, vm_lck),
    KEY("VmPin", VM_PIN, KILOBYTES, vm_pin),
    KEY("VmHWM", VM_HWM, KILOBYTES, vm_hwm),
    KEY("RssAnon", RSS_ANON, KILOBYTES, rss_anon),
    KEY("RssFile", RSS_FILE, KILOBYTES, rss_file),
    KEY("RssShmem", RSS_SHMEM, KILOBYTES, rss_shmem),
    KEY("VmStk", VM_STK, KILOBYTES, vm_stk),
    KEY("VmLib", VM_LIB, KILOBYTES, vm_lib),
    KEY("VmPTE", VM_PTE, KILOBYTES, vm_pte),
    KEY("VmSwap", VM_SWAP, KILOBYTES, vm_swap),
    KEY("HugetlbPages", HUGETLB, KILOBYTES, hugetlb),
    KEY("Threads", THREADS, DECIMAL64, threads),
    KEY("SigQ", SIGQ, QUEUE, sigq),
    KEY("SigPnd", SIG_PND, HEX64, sig_pnd),
    KEY("ShdPnd", SHD_PND, HEX64, shd_pnd),
    KEY("SigBlk", SIG_BLK, HEX64, sig_blk),
    KEY("SigIgn", SIG_IGN, HEX64, sig_ign),
    KEY("SigCgt", SIG_CGT, HEX64, sig_cgt),
    KEY("CapInh", CAP_INH, HEX64, cap_inh),
    KEY("CapPrm", CAP_PRM, HEX64, cap_prm),
    KEY("CapEff", CAP_EFF, HEX64, cap_eff),
    KEY("CapBnd", CAP_BND, HEX64, cap_bnd),
    KEY("CapAmb", CAP_AMB, HEX64, cap_amb),
    KEY("NoNewPrivs", NO_NEW_PRIVS, DECIMAL32, no_new_privs),
    KEY("Seccomp", SECCOMP, DECIMAL32, seccomp),
    KEY("Cpus_allowed_list", CPUS_ALLOWED_LIST, TEXT, cpus_allowed_list),
    KEY("voluntary_ctxt_switches", VOLUNTARY, DECIMAL64, voluntary),
    KEY("nonvoluntary_ctxt_switches", INVOLUNTARY, DECIMAL64, involuntary),
};

enum {
  NUM_KEYS = sizeof keys / sizeof keys[0]
};

/* The key that the line begins with, from number `from` on; NUM_KEYS: none. */
static size_t find_key(sondei_span line, size_t from) {
  size_t key_len = 0;
  if (!sondei_span_find(line, ':', &key_len)) return NUM_KEYS;
  key_len++;
  for (size_t n = 0; n < NUM_KEYS; n++) {
    const size_t i = from + n < NUM_KEYS ? from + n : from + n - NUM_KEYS;
    if (keys[i].len == key_len && memcmp(keys[i].text, line.data, key_len) == 0) return i;
  }
  return NUM_KEYS;
}

static bool take_ids(sondei_span *in, uint32_t *out) {
  for (int i = 0; i < 4; i++) {
    sondei_span_skip_blanks(in);
    if (!sondei_span_u32(in, &out[i])) return false;
  }
  return true;
}

/* Takes the value off, into the member at `member`. */
static bool take_value(sondei_span *in, enum value_kind kind, void *member) {
  uint64_t wide = 0;
  int64_t number = 0;
  switch (kind) {
    case TEXT:
      *(sondei_span *)member = sondei_span_trim(*in);
      sondei_span_advance(in, in->len);
      return true;
    case LETTER:
      if (in->len == 0) return false;
      *(char *)member = in->data[0];
      sondei_span_advance(in, in->len);
      return true;
    case DECIMAL32:
      return sondei_span_u32(in, member);
    case PID:
      if (!sondei_span_i64(in, &number, INT32_MIN, INT32_MAX)) return false;
      *(int32_t *)member = (int32_t)number;
      return true;
    case DECIMAL64:
      return sondei_span_u64(in, member, UINT64_MAX);
    case OCTAL32:
      if (!sondei_span_octal64(in, &wide, UINT32_MAX)) return false;
      *(uint32_t *)member = (uint32_t)wide;
      return true;
    case HEX64:
      return sondei_span_hex64(in, member, UINT64_MAX);
    case KILOBYTES:
      if (!sondei_span_u64(in, &wide, UINT64_MAX / 1024)) return false;
      *(uint64_t *)member = wide * 1024;
      sondei_span_skip_blanks(in);
      sondei_span_take_text(in, "kB");
      return true;
    case IDS:
      return take_ids(in, member);
    case QUEUE: {
      uint64_t *const pair = member;
      return sondei_span_u64(in, &pair[0], UINT64_MAX) && sondei_span_take_char(in, '/') &&
             sondei_span_u64(in, &pair[1], UINT64_MAX);
    }
  }
  return false;
}

/* What a member may hold after a failure, or before the last line with its key. */
union any_value {
  sondei_span text;
  uint64_t wide[2];
  uint32_t ids[4];
  char letter;
};

static const size_t sizes[] = {
    [TEXT] = sizeof(sondei_span),   [LETTER] = 1,
    [DECIMAL32] = sizeof(uint32_t), [PID] = sizeof(int32_t),
    [DECIMAL64] = sizeof(uint64_t), [OCTAL32] = sizeof(uint32_t),
    [HEX64] = sizeof(uint64_t),     [KILOBYTES] = sizeof(uint64_t),
    [IDS] = 4 * sizeof(uint32_t),   [QUEUE] = 2 * sizeof(uint64_t),
};

sonde_status sondei_linux_parse_pid_status(struct sondei_linux_pid_status *out, sondei_parse_error *err,
                                           sondei_span in) {
  struct sondei_linux_pid_status row;
  memset(&row, 0, sizeof row);
  sondei_span rest = in;
  sondei_span line;
  sondei_parse_error first = {0, NULL};
  size_t next = 0;
  if (sondei_span_starts_with(rest, "Name:")) {
    sondei_span_take_line(&rest, &line);
    sondei_span_take_text(&line, "Name:");
    sondei_span_take_char(&line, '\t');
    row.name = line;
    row.valid |= SONDEI_LINUX_STATUS_NAME;
  }
  while (sondei_span_take_line(&rest, &line)) {
    const size_t i = find_key(line, next);
    if (i == NUM_KEYS) continue;
    const struct key *const key = &keys[i];
    next = i + 1 < NUM_KEYS ? i + 1 : 0;
    sondei_span_advance(&line, key->len);
    sondei_span_skip_blanks(&line);
    union any_value value;
    memset(&value, 0, sizeof value);
    const sondei_span at = line;
    const bool is_understood = take_value(&line, key->kind, &value);
    sondei_span_skip_blanks(&line);
    if (is_understood && line.len == 0) {
      row.valid |= key->bit;
      row.bad &= ~key->bit;
    } else {
      memset(&value, 0, sizeof value);
      row.valid &= ~key->bit;
      row.bad |= key->bit;
      if (first.expected == NULL) {
        first.position = (size_t)(at.data - in.data);
        first.expected = "the value of a known key";
      }
    }
    memcpy((char *)&row + key->offset, &value, sizes[key->kind]);
  }
  if (row.valid == 0 && row.bad == 0) {
    sondei_parse_fail(err, in, in, "a line with a key");
    return SONDE_ERR_PARSE;
  }
  if (err != NULL) *err = first;
  *out = row;
  return SONDE_OK;
}

bool sondei_linux_next_pid_status_number(uint32_t *out, sondei_parse_error *err, sondei_span *in) {
  err->position = 0;
  err->expected = NULL;
  sondei_span rest = *in;
  sondei_span_skip_blanks(&rest);
  if (rest.len == 0) return false;
  uint32_t value = 0;
  if (!sondei_span_u32(&rest, &value)) return sondei_parse_fail(err, *in, rest, "a number");
  *out = value;
  *in = rest;
  return true;
}

size_t sondei_linux_unescape_pid_status_name(char *out, sondei_span in) {
  size_t len = 0;
  for (size_t i = 0; i < in.len; i++) {
    char c = in.data[i];
    if (c == '\\' && i + 1 < in.len) {
      const char next = in.data[i + 1];
      if (next == 'n' || next == '\\') {
        c = next == 'n' ? '\n' : '\\';
        i++;
      }
    }
    out[len++] = c;
  }
  return len;
}
