/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_performance.h"

struct windows_member {
  const char *name;
  sonde_unit unit;
  uint16_t offset_32; /* where pointers, and SIZE_T, are 4 bytes wide */
  uint16_t size_32;
  uint16_t offset_64;
  uint16_t size_64;
};

static const struct windows_member windows_performance[] = {
    {"AvailablePages", SONDE_UNIT_PAGES, 44, 4, 44, 4},
    {"CommittedPages", SONDE_UNIT_PAGES, 48, 4, 48, 4},
    {"CommitLimit", SONDE_UNIT_PAGES, 52, 4, 52, 4},
    {"PeakCommitment", SONDE_UNIT_PAGES, 56, 4, 56, 4},
    {"PageFaultCount", SONDE_UNIT_COUNT, 60, 4, 60, 4},
    {"CopyOnWriteCount", SONDE_UNIT_COUNT, 64, 4, 64, 4},
    {"TransitionCount", SONDE_UNIT_COUNT, 68, 4, 68, 4},
    {"CacheTransitionCount", SONDE_UNIT_COUNT, 72, 4, 72, 4},
    {"DemandZeroCount", SONDE_UNIT_COUNT, 76, 4, 76, 4},
    {"PageReadCount", SONDE_UNIT_PAGES, 80, 4, 80, 4},
    {"PageReadIoCount", SONDE_UNIT_COUNT, 84, 4, 84, 4},
    {"CacheReadCount", SONDE_UNIT_PAGES, 88, 4, 88, 4},
    {"CacheIoCount", SONDE_UNIT_COUNT, 92, 4, 92, 4},
    {"DirtyPagesWriteCount", SONDE_UNIT_PAGES, 96, 4, 96, 4},
    {"DirtyWriteIoCount", SONDE_UNIT_COUNT, 100, 4, 100, 4},
    {"MappedPagesWriteCount", SONDE_UNIT_PAGES, 104, 4, 104, 4},
    {"MappedWriteIoCount", SONDE_UNIT_COUNT, 108, 4, 108, 4},
    {"PagedPoolPages", SONDE_UNIT_PAGES, 112, 4, 112, 4},
    {"NonPagedPoolPages", SONDE_UNIT_PAGES, 116, 4, 116, 4},
    {"PagedPoolAllocs", SONDE_UNIT_COUNT, 120, 4, 120, 4},
    {"PagedPoolFrees", SONDE_UNIT_COUNT, 124, 4, 124, 4},
    {"NonPagedPoolAllocs", SONDE_UNIT_COUNT, 128, 4, 128, 4},
    {"NonPagedPoolFrees", SONDE_UNIT_COUNT, 132, 4, 132, 4},
    {"FreeSystemPtes", SONDE_UNIT_COUNT, 136, 4, 136, 4},
    {"ResidentSystemCodePage", SONDE_UNIT_PAGES, 140, 4, 140, 4},
    {"TotalSystemDriverPages", SONDE_UNIT_PAGES, 144, 4, 144, 4},
    {"TotalSystemCodePages", SONDE_UNIT_PAGES, 148, 4, 148, 4},
    {"NonPagedPoolLookasideHits", SONDE_UNIT_COUNT, 152, 4, 152, 4},
    {"PagedPoolLookasideHits", SONDE_UNIT_COUNT, 156, 4, 156, 4},
    {"AvailablePagedPoolPages", SONDE_UNIT_PAGES, 160, 4, 160, 4},
    {"ResidentSystemCachePage", SONDE_UNIT_PAGES, 164, 4, 164, 4},
    {"ResidentPagedPoolPage", SONDE_UNIT_PAGES, 168, 4, 168, 4},
    {"ResidentSystemDriverPage", SONDE_UNIT_PAGES, 172, 4, 172, 4},
    {"CcFastReadNoWait", SONDE_UNIT_COUNT, 176, 4, 176, 4},
    {"CcFastReadWait", SONDE_UNIT_COUNT, 180, 4, 180, 4},
    {"CcFastReadResourceMiss", SONDE_UNIT_COUNT, 184, 4, 184, 4},
    {"CcFastReadNotPossible", SONDE_UNIT_COUNT, 188, 4, 188, 4},
    {"CcFastMdlReadNoWait", SONDE_UNIT_COUNT, 192, 4, 192, 4},
    {"CcFastMdlReadWait", SONDE_UNIT_COUNT, 196, 4, 196, 4},
    {"CcFastMdlReadResourceMiss", SONDE_UNIT_COUNT, 200, 4, 200, 4},
    {"CcFastMdlReadNotPossible", SONDE_UNIT_COUNT, 204, 4, 204, 4},
    {"CcMapDataNoWait", SONDE_UNIT_COUNT, 208, 4, 208, 4},
    {"CcMapDataWait", SONDE_UNIT_COUNT, 212, 4, 212, 4},
    {"CcMapDataNoWaitMiss", SONDE_UNIT_COUNT, 216, 4, 216, 4},
    {"CcMapDataWaitMiss", SONDE_UNIT_COUNT, 220, 4, 220, 4},
    {"CcPinMappedDataCount", SONDE_UNIT_COUNT, 224, 4, 224, 4},
    {"CcPinReadNoWait", SONDE_UNIT_COUNT, 228, 4, 228, 4},
    {"CcPinReadWait", SONDE_UNIT_COUNT, 232, 4, 232, 4},
    {"CcPinReadNoWaitMiss", SONDE_UNIT_COUNT, 236, 4, 236, 4},
    {"CcPinReadWaitMiss", SONDE_UNIT_COUNT, 240, 4, 240, 4},
    {"CcCopyReadNoWait", SONDE_UNIT_COUNT, 244, 4, 244, 4},
    {"CcCopyReadWait", SONDE_UNIT_COUNT, 248, 4, 248, 4},
    {"CcCopyReadNoWaitMiss", SONDE_UNIT_COUNT, 252, 4, 252, 4},
    {"CcCopyReadWaitMiss", SONDE_UNIT_COUNT, 256, 4, 256, 4},
    {"CcMdlReadNoWait", SONDE_UNIT_COUNT, 260, 4, 260, 4},
    {"CcMdlReadWait", SONDE_UNIT_COUNT, 264, 4, 264, 4},
    {"CcMdlReadNoWaitMiss", SONDE_UNIT_COUNT, 268, 4, 268, 4},
    {"CcMdlReadWaitMiss", SONDE_UNIT_COUNT, 272, 4, 272, 4},
    {"CcReadAheadIos", SONDE_UNIT_COUNT, 276, 4, 276, 4},
    {"CcLazyWriteIos", SONDE_UNIT_COUNT, 280, 4, 280, 4},
    {"CcLazyWritePages", SONDE_UNIT_PAGES, 284, 4, 284, 4},
    {"CcDataFlushes", SONDE_UNIT_COUNT, 288, 4, 288, 4},
    {"CcDataPages", SONDE_UNIT_PAGES, 292, 4, 292, 4},
    {"FirstLevelTbFills", SONDE_UNIT_COUNT, 300, 4, 300, 4},
    {"SecondLevelTbFills", SONDE_UNIT_COUNT, 304, 4, 304, 4},
    {"CcTotalDirtyPages", SONDE_UNIT_PAGES, 312, 8, 312, 8},
    {"CcDirtyPageThreshold", SONDE_UNIT_PAGES, 320, 8, 320, 8},
    {"SharedCommittedPages", SONDE_UNIT_PAGES, 336, 8, 336, 8},
    {"MdlPagesAllocated", SONDE_UNIT_PAGES, 344, 8, 344, 8},
    {"PfnDatabaseCommittedPages", SONDE_UNIT_PAGES, 352, 8, 352, 8},
    {"SystemPageTableCommittedPages", SONDE_UNIT_PAGES, 360, 8, 360, 8},
    {"ContiguousPagesAllocated", SONDE_UNIT_PAGES, 368, 8, 368, 8},
};

static const struct windows_member windows_file_cache[] = {
    {"CurrentSize", SONDE_UNIT_BYTES, 0, 4, 0, 8},
    {"PeakSize", SONDE_UNIT_BYTES, 4, 4, 8, 8},
    {"PageFaultCount", SONDE_UNIT_COUNT, 8, 4, 16, 4},
    {"MinimumWorkingSet", SONDE_UNIT_PAGES, 12, 4, 24, 8},
    {"MaximumWorkingSet", SONDE_UNIT_PAGES, 16, 4, 32, 8},
    {"CurrentSizeIncludingTransitionInPages", SONDE_UNIT_PAGES, 20, 4, 40, 8},
    {"PeakSizeIncludingTransitionInPages", SONDE_UNIT_PAGES, 24, 4, 48, 8},
    {"TransitionRePurposeCount", SONDE_UNIT_COUNT, 28, 4, 56, 4},
};

static const struct windows_member windows_memory_list[] = {
    {"ZeroPageCount", SONDE_UNIT_PAGES, 0, 4, 0, 8},
    {"FreePageCount", SONDE_UNIT_PAGES, 4, 4, 8, 8},
    {"ModifiedPageCount", SONDE_UNIT_PAGES, 8, 4, 16, 8},
    {"ModifiedNoWritePageCount", SONDE_UNIT_PAGES, 12, 4, 24, 8},
    {"BadPageCount", SONDE_UNIT_PAGES, 16, 4, 32, 8},
    {"PageCountByPriority[0]", SONDE_UNIT_PAGES, 20, 4, 40, 8},
    {"PageCountByPriority[1]", SONDE_UNIT_PAGES, 24, 4, 48, 8},
    {"PageCountByPriority[2]", SONDE_UNIT_PAGES, 28, 4, 56, 8},
    {"PageCountByPriority[3]", SONDE_UNIT_PAGES, 32, 4, 64, 8},
    {"PageCountByPriority[4]", SONDE_UNIT_PAGES, 36, 4, 72, 8},
    {"PageCountByPriority[5]", SONDE_UNIT_PAGES, 40, 4, 80, 8},
    {"PageCountByPriority[6]", SONDE_UNIT_PAGES, 44, 4, 88, 8},
    {"PageCountByPriority[7]", SONDE_UNIT_PAGES, 48, 4, 96, 8},
    {"RepurposedPagesByPriority[0]", SONDE_UNIT_PAGES, 52, 4, 104, 8},
    {"RepurposedPagesByPriority[1]", SONDE_UNIT_PAGES, 56, 4, 112, 8},
    {"RepurposedPagesByPriority[2]", SONDE_UNIT_PAGES, 60, 4, 120, 8},
    {"RepurposedPagesByPriority[3]", SONDE_UNIT_PAGES, 64, 4, 128, 8},
    {"RepurposedPagesByPriority[4]", SONDE_UNIT_PAGES, 68, 4, 136, 8},
    {"RepurposedPagesByPriority[5]", SONDE_UNIT_PAGES, 72, 4, 144, 8},
    {"RepurposedPagesByPriority[6]", SONDE_UNIT_PAGES, 76, 4, 152, 8},
    {"RepurposedPagesByPriority[7]", SONDE_UNIT_PAGES, 80, 4, 160, 8},
    {"ModifiedPageCountPageFile", SONDE_UNIT_PAGES, 84, 4, 168, 8},
};

#define WINDOWS_COUNT(members) (sizeof(members) / sizeof(members)[0])

static const struct windows_member *windows_members(size_t *count, sondei_windows_counters_class kind) {
  switch (kind) {
    case SONDEI_WINDOWS_PERFORMANCE:
      *count = WINDOWS_COUNT(windows_performance);
      return windows_performance;
    case SONDEI_WINDOWS_FILE_CACHE:
      *count = WINDOWS_COUNT(windows_file_cache);
      return windows_file_cache;
    case SONDEI_WINDOWS_MEMORY_LIST:
      *count = WINDOWS_COUNT(windows_memory_list);
      return windows_memory_list;
  }
  *count = 0;
  return NULL;
}

bool sondei_windows_next_counter(struct sondei_windows_counter *out, struct sondei_windows_counters *in) {
  size_t count = 0;
  uint64_t value = 0;
  const struct windows_member *const members = windows_members(&count, in->kind);
  if (in->next >= count) return false;
  const struct windows_member *const member = &members[in->next];
  const bool is_wide = in->block.pointer_size > 4;
  if (!sondei_windows_read(&in->block, is_wide ? member->offset_64 : member->offset_32,
                           is_wide ? member->size_64 : member->size_32, &value)) {
    return false;
  }
  in->next++;
  *out = (struct sondei_windows_counter){member->name, member->unit, value};
  return true;
}

sonde_status sondei_windows_parse_scheduler_counts(struct sondei_windows_scheduler_counts *out, sondei_parse_error *err,
                                                   const struct sondei_windows_block *in) {
  struct sondei_windows_scheduler_counts read = {0};
  if (!sondei_windows_read_u32(in, SONDEI_WINDOWS_PERFORMANCE_CONTEXT_SWITCHES, &read.context_switches) ||
      !sondei_windows_read_u32(in, SONDEI_WINDOWS_PERFORMANCE_SYSTEM_CALLS, &read.system_calls)) {
    *err = (sondei_parse_error){in->bytes.len, "the counts of the scheduler"};
    return SONDE_ERR_PARSE;
  }
  *out = read;
  return SONDE_OK;
}
