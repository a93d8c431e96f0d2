// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/windows_machine.h"

namespace {

using sonde_test::Context;
using sonde_test::last_error;
using sonde_test::List;
using sonde_test::text;
using windows_machine::Fails;
using windows_machine::kNoGroup;
using windows_machine::machine;
using windows_machine::Machine;
using windows_machine::MadeUp;
using windows_machine::Node;
using windows_machine::Os;

constexpr unsigned kPerformance = 2;
constexpr unsigned kPageFiles = 18;
constexpr unsigned kFileCache = 21;
constexpr unsigned kMemoryList = 80;

/* ---- This machine ---- */

TEST(WindowsMemory, VirtualMemoryIsThatOfGlobalMemoryStatusEx) {
  Context context;
  sonde_virtual_memory memory = {};
  MEMORYSTATUSEX before = {};
  MEMORYSTATUSEX after = {};
  before.dwLength = after.dwLength = sizeof before;
  ASSERT_TRUE(GlobalMemoryStatusEx(&before));
  ASSERT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_OK) << context.error();
  ASSERT_TRUE(GlobalMemoryStatusEx(&after));
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  EXPECT_EQ(memory.page_size, info.dwPageSize);
  const uint64_t page = memory.page_size;
  EXPECT_EQ(memory.total / page, before.ullTotalPhys / page);
  EXPECT_EQ(memory.used, memory.total - memory.available);
  EXPECT_EQ(memory.free, memory.available);
  // Other programs run meanwhile.
  EXPECT_LE(memory.available, before.ullAvailPhys + (256u << 20));
  EXPECT_GE(memory.available + (256u << 20), before.ullAvailPhys);
  EXPECT_LE(memory.commit_limit, after.ullTotalPageFile + page);
  EXPECT_EQ(memory.valid,
            uint64_t{SONDE_MEMORY_TOTAL | SONDE_MEMORY_AVAILABLE | SONDE_MEMORY_USED | SONDE_MEMORY_FREE |
                     SONDE_MEMORY_CACHED | SONDE_MEMORY_WIRED | SONDE_MEMORY_COMMITTED | SONDE_MEMORY_COMMIT_LIMIT});
}

TEST(WindowsMemory, TotalIsThatOfTheHostBelowWine) {
  std::ifstream meminfo("Z:\\proc\\meminfo");
  std::string word;
  uint64_t kib = 0;
  while (meminfo >> word && word != "MemTotal:") {
  }
  if (!(meminfo >> kib)) GTEST_SKIP() << "no Linux below";
  Context context;
  sonde_virtual_memory memory = {};
  ASSERT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_OK);
  // Wine rounds page by page what it adds up.
  EXPECT_LE(memory.total, (kib + 64) * 1024);
  EXPECT_GE(memory.total, (kib - 64) * 1024);
}

TEST(WindowsMemory, SwapIsWhatCanBeCommittedBeyondMemory) {
  Context context;
  sonde_swap_memory swap = {};
  MEMORYSTATUSEX status = {};
  status.dwLength = sizeof status;
  ASSERT_TRUE(GlobalMemoryStatusEx(&status));
  ASSERT_EQ(sonde_swap_memory_get(context, &swap), SONDE_OK) << context.error();
  EXPECT_NE(swap.valid & SONDE_SWAP_TOTAL, 0u);
  EXPECT_EQ(swap.valid & (SONDE_SWAP_SIN | SONDE_SWAP_SOUT), 0u);
  if ((swap.valid & SONDE_SWAP_USED) != 0) return;  // its page files are told
  const uint64_t beyond =
      status.ullTotalPageFile > status.ullTotalPhys ? status.ullTotalPageFile - status.ullTotalPhys : 0;
  EXPECT_LE(swap.total, beyond + 65536);
  EXPECT_GE(swap.total + 65536, beyond);
}

TEST(WindowsMemory, AllCpusAreOnNodes) {
  Context context;
  List<sonde_numa_node_list> nodes;
  ULONG highest = 0;
  ASSERT_TRUE(GetNumaHighestNodeNumber(&highest));
  ASSERT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_OK) << context.error();
  ASSERT_GE(nodes.count, 1u);
  EXPECT_LE(nodes.count, highest + 1u);
  size_t cpus = 0;
  for (const sonde_numa_node &node : nodes) {
    EXPECT_EQ(node.valid & SONDE_NUMA_NODE_TOTAL, 0u) << "Windows does not tell";
    EXPECT_NE(node.valid & SONDE_NUMA_NODE_CPUS, 0u);
    cpus += node.num_cpus;
    ULONGLONG mask = 0;
    if (!GetNumaNodeProcessorMask(static_cast<UCHAR>(node.node), &mask)) continue;  // Wine has it not
    for (size_t i = 0; i < node.num_cpus; i++) EXPECT_NE(mask >> node.cpus[i] & 1, 0u);
  }
  EXPECT_EQ(cpus, GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
}

std::map<std::string, sonde_memory_stat> ByName(const List<sonde_memory_stat_list> &list) {
  std::map<std::string, sonde_memory_stat> out;
  for (const sonde_memory_stat &row : list) out[text(row.source) + "." + text(row.name)] = row;
  EXPECT_EQ(out.size(), list.count) << "each once";
  return out;
}

TEST(WindowsMemory, StatsHoldWhatGetPerformanceInfoTells) {
  Context context;
  List<sonde_memory_stat_list> list;
  PERFORMANCE_INFORMATION info;
  ASSERT_TRUE(GetPerformanceInfo(&info, sizeof info));
  ASSERT_EQ(sonde_memory_stat_list_get(context, &list), SONDE_OK) << context.error();
  const auto stats = ByName(list);
  ASSERT_EQ(stats.count("PerformanceInfo.PhysicalTotal"), 1u);
  EXPECT_EQ(stats.at("PerformanceInfo.PhysicalTotal").value, info.PhysicalTotal);
  EXPECT_EQ(stats.at("PerformanceInfo.PhysicalTotal").unit, SONDE_UNIT_PAGES);
  EXPECT_EQ(stats.count("SystemPerformanceInformation.PageFaultCount"), 1u);
  EXPECT_EQ(stats.count("SystemFileCacheInformation.CurrentSize"), 1u);
}

/* ---- The heap ---- */

// How much the heaps grow by `count` blocks of each kind, and how much of it stays when they are freed.
void MeasureHeap(uint64_t *growth, uint64_t *rest, size_t count, size_t size) {
  Context context;
  sonde_heap_info before = {};
  sonde_heap_info between = {};
  sonde_heap_info after = {};
  std::vector<void *> of_process(count);
  std::vector<void *> of_library(count);
  ASSERT_EQ(sonde_heap_info_get(context, &before), SONDE_OK) << context.error();
  EXPECT_EQ(before.valid, uint64_t{SONDE_HEAP_USED | SONDE_HEAP_MMAP_USED | SONDE_HEAP_COUNT});
  for (void *&block : of_process) block = HeapAlloc(GetProcessHeap(), 0, size);
  for (void *&block : of_library) block = malloc(size);
  ASSERT_EQ(sonde_heap_info_get(context, &between), SONDE_OK);
  for (void *block : of_process) HeapFree(GetProcessHeap(), 0, block);
  for (void *block : of_library) free(block);
  ASSERT_EQ(sonde_heap_info_get(context, &after), SONDE_OK);
  *growth = between.heap_used - before.heap_used;
  *rest = after.heap_used > before.heap_used ? after.heap_used - before.heap_used : 0;
}

TEST(WindowsMemory, HeapGrowsByWhatIsAllocated) {
  uint64_t growth = 0;
  uint64_t rest = 0;
  MeasureHeap(&growth, &rest, 1000, 1000);
  EXPECT_GE(growth, 2 * 1000 * 1000u);
  EXPECT_LE(growth, 2 * 1000 * 1200u);
}

TEST(WindowsMemory, HeapShrinksByWhatIsFreed) {
  uint64_t growth = 0;
  uint64_t rest = 0;
  MeasureHeap(&growth, &rest, 20, 300000);  // Wine keeps small blocks aside, and tells them as used
  EXPECT_GE(growth, 2 * 20 * 300000u);
  EXPECT_LE(rest, 300000u);
}

TEST(WindowsMemory, HeapsAreCounted) {
  Context context;
  sonde_heap_info before = {};
  sonde_heap_info after = {};
  ASSERT_EQ(sonde_heap_info_get(context, &before), SONDE_OK);
  EXPECT_GE(before.heap_count, 1u);
  const HANDLE heap = HeapCreate(0, 0, 0);
  ASSERT_NE(heap, nullptr);
  ASSERT_EQ(sonde_heap_info_get(context, &after), SONDE_OK);
  EXPECT_EQ(after.heap_count, before.heap_count + 1);
  HeapDestroy(heap);
}

TEST(WindowsMemory, WhatIsCommittedIsCounted) {
  constexpr size_t kSize = 64u << 20;
  Context context;
  sonde_heap_info before = {};
  sonde_heap_info reserved = {};
  sonde_heap_info committed = {};
  ASSERT_EQ(sonde_heap_info_get(context, &before), SONDE_OK);
  void *const block = VirtualAlloc(nullptr, kSize, MEM_RESERVE, PAGE_READWRITE);
  ASSERT_NE(block, nullptr);
  ASSERT_EQ(sonde_heap_info_get(context, &reserved), SONDE_OK);
  ASSERT_EQ(VirtualAlloc(block, kSize, MEM_COMMIT, PAGE_READWRITE), block);
  ASSERT_EQ(sonde_heap_info_get(context, &committed), SONDE_OK);
  VirtualFree(block, 0, MEM_RELEASE);
  EXPECT_LT(reserved.mmap_used, before.mmap_used + kSize);
  EXPECT_EQ(committed.mmap_used, reserved.mmap_used + kSize);
}

TEST(WindowsMemory, AHeapThatOthersUseMeanwhile) {
  struct Other {
    volatile LONG stop = 0;
    static DWORD WINAPI run(void *self) {
      while (static_cast<Other *>(self)->stop == 0) {
        void *const block = malloc(5000);
        const HANDLE heap = HeapCreate(0, 0, 0);
        free(block);
        HeapDestroy(heap);
      }
      return 0;
    }
  } other;
  const HANDLE thread = CreateThread(nullptr, 0, Other::run, &other, 0, nullptr);
  ASSERT_NE(thread, nullptr);
  Context context;
  for (int i = 0; i < 200; i++) {
    sonde_heap_info heap = {};
    EXPECT_EQ(sonde_heap_info_get(context, &heap), SONDE_OK) << context.error();
    EXPECT_EQ(sonde_heap_trim(context), SONDE_OK);
  }
  InterlockedExchange(&other.stop, 1);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}

TEST(WindowsMemory, TrimLeavesWhatIsUsed) {
  Context context;
  char *const block = static_cast<char *>(malloc(100000));
  memset(block, 7, 100000);
  ASSERT_EQ(sonde_heap_trim(context), SONDE_OK) << context.error();
  for (size_t i = 0; i < 100000; i++) ASSERT_EQ(block[i], 7);
  free(block);
}

// A heap made up: blocks of these sizes, of which the 32 bits of HeapWalk show the lower half.
struct MadeUpHeap {
  std::vector<uint64_t> sizes;
  size_t next = 0;
  bool is_size_told = true;
  size_t locked = 0;
  size_t regions = 0;
};
MadeUpHeap heap;

BOOL WINAPI Lock(HANDLE) {
  if (Fails("HeapLock")) return FALSE;
  heap.locked++;
  return TRUE;
}
BOOL WINAPI Unlock(HANDLE) {
  heap.locked--;
  SetLastError(ERROR_SUCCESS);
  return TRUE;
}
BOOL WINAPI Walk(HANDLE, PROCESS_HEAP_ENTRY *entry) {
  EXPECT_EQ(heap.locked, 1u);
  if (Fails("HeapWalk")) return FALSE;
  if (heap.next >= heap.sizes.size()) {
    SetLastError(ERROR_NO_MORE_ITEMS);
    return FALSE;
  }
  entry->cbData = static_cast<DWORD>(heap.sizes[heap.next++]);
  entry->lpData = nullptr;
  entry->wFlags = heap.next == 1 ? PROCESS_HEAP_REGION : PROCESS_HEAP_ENTRY_BUSY;
  return TRUE;
}
SIZE_T WINAPI Size(HANDLE, DWORD, const void *) {
  return heap.is_size_told ? static_cast<SIZE_T>(heap.sizes[heap.next - 1]) : static_cast<SIZE_T>(-1);
}
DWORD WINAPI Heaps(DWORD, HANDLE *) { return Fails("GetProcessHeaps") ? 0 : 3; }
intptr_t __cdecl NoHeap() { return 0; }
// Regions of which the second begins where the first does, and the third is the last of the address space.
SIZE_T WINAPI Query(const void *, MEMORY_BASIC_INFORMATION *out, SIZE_T size) {
  memset(out, 0, sizeof *out);
  out->RegionSize = heap.regions++ == 0 ? 4096 : SIZE_MAX;
  out->BaseAddress = heap.regions == 1 ? nullptr : reinterpret_cast<void *>(4096);
  out->State = MEM_COMMIT;
  out->Type = heap.regions == 1 ? MEM_PRIVATE : MEM_MAPPED;
  return size;
}

TEST(WindowsMemory, HeapsMadeUp) {
  windows_os os = Os();
  os.HeapLock = Lock;
  os.HeapUnlock = Unlock;
  os.HeapWalk = Walk;
  os.HeapSize = Size;
  os.GetProcessHeaps = Heaps;
  os._get_heap_handle = NoHeap;
  os.VirtualQuery = Query;
  MadeUp context({}, os);
  sonde_heap_info info = {};
  heap = {{9999, 100, 50}};
  ASSERT_EQ(sonde_heap_info_get(context, &info), SONDE_OK) << last_error(context);
  EXPECT_EQ(info.heap_used, 150u) << "a region is no block";
  EXPECT_EQ(info.mmap_used, 4096u);
  EXPECT_EQ(info.heap_count, 3u);
  EXPECT_EQ(heap.locked, 0u);
  EXPECT_EQ(heap.regions, 2u) << "the walk ends where addresses end";
  if (sizeof(void *) == 8) {
    heap = {{0, (uint64_t{1} << 32) + 5}};
    ASSERT_EQ(sonde_heap_info_get(context, &info), SONDE_OK);
    EXPECT_EQ(info.heap_used, (uint64_t{1} << 32) + 5);
  }
  heap = {{0, 77}};
  heap.is_size_told = false;
  machine.failures["GetProcessHeaps"] = ERROR_ACCESS_DENIED;
  ASSERT_EQ(sonde_heap_info_get(context, &info), SONDE_OK);
  EXPECT_EQ(info.heap_used, 77u);
  EXPECT_EQ(info.valid, uint64_t{SONDE_HEAP_USED | SONDE_HEAP_MMAP_USED});
  machine.failures["HeapWalk"] = ERROR_ACCESS_DENIED;
  EXPECT_EQ(sonde_heap_info_get(context, &info), SONDE_ERR_ACCESS) << "though HeapUnlock clears the error";
  EXPECT_EQ(heap.locked, 0u);
  machine.failures["HeapLock"] = ERROR_NOT_ENOUGH_MEMORY;
  EXPECT_EQ(sonde_heap_info_get(context, &info), SONDE_ERR_NO_MEMORY);
}

/* ---- Machines made up ---- */

PERFORMANCE_INFORMATION performance;

BOOL WINAPI Performance(PERFORMANCE_INFORMATION *out, DWORD size) {
  if (Fails("GetPerformanceInfo")) return FALSE;
  EXPECT_EQ(size, sizeof *out);
  *out = performance;
  return TRUE;
}

ULONG highest_node;
std::map<USHORT, ULONGLONG> node_memory;
DWORD node_error;

BOOL WINAPI HighestNode(ULONG *out) {
  if (Fails("GetNumaHighestNodeNumber")) return FALSE;
  *out = highest_node;
  return TRUE;
}

BOOL WINAPI NodeMemory(USHORT node, ULONGLONG *out) {
  const auto found = node_memory.find(node);
  if (found == node_memory.end()) {
    SetLastError(node_error);
    return FALSE;
  }
  *out = found->second;
  return TRUE;
}

windows_os MemoryOs() {
  performance = {};
  performance.PageSize = 4096;
  performance.PhysicalTotal = 1000;
  performance.PhysicalAvailable = 400;
  performance.CommitTotal = 700;
  performance.CommitLimit = 1500;
  performance.SystemCache = 250;
  performance.KernelNonpaged = 30;
  highest_node = 0;
  node_memory.clear();
  node_error = ERROR_INVALID_PARAMETER;
  windows_os os = Os();
  os.GetPerformanceInfo = Performance;
  os.GetNumaHighestNodeNumber = HighestNode;
  os.GetNumaAvailableMemoryNodeEx = NodeMemory;
  return os;
}

TEST(WindowsMemory, VirtualMemoryOfAMachine) {
  MadeUp context({}, MemoryOs());
  sonde_virtual_memory memory = {};
  ASSERT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_OK) << last_error(context);
  EXPECT_EQ(memory.total, 1000 * 4096u);
  EXPECT_EQ(memory.available, 400 * 4096u);
  EXPECT_EQ(memory.used, 600 * 4096u);
  EXPECT_EQ(memory.cached, 250 * 4096u);
  EXPECT_EQ(memory.wired, 30 * 4096u);
  EXPECT_EQ(memory.committed, 700 * 4096u);
  EXPECT_EQ(memory.commit_limit, 1500 * 4096u);
  performance.PhysicalAvailable = 1001;
  performance.PhysicalTotal = 1000;
  ASSERT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_OK);
  EXPECT_EQ(memory.used, 0u) << "never more than there is";
  performance.PhysicalTotal = 0xffffffff;
  ASSERT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_OK);
  EXPECT_EQ(memory.total, uint64_t{0xffffffff} * 4096) << "16 TiB, seen by a 32-bit process";
}

struct PageFile {
  uint32_t total, used, peak;
};

// NtQuerySystemInformation that answers the class of page files where the buffer lies, as pointers need.
std::vector<std::pair<PageFile, std::u16string>> page_files;

std::string Chain(uint64_t base) {
  std::string out;
  for (size_t i = 0; i < page_files.size(); i++) {
    const auto &[file, name] = page_files[i];
    const std::string wide = Utf16(name);
    const size_t header = 16 + 2 * sizeof(void *);
    size_t len = header + wide.size();
    len = (len + 7) / 8 * 8;
    const uint32_t next = i + 1 < page_files.size() ? static_cast<uint32_t>(len) : 0;
    std::string entry = LittleEndian(next, 4) + LittleEndian(file.total, 4) + LittleEndian(file.used, 4) +
                        LittleEndian(file.peak, 4) +
                        UnicodeStringBytes(sizeof(void *), wide.size(), base + out.size() + header) + wide;
    entry.resize(len);
    out += entry;
  }
  return out;
}

NTSTATUS NTAPI QueryPageFiles(SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
  if (static_cast<unsigned>(kind) == kPageFiles) {
    machine.answers[{kPageFiles, kNoGroup}] = Chain(reinterpret_cast<uintptr_t>(out));
  }
  return windows_machine::QuerySystem(kind, out, size, told);
}

windows_os PageFilesOs() {
  windows_os os = MemoryOs();
  os.NtQuerySystemInformation = QueryPageFiles;
  return os;
}

TEST(WindowsMemory, PageFiles) {
  page_files = {{{1000, 100, 300}, u"\\??\\C:\\pagefile.sys"},
                {{UINT32_MAX, 5, 6}, u"\\??\\D:\\\u00e4\U0001f600.sys"},
                {{64, 64, 64}, u"E:\\swapfile.sys"},
                {{1, 0, 0}, u""}};
  MadeUp context({}, PageFilesOs());
  sonde_swap_memory swap = {};
  ASSERT_EQ(sonde_swap_memory_get(context, &swap), SONDE_OK) << last_error(context);
  EXPECT_EQ(swap.total, (1000 + uint64_t{UINT32_MAX} + 64 + 1) * 4096);
  EXPECT_EQ(swap.used, 169 * 4096u);
  EXPECT_EQ(swap.free, swap.total - swap.used);
  EXPECT_EQ(swap.valid, uint64_t{SONDE_SWAP_TOTAL | SONDE_SWAP_USED | SONDE_SWAP_FREE});
  List<sonde_swap_device_list> devices;
  ASSERT_EQ(sonde_swap_device_list_get(context, &devices), SONDE_OK) << last_error(context);
  ASSERT_EQ(devices.count, 4u);
  EXPECT_EQ(text(devices[0].name), "C:\\pagefile.sys");
  EXPECT_EQ(text(devices[0].type), "file");
  EXPECT_EQ(devices[0].total, 1000 * 4096u);
  EXPECT_EQ(devices[0].used, 100 * 4096u);
  EXPECT_EQ(devices[0].peak, 300 * 4096u);
  EXPECT_EQ(devices[0].valid, uint64_t{SONDE_SWAP_DEVICE_USED | SONDE_SWAP_DEVICE_PEAK});
  EXPECT_EQ(text(devices[1].name), "D:\\\xc3\xa4\xf0\x9f\x98\x80.sys");
  EXPECT_EQ(text(devices[2].name), "E:\\swapfile.sys");
  EXPECT_EQ(text(devices[3].name), "");
  page_files = {{{10, 11, 11}, u"x"}};
  ASSERT_EQ(sonde_swap_memory_get(context, &swap), SONDE_OK);
  EXPECT_EQ(swap.used, swap.total) << "never more than there is";
}

TEST(WindowsMemory, NoPageFiles) {
  page_files.clear();
  MadeUp context({}, PageFilesOs());
  sonde_swap_memory swap = {};
  ASSERT_EQ(sonde_swap_memory_get(context, &swap), SONDE_OK) << last_error(context);
  EXPECT_EQ(swap.total, 0u);
  EXPECT_NE(swap.valid & SONDE_SWAP_USED, 0u);
  List<sonde_swap_device_list> devices;
  ASSERT_EQ(sonde_swap_device_list_get(context, &devices), SONDE_OK);
  EXPECT_EQ(devices.count, 0u);
}

TEST(WindowsMemory, PageFilesThatAreNotUnderstood) {
  Machine made;
  made.answers[{kPageFiles, kNoGroup}] = std::string(20, '\0');
  MadeUp context(made, MemoryOs());
  sonde_swap_memory swap = {};
  EXPECT_EQ(sonde_swap_memory_get(context, &swap), SONDE_ERR_PARSE);
  List<sonde_swap_device_list> devices;
  ASSERT_EQ(sonde_swap_device_list_get(context, &devices), SONDE_OK);
  ASSERT_EQ(devices.count, 1u);
  EXPECT_EQ(devices.bad, 1u);
  EXPECT_EQ(devices[0].status, SONDE_ERR_PARSE);
}

TEST(WindowsMemory, PageFilesThatAreRefused) {
  MadeUp context({}, MemoryOs());  // as Wine
  sonde_swap_memory swap = {};
  ASSERT_EQ(sonde_swap_memory_get(context, &swap), SONDE_OK) << last_error(context);
  EXPECT_EQ(swap.total, 500 * 4096u);
  EXPECT_EQ(swap.valid, uint64_t{SONDE_SWAP_TOTAL}) << "how much is used is not told";
  performance.CommitLimit = 999;
  ASSERT_EQ(sonde_swap_memory_get(context, &swap), SONDE_OK);
  EXPECT_EQ(swap.total, 0u);
  List<sonde_swap_device_list> devices;
  EXPECT_EQ(sonde_swap_device_list_get(context, &devices), SONDE_ERR_UNSUPPORTED);
  machine.failures["NtQuerySystemInformation"] = static_cast<DWORD>(STATUS_NO_MEMORY);
  EXPECT_EQ(sonde_swap_memory_get(context, &swap), SONDE_ERR_NO_MEMORY);
}

TEST(WindowsMemory, Nodes) {
  Machine made;
  made.groups = {{8, 4}, {8, 8}};
  made.processors = Node(0, {{0, 0x0f}}) + Node(2, {{1, 0x0f}}) + Node(3, {{0, 0}});
  MadeUp context(made, MemoryOs());
  highest_node = 4;
  node_memory = {{0, 1 << 20}, {3, 5 << 20}};
  List<sonde_numa_node_list> nodes;
  ASSERT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_OK) << last_error(context);
  ASSERT_EQ(nodes.count, 3u) << "nodes 1 and 4 have neither CPUs nor memory";
  EXPECT_EQ(nodes[0].node, 0u);
  EXPECT_EQ(nodes[0].free, 1u << 20);
  EXPECT_EQ(nodes[0].valid, uint64_t{SONDE_NUMA_NODE_FREE | SONDE_NUMA_NODE_CPUS});
  EXPECT_EQ(std::vector<uint32_t>(nodes[0].cpus, nodes[0].cpus + nodes[0].num_cpus),
            (std::vector<uint32_t>{0, 1, 2, 3}));
  EXPECT_EQ(nodes[1].node, 2u);
  EXPECT_EQ(nodes[1].valid, uint64_t{SONDE_NUMA_NODE_CPUS}) << "CPUs without memory";
  EXPECT_EQ(std::vector<uint32_t>(nodes[1].cpus, nodes[1].cpus + nodes[1].num_cpus),
            (std::vector<uint32_t>{8, 9, 10, 11}));
  EXPECT_EQ(nodes[2].node, 3u);
  EXPECT_EQ(nodes[2].num_cpus, 0u) << "memory without CPUs";
  node_memory = {{1, 7 << 20}};
  ASSERT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_OK);
  ASSERT_EQ(nodes.count, 4u);
  EXPECT_EQ(nodes[1].node, 1u);
  EXPECT_EQ(nodes[1].valid, uint64_t{SONDE_NUMA_NODE_FREE}) << "not listed, but with memory";
}

TEST(WindowsMemory, NodesThatSpanGroups) {
  Machine made;
  made.groups = {{64, 64}, {64, 64}};
  made.processors = Node(0, {{0, UINT64_MAX}});
  made.nodes = Node(0, {{0, UINT64_MAX}, {1, 1}}, 6);
  MadeUp context(made, MemoryOs());
  List<sonde_numa_node_list> nodes;
  ASSERT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_OK) << last_error(context);
  ASSERT_EQ(nodes.count, 1u);
  if (sizeof(void *) == 8) {
    EXPECT_EQ(nodes[0].num_cpus, 65u);
  } else {
    EXPECT_EQ(nodes[0].valid, 0u) << "masks of 32 bits for 64 CPUs";
  }
}

TEST(WindowsMemory, NodesThatFail) {
  Machine made;
  made.processors = Node(0, {{0, 3}});
  MadeUp context(made, MemoryOs());
  node_error = ERROR_CALL_NOT_IMPLEMENTED;  // as Wine
  List<sonde_numa_node_list> nodes;
  ASSERT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_OK);
  ASSERT_EQ(nodes.count, 1u);
  EXPECT_EQ(nodes[0].valid, uint64_t{SONDE_NUMA_NODE_CPUS});
  EXPECT_NE(last_error(context).find("GetNumaAvailableMemoryNodeEx"), std::string::npos);
  highest_node = ULONG_MAX;
  ASSERT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_OK) << "and ends";
  machine.processors += "odd";
  EXPECT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_ERR_PARSE);
  machine.failures["GetLogicalProcessorInformationEx"] = ERROR_ACCESS_DENIED;
  EXPECT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_ERR_ACCESS);
  machine.failures["GetNumaHighestNodeNumber"] = ERROR_NOT_SUPPORTED;
  EXPECT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_ERR_UNSUPPORTED);
  machine.failures["GetActiveProcessorCount"] = ERROR_ACCESS_DENIED;
  EXPECT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_ERR_ACCESS);
}

TEST(WindowsMemory, StatsOfAllClasses) {
  Machine made;
  std::string counters(344, '\0');
  counters.replace(60, 4, LittleEndian(12345, 4));
  made.answers[{kPerformance, kNoGroup}] = counters;
  made.answers[{kFileCache, kNoGroup}] = LittleEndian(777, sizeof(void *)) + std::string(80, '\0');
  made.answers[{kMemoryList, kNoGroup}] = LittleEndian(42, sizeof(void *)) + std::string(168, '\0');
  MadeUp context(made, MemoryOs());
  List<sonde_memory_stat_list> list;
  ASSERT_EQ(sonde_memory_stat_list_get(context, &list), SONDE_OK) << last_error(context);
  const auto stats = ByName(list);
  EXPECT_EQ(stats.at("SystemPerformanceInformation.PageFaultCount").value, 12345u);
  EXPECT_EQ(stats.at("SystemFileCacheInformation.CurrentSize").value, 777u);
  EXPECT_EQ(stats.at("SystemFileCacheInformation.CurrentSize").unit, SONDE_UNIT_BYTES);
  EXPECT_EQ(stats.at("SystemMemoryListInformation.ZeroPageCount").value, 42u);
  EXPECT_EQ(stats.at("PerformanceInfo.CommitLimit").value, 1500u);
  machine.answers.clear();
  ASSERT_EQ(sonde_memory_stat_list_get(context, &list), SONDE_OK) << "what is left";
  EXPECT_EQ(list.count, 9u);
  machine.failures["NtQuerySystemInformation"] = static_cast<DWORD>(STATUS_NO_MEMORY);
  EXPECT_EQ(sonde_memory_stat_list_get(context, &list), SONDE_ERR_NO_MEMORY);
}

TEST(WindowsMemory, EachFailureOfGetPerformanceInfoIsTold) {
  MadeUp context({}, MemoryOs());
  machine.failures["GetPerformanceInfo"] = ERROR_ACCESS_DENIED;
  sonde_virtual_memory memory = {};
  sonde_swap_memory swap = {};
  List<sonde_swap_device_list> devices;
  List<sonde_memory_stat_list> stats;
  EXPECT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_ERR_ACCESS);
  EXPECT_NE(last_error(context).find("GetPerformanceInfo: ERROR_ACCESS_DENIED"), std::string::npos)
      << last_error(context);
  EXPECT_EQ(sonde_swap_memory_get(context, &swap), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_swap_device_list_get(context, &devices), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_memory_stat_list_get(context, &stats), SONDE_ERR_ACCESS);
}

TEST(WindowsMemory, EveryAllocationThatFails) {
  using windows_machine::EveryAllocationFails;
  page_files.assign(40, {{1000, 100, 300}, u"\\??\\C:\\pagefile.sys"});
  Machine made;
  made.processors = Node(0, {{0, 3}});
  made.answers[{kPerformance, kNoGroup}] = std::string(344, '\0');
  const windows_os os = PageFilesOs();
  EveryAllocationFails(made, os, [](sonde *context) {
    sonde_swap_memory swap = {};
    return sonde_swap_memory_get(context, &swap);
  });
  EveryAllocationFails(made, os, [](sonde *context) {
    List<sonde_swap_device_list> list;
    return sonde_swap_device_list_get(context, &list);
  });
  EveryAllocationFails(made, os, [](sonde *context) {
    List<sonde_numa_node_list> list;
    return sonde_numa_node_list_get(context, &list);
  });
  EveryAllocationFails(made, os, [](sonde *context) {
    List<sonde_memory_stat_list> list;
    return sonde_memory_stat_list_get(context, &list);
  });
}

}  // namespace
