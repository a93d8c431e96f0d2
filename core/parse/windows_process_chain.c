/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_process_chain.h"

#include <string.h>

enum {
#define OFFSETS(name, offset_4, offset_8) PROCESS_##name##_4 = (offset_4), PROCESS_##name##_8 = (offset_8),
  SONDEI_WINDOWS_PROCESS_MAP(OFFSETS)
#undef OFFSETS
#define OFFSETS(name, offset_4, offset_8) THREAD_##name##_4 = (offset_4), THREAD_##name##_8 = (offset_8),
  SONDEI_WINDOWS_THREAD_MAP(OFFSETS)
#undef OFFSETS
};

/* A number of a structure that was checked to lie in the block. */
static uint64_t number(const struct sondei_windows_block *in, size_t offset, size_t size) {
  uint64_t value = 0;
  sondei_windows_read(in, offset, size, &value);
  return value;
}

#define AT(prefix, name) (in->pointer_size == 8 ? (size_t)prefix##_##name##_8 : (size_t)prefix##_##name##_4)
#define U32(prefix, name) ((uint32_t)number(in, AT(prefix, name), 4))
#define I32(prefix, name) ((int32_t)number(in, AT(prefix, name), 4))
#define U64(prefix, name) (number(in, AT(prefix, name), 8))
#define POINTER(prefix, name) (number(in, AT(prefix, name), in->pointer_size))

static void advance(struct sondei_windows_block *in, size_t n) {
  sondei_span_advance(&in->bytes, n);
  in->base += n;
}

static void expect(sondei_parse_error *err, size_t position, const char *expected) {
  if (err->expected != NULL) return;
  err->position = position;
  err->expected = expected;
}

static bool read_fixed(struct sondei_windows_process *out, sondei_parse_error *err,
                       const struct sondei_windows_block *in) {
  const uint64_t pid = POINTER(PROCESS, UniqueProcessId);
  const uint64_t ppid = POINTER(PROCESS, InheritedFromUniqueProcessId);
  if (pid > UINT32_MAX || ppid > UINT32_MAX) {
    expect(err, AT(PROCESS, UniqueProcessId), "a process id");
    return false;
  }
  out->told = SONDEI_WINDOWS_PROCESS_FIXED;
  out->pid = (uint32_t)pid;
  out->ppid = (uint32_t)ppid;
  out->create_time = U64(PROCESS, CreateTime);
  out->user_time = U64(PROCESS, UserTime);
  out->kernel_time = U64(PROCESS, KernelTime);
  out->cycle_time = U64(PROCESS, CycleTime);
  out->base_priority = I32(PROCESS, BasePriority);
  out->handle_count = U32(PROCESS, HandleCount);
  out->session_id = U32(PROCESS, SessionId);
  out->page_faults = U32(PROCESS, PageFaultCount);
  out->hard_faults = U32(PROCESS, HardFaultCount);
  out->virtual_size = POINTER(PROCESS, VirtualSize);
  out->peak_virtual_size = POINTER(PROCESS, PeakVirtualSize);
  out->working_set = POINTER(PROCESS, WorkingSetSize);
  out->peak_working_set = POINTER(PROCESS, PeakWorkingSetSize);
  out->private_working_set = U64(PROCESS, WorkingSetPrivateSize);
  out->paged_pool = POINTER(PROCESS, QuotaPagedPoolUsage);
  out->peak_paged_pool = POINTER(PROCESS, QuotaPeakPagedPoolUsage);
  out->nonpaged_pool = POINTER(PROCESS, QuotaNonPagedPoolUsage);
  out->peak_nonpaged_pool = POINTER(PROCESS, QuotaPeakNonPagedPoolUsage);
  out->pagefile = POINTER(PROCESS, PagefileUsage);
  out->peak_pagefile = POINTER(PROCESS, PeakPagefileUsage);
  out->private_bytes = POINTER(PROCESS, PrivatePageCount);
  out->read_count = U64(PROCESS, ReadOperationCount);
  out->write_count = U64(PROCESS, WriteOperationCount);
  out->other_count = U64(PROCESS, OtherOperationCount);
  out->read_bytes = U64(PROCESS, ReadTransferCount);
  out->write_bytes = U64(PROCESS, WriteTransferCount);
  out->other_bytes = U64(PROCESS, OtherTransferCount);
  return true;
}

static void read_name(struct sondei_windows_process *out, sondei_parse_error *err,
                      const struct sondei_windows_block *in) {
  if (sondei_windows_read_unicode_string(in, AT(PROCESS, ImageName), &out->name)) {
    out->told |= SONDEI_WINDOWS_PROCESS_NAME;
  } else {
    expect(err, AT(PROCESS, ImageName), "a name in the block");
  }
}

/* size: of the entry. */
static void read_threads(struct sondei_windows_process *out, sondei_parse_error *err,
                         const struct sondei_windows_block *in, size_t size) {
  const size_t header = SONDEI_WINDOWS_PROCESS_SIZE(in->pointer_size);
  const size_t thread = SONDEI_WINDOWS_THREAD_SIZE(in->pointer_size);
  const uint32_t count = U32(PROCESS, NumberOfThreads);
  if (count > (size - header) / thread) {
    expect(err, AT(PROCESS, NumberOfThreads), "a number of threads that the entry has room for");
    return;
  }
  out->told |= SONDEI_WINDOWS_PROCESS_THREADS;
  out->num_threads = count;
  out->threads = (struct sondei_windows_block){sondei_span_of(in->bytes.data + header, count * thread),
                                               in->base + header, in->pointer_size};
}

bool sondei_windows_next_process(struct sondei_windows_process *out, sondei_parse_error *err,
                                 struct sondei_windows_block *in) {
  memset(err, 0, sizeof *err);
  if (in->bytes.len == 0) return false;
  memset(out, 0, sizeof *out);
  const size_t header = SONDEI_WINDOWS_PROCESS_SIZE(in->pointer_size);
  if (in->bytes.len < header) {
    expect(err, 0, "a process");
    advance(in, in->bytes.len);
    return true;
  }
  const size_t next = U32(PROCESS, NextEntryOffset);
  const bool is_next_good = next == 0 || (next >= header && next % 2 == 0 && next < in->bytes.len);
  const size_t size = next != 0 && is_next_good ? next : in->bytes.len;
  if (read_fixed(out, err, in)) {
    read_name(out, err, in);
    read_threads(out, err, in, size);
  }
  /* Where what follows is nowhere, a rest that is too short for a process stands for it. */
  advance(in, is_next_good ? size : size - 1);
  return true;
}

bool sondei_windows_next_thread(struct sondei_windows_thread *out, sondei_parse_error *err,
                                struct sondei_windows_block *in) {
  memset(err, 0, sizeof *err);
  if (in->bytes.len == 0) return false;
  memset(out, 0, sizeof *out);
  const size_t size = SONDEI_WINDOWS_THREAD_SIZE(in->pointer_size);
  if (in->bytes.len < size) {
    expect(err, 0, "a thread");
    advance(in, in->bytes.len);
    return true;
  }
  out->tid = POINTER(THREAD, UniqueThread);
  out->kernel_time = U64(THREAD, KernelTime);
  out->user_time = U64(THREAD, UserTime);
  out->create_time = U64(THREAD, CreateTime);
  out->start_address = POINTER(THREAD, StartAddress);
  out->wait_time = U32(THREAD, WaitTime);
  out->priority = I32(THREAD, Priority);
  out->base_priority = I32(THREAD, BasePriority);
  out->ctx_switches = U32(THREAD, ContextSwitches);
  out->state = U32(THREAD, ThreadState);
  out->wait_reason = U32(THREAD, WaitReason);
  advance(in, size);
  return true;
}
