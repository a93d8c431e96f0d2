/* SPDX-License-Identifier: MIT */
/*
 * linux_pid_status.h - /proc/PID/status: lines of "Key:\tvalue".
 *
 * The first line is the name, which the process chose: "Uid:\t0\t0\t0" is a name. The kernel escapes newlines and
 * backslashes in it. Keys are looked for at the start of a line only, never in the Name line, and the last line with a
 * key counts: nothing that a process can write follows its name, so that not even a kernel that escapes nothing would
 * be fooled.
 */
#ifndef SONDE_CORE_PARSE_LINUX_PID_STATUS_H
#define SONDE_CORE_PARSE_LINUX_PID_STATUS_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Which members were there; each key may be missing: older kernels, zombies and kernel threads lack many. */
#define SONDEI_LINUX_STATUS_NAME (UINT64_C(1) << 0)
#define SONDEI_LINUX_STATUS_UMASK (UINT64_C(1) << 1)
#define SONDEI_LINUX_STATUS_STATE (UINT64_C(1) << 2)
#define SONDEI_LINUX_STATUS_TGID (UINT64_C(1) << 3)
#define SONDEI_LINUX_STATUS_PPID (UINT64_C(1) << 4)
#define SONDEI_LINUX_STATUS_UID (UINT64_C(1) << 5)
#define SONDEI_LINUX_STATUS_GID (UINT64_C(1) << 6)
#define SONDEI_LINUX_STATUS_GROUPS (UINT64_C(1) << 7)
#define SONDEI_LINUX_STATUS_NSPID (UINT64_C(1) << 8)
#define SONDEI_LINUX_STATUS_VM_PEAK (UINT64_C(1) << 9)
#define SONDEI_LINUX_STATUS_VM_LCK (UINT64_C(1) << 10)
#define SONDEI_LINUX_STATUS_VM_PIN (UINT64_C(1) << 11)
#define SONDEI_LINUX_STATUS_VM_HWM (UINT64_C(1) << 12)
#define SONDEI_LINUX_STATUS_RSS_ANON (UINT64_C(1) << 13)
#define SONDEI_LINUX_STATUS_RSS_FILE (UINT64_C(1) << 14)
#define SONDEI_LINUX_STATUS_RSS_SHMEM (UINT64_C(1) << 15)
#define SONDEI_LINUX_STATUS_VM_STK (UINT64_C(1) << 16)
#define SONDEI_LINUX_STATUS_VM_LIB (UINT64_C(1) << 17)
#define SONDEI_LINUX_STATUS_VM_PTE (UINT64_C(1) << 18)
#define SONDEI_LINUX_STATUS_VM_SWAP (UINT64_C(1) << 19)
#define SONDEI_LINUX_STATUS_HUGETLB (UINT64_C(1) << 20)
#define SONDEI_LINUX_STATUS_THREADS (UINT64_C(1) << 21)
#define SONDEI_LINUX_STATUS_SIGQ (UINT64_C(1) << 22)
#define SONDEI_LINUX_STATUS_SIG_PND (UINT64_C(1) << 23)
#define SONDEI_LINUX_STATUS_SHD_PND (UINT64_C(1) << 24)
#define SONDEI_LINUX_STATUS_SIG_BLK (UINT64_C(1) << 25)
#define SONDEI_LINUX_STATUS_SIG_IGN (UINT64_C(1) << 26)
#define SONDEI_LINUX_STATUS_SIG_CGT (UINT64_C(1) << 27)
#define SONDEI_LINUX_STATUS_CAP_INH (UINT64_C(1) << 28)
#define SONDEI_LINUX_STATUS_CAP_PRM (UINT64_C(1) << 29)
#define SONDEI_LINUX_STATUS_CAP_EFF (UINT64_C(1) << 30)
#define SONDEI_LINUX_STATUS_CAP_BND (UINT64_C(1) << 31)
#define SONDEI_LINUX_STATUS_CAP_AMB (UINT64_C(1) << 32)
#define SONDEI_LINUX_STATUS_NO_NEW_PRIVS (UINT64_C(1) << 33)
#define SONDEI_LINUX_STATUS_SECCOMP (UINT64_C(1) << 34)
#define SONDEI_LINUX_STATUS_CPUS_ALLOWED_LIST (UINT64_C(1) << 35)
#define SONDEI_LINUX_STATUS_VOLUNTARY (UINT64_C(1) << 36)
#define SONDEI_LINUX_STATUS_INVOLUNTARY (UINT64_C(1) << 37)
#define SONDEI_LINUX_STATUS_KTHREAD (UINT64_C(1) << 38)

struct sondei_linux_pid_status {
  uint64_t valid;                /* SONDEI_LINUX_STATUS_* */
  uint64_t bad;                  /* the same bits: the line is there, but its value is not understood */
  sondei_span name;              /* Escaped: sondei_linux_unescape_pid_status_name */
  uint32_t umask;                /* Umask */
  char state;                    /* State: the letter */
  int32_t tgid;                  /* Tgid */
  int32_t ppid;                  /* PPid */
  uint32_t uid[4];               /* Uid: real, effective, saved, file system */
  uint32_t gid[4];               /* Gid */
  sondei_span groups;            /* Groups: numbers for sondei_linux_next_pid_status_number */
  sondei_span nspid;             /* NSpid: the same, outermost first */
  uint64_t vm_peak;              /* VmPeak. Bytes, as the next */
  uint64_t vm_lck;               /* VmLck */
  uint64_t vm_pin;               /* VmPin */
  uint64_t vm_hwm;               /* VmHWM */
  uint64_t rss_anon;             /* RssAnon */
  uint64_t rss_file;             /* RssFile */
  uint64_t rss_shmem;            /* RssShmem */
  uint64_t vm_stk;               /* VmStk */
  uint64_t vm_lib;               /* VmLib */
  uint64_t vm_pte;               /* VmPTE */
  uint64_t vm_swap;              /* VmSwap */
  uint64_t hugetlb;              /* HugetlbPages */
  uint64_t threads;              /* Threads */
  uint64_t sigq;                 /* SigQ: before the slash */
  uint64_t sigq_limit;           /* behind it */
  uint64_t sig_pnd;              /* SigPnd */
  uint64_t shd_pnd;              /* ShdPnd */
  uint64_t sig_blk;              /* SigBlk */
  uint64_t sig_ign;              /* SigIgn */
  uint64_t sig_cgt;              /* SigCgt */
  uint64_t cap_inh;              /* CapInh */
  uint64_t cap_prm;              /* CapPrm */
  uint64_t cap_eff;              /* CapEff */
  uint64_t cap_bnd;              /* CapBnd */
  uint64_t cap_amb;              /* CapAmb */
  uint32_t no_new_privs;         /* NoNewPrivs */
  uint32_t seccomp;              /* Seccomp */
  sondei_span cpus_allowed_list; /* Cpus_allowed_list: "0-3,8" */
  uint64_t voluntary;            /* voluntary_ctxt_switches */
  uint64_t involuntary;          /* nonvoluntary_ctxt_switches */
  uint32_t kthread;              /* Kthread: 1 for a kernel thread (6.13) */
};

/* in: the whole file. SONDE_ERR_PARSE when it holds no line of the form; a line that is not understood is told by
 * `bad`, and err then says where the first of them is (err->expected is NULL otherwise). */
sonde_status sondei_linux_parse_pid_status(struct sondei_linux_pid_status *out, sondei_parse_error *err,
                                           sondei_span in);

/* The next number of `groups` or `nspid`. False at the end, or (err->expected is not NULL) where something else is. */
bool sondei_linux_next_pid_status_number(uint32_t *out, sondei_parse_error *err, sondei_span *in);

/* Writes the name without its escapes to out, which has room for in.len bytes; returns the length. */
size_t sondei_linux_unescape_pid_status_name(char *out, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_PID_STATUS_H */
