/* SPDX-License-Identifier: MIT */
/*
 * windows_process_chain.h - the answer of NtQuerySystemInformation(SystemProcessInformation): a chain of
 * SYSTEM_PROCESS_INFORMATION, each with its SYSTEM_THREAD_INFORMATION behind it, of 32- and 64-bit systems (a 32-bit
 * process is told 32-bit ones on either).
 *
 * Times are in ticks of 100 ns, moments as FILETIME; windows_time.h makes nanoseconds of them. Entries need not be
 * aligned.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_PROCESS_CHAIN_H
#define SONDE_CORE_PARSE_WINDOWS_PROCESS_CHAIN_H

#include "core/parse/windows_block.h"

/* Which parts of an entry are understood. */
enum {
  SONDEI_WINDOWS_PROCESS_FIXED = 1 << 0, /* all but name and threads; the others only with it */
  SONDEI_WINDOWS_PROCESS_NAME = 1 << 1,
  SONDEI_WINDOWS_PROCESS_THREADS = 1 << 2
};

struct sondei_windows_process {
  unsigned told; /* SONDEI_WINDOWS_PROCESS_*; what is not told is 0 */
  uint32_t pid;
  uint32_t ppid;    /* of the process that created it, or of a later one with that pid */
  sondei_span name; /* UTF-16; empty for the idle process */
  uint32_t num_threads;
  struct sondei_windows_block threads; /* for sondei_windows_next_thread */

  uint64_t create_time; /* 0: with the machine */
  uint64_t user_time;
  uint64_t kernel_time;
  uint64_t cycle_time;
  int32_t base_priority;
  uint32_t handle_count;
  uint32_t session_id;

  uint32_t page_faults; /* hard ones too; both wrap */
  uint32_t hard_faults;
  uint64_t virtual_size; /* bytes, as all that follow */
  uint64_t peak_virtual_size;
  uint64_t working_set;
  uint64_t peak_working_set;
  uint64_t private_working_set;
  uint64_t paged_pool;
  uint64_t peak_paged_pool;
  uint64_t nonpaged_pool;
  uint64_t peak_nonpaged_pool;
  uint64_t pagefile; /* commit charge */
  uint64_t peak_pagefile;
  uint64_t private_bytes; /* PrivatePageCount, which counts bytes */

  uint64_t read_count;
  uint64_t write_count;
  uint64_t other_count;
  uint64_t read_bytes;
  uint64_t write_bytes;
  uint64_t other_bytes;
};

/* Takes the next entry off the front of the chain; `in` stands at what follows it, at the end after the last. False:
 * the end. True with err->expected not NULL: the entry is not understood, or only the parts of it that `told` says; the
 * chain goes on behind it, or ends where nothing tells how. */
bool sondei_windows_next_process(struct sondei_windows_process *out, sondei_parse_error *err,
                                 struct sondei_windows_block *in);

struct sondei_windows_thread {
  uint64_t tid;
  uint64_t kernel_time;
  uint64_t user_time;
  uint64_t create_time;
  uint64_t start_address;
  uint32_t wait_time;
  int32_t priority;
  int32_t base_priority;
  uint32_t ctx_switches;
  uint32_t state;       /* KTHREAD_STATE */
  uint32_t wait_reason; /* KWAIT_REASON */
};

/* Takes the next thread off `threads` of a process. False: the end. True with err->expected not NULL: what is left is
 * no thread, and is taken off. */
bool sondei_windows_next_thread(struct sondei_windows_thread *out, sondei_parse_error *err,
                                struct sondei_windows_block *in);

/* Where a field begins in each layout, so that the backend can hold the offsets against the system's headers: pointers
 * of 4 and of 8 bytes. */
#define SONDEI_WINDOWS_PROCESS_SIZE(pointer) ((pointer) == 8 ? 256u : 184u)
#define SONDEI_WINDOWS_THREAD_SIZE(pointer) ((pointer) == 8 ? 80u : 64u)
#define SONDEI_WINDOWS_PROCESS_MAP(XX)     \
  XX(NextEntryOffset, 0, 0)                \
  XX(NumberOfThreads, 4, 4)                \
  XX(WorkingSetPrivateSize, 8, 8)          \
  XX(HardFaultCount, 16, 16)               \
  XX(CycleTime, 24, 24)                    \
  XX(CreateTime, 32, 32)                   \
  XX(UserTime, 40, 40)                     \
  XX(KernelTime, 48, 48)                   \
  XX(ImageName, 56, 56)                    \
  XX(BasePriority, 64, 72)                 \
  XX(UniqueProcessId, 68, 80)              \
  XX(InheritedFromUniqueProcessId, 72, 88) \
  XX(HandleCount, 76, 96)                  \
  XX(SessionId, 80, 100)                   \
  XX(PeakVirtualSize, 88, 112)             \
  XX(VirtualSize, 92, 120)                 \
  XX(PageFaultCount, 96, 128)              \
  XX(PeakWorkingSetSize, 100, 136)         \
  XX(WorkingSetSize, 104, 144)             \
  XX(QuotaPeakPagedPoolUsage, 108, 152)    \
  XX(QuotaPagedPoolUsage, 112, 160)        \
  XX(QuotaPeakNonPagedPoolUsage, 116, 168) \
  XX(QuotaNonPagedPoolUsage, 120, 176)     \
  XX(PagefileUsage, 124, 184)              \
  XX(PeakPagefileUsage, 128, 192)          \
  XX(PrivatePageCount, 132, 200)           \
  XX(ReadOperationCount, 136, 208)         \
  XX(WriteOperationCount, 144, 216)        \
  XX(OtherOperationCount, 152, 224)        \
  XX(ReadTransferCount, 160, 232)          \
  XX(WriteTransferCount, 168, 240)         \
  XX(OtherTransferCount, 176, 248)
#define SONDEI_WINDOWS_THREAD_MAP(XX) \
  XX(KernelTime, 0, 0)                \
  XX(UserTime, 8, 8)                  \
  XX(CreateTime, 16, 16)              \
  XX(WaitTime, 24, 24)                \
  XX(StartAddress, 28, 32)            \
  XX(UniqueProcess, 32, 40)           \
  XX(UniqueThread, 36, 48)            \
  XX(Priority, 40, 56)                \
  XX(BasePriority, 44, 60)            \
  XX(ContextSwitches, 48, 64)         \
  XX(ThreadState, 52, 68)             \
  XX(WaitReason, 56, 72)

#endif /* SONDE_CORE_PARSE_WINDOWS_PROCESS_CHAIN_H */
