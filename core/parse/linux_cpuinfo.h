/* SPDX-License-Identifier: MIT */
/*
 * linux_cpuinfo.h - /proc/cpuinfo (proc_cpuinfo(5)), whose words are different on every architecture.
 *
 * The text is paragraphs of "key : value" lines. Most describe one CPU; some describe the machine or what all CPUs have
 * in common (s390x: before the CPUs; ppc and old arm kernels: after them).
 */
#ifndef SONDE_CORE_PARSE_LINUX_CPUINFO_H
#define SONDE_CORE_PARSE_LINUX_CPUINFO_H

#include "core/parse/span.h"

enum {
  SONDEI_LINUX_CPUINFO_CPU = 1 << 0,
  SONDEI_LINUX_CPUINFO_FAMILY = 1 << 1,
  SONDEI_LINUX_CPUINFO_MODEL = 1 << 2,
  SONDEI_LINUX_CPUINFO_STEPPING = 1 << 3,
  SONDEI_LINUX_CPUINFO_PACKAGE = 1 << 4,
  SONDEI_LINUX_CPUINFO_CORE = 1 << 5,
  SONDEI_LINUX_CPUINFO_CURRENT = 1 << 6,
  SONDEI_LINUX_CPUINFO_NOMINAL = 1 << 7
};

/* Strings that are not told have len 0. */
struct sondei_linux_cpuinfo {
  uint32_t valid;         /* SONDEI_LINUX_CPUINFO_*. Without CPU: about all CPUs, or the machine */
  uint32_t cpu;           /* "processor"; s390x "processor 0:" and "cpu number" */
  bool is_more;           /* more about a CPU that another paragraph counted already (s390x "cpu number") */
  sondei_span vendor;     /* x86, s390x "vendor_id"; ia64 "vendor"; arm "CPU implementer"; riscv "mvendorid" */
  sondei_span model_name; /* "model name"; mips, alpha "cpu model"; ppc "cpu"; riscv "uarch"; old arm "Processor" */
  sondei_span microcode;  /* x86 */
  sondei_span features;   /* x86 "flags"; arm "Features"; s390x "features"; mips "ASEs implemented"; riscv "isa" */
  uint32_t family;        /* x86 "cpu family"; ia64 "family"; arm "CPU architecture" */
  uint32_t model;         /* x86, ia64 "model"; arm "CPU part"; s390x "machine" */
  uint32_t stepping;      /* x86 "stepping"; ia64 "revision"; arm "CPU revision" */
  uint32_t package;       /* "physical id"; loongarch "package" */
  uint32_t core;          /* "core id"; loongarch "core": unique within its package */
  uint64_t current;       /* hertz. "cpu MHz"; ppc "clock"; s390x "cpu MHz dynamic" */
  uint64_t nominal;       /* hertz. s390x "cpu MHz static" */
};

/* Takes the next paragraph off, or the next line of s390x's "processor 0: version = FF, ...". Words where another
 * architecture has numbers ("stepping : unknown") are not told, and no error. True: a paragraph; err->expected says
 * what is wrong with it (the first thing), or is NULL. False: the end. */
bool sondei_linux_next_cpuinfo(struct sondei_linux_cpuinfo *out, sondei_parse_error *err, sondei_span *in);

/* Takes the next of `features` off. False: no more. */
bool sondei_linux_next_cpu_feature(sondei_span *out, sondei_span *features);

/* Whether the file is that of a MIPS machine, whose kernel numbers some things unlike all others. */
bool sondei_linux_cpuinfo_is_mips(sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_CPUINFO_H */
