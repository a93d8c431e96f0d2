// SPDX-License-Identifier: MIT
// windows_machine.h - a machine with Windows that a test makes up: which CPUs it has, and what each class of
// NtQuerySystemInformation answers.
//
// Wine has one group of CPUs, cores that are alike, no page files, and answers few classes.
#ifndef SONDE_TESTS_SUPPORT_WINDOWS_MACHINE_H
#define SONDE_TESTS_SUPPORT_WINDOWS_MACHINE_H

#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/windows_bytes.h"

namespace windows_machine {

struct Group {
  DWORD maximum;
  DWORD active;
};

constexpr int kNoGroup = -1;

struct Machine {
  std::vector<Group> groups = {{2, 2}};
  std::string processors;                                   // GetLogicalProcessorInformationEx
  std::string nodes;                                        // of RelationNumaNodeEx; empty: that relation is not known
  std::map<std::pair<unsigned, int>, std::string> answers;  // of NtQuerySystemInformation: class, group
  bool tells_size = true;                                   // when there is too little room
  std::string power;                                        // NtPowerInformation
  GROUP_AFFINITY affinity = {};
  // HKEY_LOCAL_MACHINE\HARDWARE\DESCRIPTION\System\CentralProcessor: path and name.
  std::map<std::pair<std::wstring, std::wstring>, std::wstring> registry;
  std::map<std::string, DWORD> failures;  // by the name of the function: the error, or NTSTATUS, it fails with
  std::set<std::string> calls;            // what was called
};

inline Machine machine;

inline bool Fails(const char *name) {
  machine.calls.insert(name);
  const auto found = machine.failures.find(name);
  if (found == machine.failures.end()) return false;
  SetLastError(found->second);
  return true;
}

inline NTSTATUS Answer(unsigned kind, int group, void *out, ULONG size, ULONG *told) {
  const auto found = machine.answers.find({kind, group});
  if (found == machine.answers.end()) return STATUS_INVALID_INFO_CLASS;
  const std::string &bytes = found->second;
  *told = machine.tells_size ? static_cast<ULONG>(bytes.size()) : 0;
  if (size < bytes.size()) return STATUS_INFO_LENGTH_MISMATCH;
  *told = static_cast<ULONG>(bytes.size());
  if (!bytes.empty()) memcpy(out, bytes.data(), bytes.size());
  return STATUS_SUCCESS;
}

inline NTSTATUS NTAPI QuerySystem(SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
  if (Fails("NtQuerySystemInformation")) return static_cast<NTSTATUS>(machine.failures["NtQuerySystemInformation"]);
  return Answer(static_cast<unsigned>(kind), kNoGroup, out, size, told);
}

inline NTSTATUS NTAPI QuerySystemEx(SYSTEM_INFORMATION_CLASS kind, void *in, ULONG in_size, void *out, ULONG size,
                                    ULONG *told) {
  USHORT group = 0;
  if (Fails("NtQuerySystemInformationEx")) return static_cast<NTSTATUS>(machine.failures["NtQuerySystemInformationEx"]);
  if (in_size != sizeof group) return STATUS_INVALID_PARAMETER;
  memcpy(&group, in, sizeof group);
  return Answer(static_cast<unsigned>(kind), group, out, size, told);
}

inline NTSTATUS NTAPI Power(POWER_INFORMATION_LEVEL kind, void *, ULONG, void *out, ULONG size) {
  if (Fails("NtPowerInformation")) return static_cast<NTSTATUS>(machine.failures["NtPowerInformation"]);
  if (kind != ProcessorInformation) return STATUS_INVALID_PARAMETER;
  if (size < machine.power.size()) return STATUS_BUFFER_TOO_SMALL;
  memcpy(out, machine.power.data(), machine.power.size());
  return STATUS_SUCCESS;
}

inline WORD WINAPI MaximumGroups() {
  return Fails("GetMaximumProcessorGroupCount") ? WORD{0} : static_cast<WORD>(machine.groups.size());
}

inline DWORD WINAPI MaximumCpus(WORD group) {
  return Fails("GetMaximumProcessorCount") ? 0 : machine.groups.at(group).maximum;
}

inline DWORD WINAPI ActiveCpus(WORD group) {
  return Fails("GetActiveProcessorCount") ? 0 : machine.groups.at(group).active;
}

inline BOOL WINAPI ThreadAffinity(HANDLE, GROUP_AFFINITY *out) {
  if (Fails("GetThreadGroupAffinity")) return FALSE;
  *out = machine.affinity;
  return TRUE;
}

inline BOOL WINAPI Processors(LOGICAL_PROCESSOR_RELATIONSHIP relation, SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *out,
                              DWORD *size) {
  if (Fails("GetLogicalProcessorInformationEx")) return FALSE;
  const bool is_nodes = static_cast<int>(relation) == 6;
  const std::string &bytes = is_nodes ? machine.nodes : machine.processors;
  if (is_nodes && bytes.empty()) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
  }
  const DWORD room = *size;
  *size = static_cast<DWORD>(bytes.size());
  if (room < bytes.size()) {
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return FALSE;
  }
  memcpy(static_cast<void *>(out), bytes.data(), bytes.size());
  return TRUE;
}

inline LSTATUS WINAPI OpenKey(HKEY, const wchar_t *, DWORD, REGSAM, HKEY *out) {
  if (Fails("RegOpenKeyExW")) return static_cast<LSTATUS>(machine.failures["RegOpenKeyExW"]);
  *out = reinterpret_cast<HKEY>(static_cast<intptr_t>(4711));
  return ERROR_SUCCESS;
}

inline LSTATUS WINAPI GetValue(HKEY, const wchar_t *path, const wchar_t *name, DWORD, DWORD *, void *out, DWORD *size) {
  if (Fails("RegGetValueW")) return static_cast<LSTATUS>(machine.failures["RegGetValueW"]);
  const auto found = machine.registry.find({path, name});
  if (found == machine.registry.end()) return ERROR_FILE_NOT_FOUND;
  const DWORD needed = static_cast<DWORD>((found->second.size() + 1) * sizeof(wchar_t));
  const DWORD room = *size;
  *size = needed;
  if (room < needed) return ERROR_MORE_DATA;
  memcpy(out, found->second.c_str(), needed);
  return ERROR_SUCCESS;
}

inline LSTATUS WINAPI CloseKey(HKEY) {
  machine.calls.insert("RegCloseKey");
  return ERROR_SUCCESS;
}

// The real calls but for those about the CPUs and the classes.
inline windows_os Os() {
  windows_os os = sondei_windows_os;
  os.NtQuerySystemInformation = QuerySystem;
  os.NtQuerySystemInformationEx = QuerySystemEx;
  os.NtPowerInformation = Power;
  os.GetMaximumProcessorGroupCount = MaximumGroups;
  os.GetMaximumProcessorCount = MaximumCpus;
  os.GetActiveProcessorCount = ActiveCpus;
  os.GetThreadGroupAffinity = ThreadAffinity;
  os.GetLogicalProcessorInformationEx = Processors;
  os.RegOpenKeyExW = OpenKey;
  os.RegGetValueW = GetValue;
  os.RegCloseKey = CloseKey;
  return os;
}

// A context on the machine.
class MadeUp {
 public:
  explicit MadeUp(Machine made, const windows_os &os = Os()) : os_(os) {
    machine = std::move(made);
    options_.os_override = &override_;
    if (sonde_open(&context_, &options_) != SONDE_OK) context_ = nullptr;
  }
  ~MadeUp() { sonde_close(context_); }
  MadeUp(const MadeUp &) = delete;
  MadeUp &operator=(const MadeUp &) = delete;
  operator sonde *() const { return context_; }

 private:
  windows_os os_;
  sonde_os_override override_ = {"windows", &os_};
  sonde_options options_ = {};
  sonde *context_ = nullptr;
};

// Each request for memory of a call on the machine fails in turn: see allocations.h.
template <typename Call>
void EveryAllocationFails(const Machine &made, const windows_os &os, Call call) {
  const sonde_os_override override = {"windows", &os};
  sonde_options options = {};
  options.os_override = &override;
  machine = made;
  sonde_test::expect_no_memory_each_time(options, call);
}

// ---- Records of GetLogicalProcessorInformationEx ----

using Masks = std::vector<std::pair<uint16_t, uint64_t>>;

inline std::string Record(uint32_t relation, const std::string &rest) {
  return LittleEndian(relation, 4) + LittleEndian(8 + rest.size(), 4) + rest;
}

inline std::string Affinities(const Masks &masks) {
  std::string out;
  for (const auto &[group, mask] : masks) {
    out += LittleEndian(mask, sizeof(void *)) + LittleEndian(group, 2) + std::string(6, '\0');
  }
  return out;
}

// A core (0), package (3), die (5) or module (7).
inline std::string Processor(uint32_t relation, const Masks &masks, uint8_t efficiency = 0) {
  return Record(relation, LittleEndian(0, 1) + LittleEndian(efficiency, 1) + std::string(20, '\0') +
                              LittleEndian(masks.size(), 2) + Affinities(masks));
}

inline std::string Node(uint32_t node, const Masks &masks, uint32_t relation = 1) {
  return Record(relation, LittleEndian(node, 4) + std::string(18, '\0') +
                              LittleEndian(relation == 1 ? 0 : masks.size(), 2) + Affinities(masks));
}

inline std::string Cache(uint8_t level, uint8_t ways, uint16_t line, uint32_t size, uint32_t type, const Masks &masks) {
  return Record(2, LittleEndian(level, 1) + LittleEndian(ways, 1) + LittleEndian(line, 2) + LittleEndian(size, 4) +
                       LittleEndian(type, 4) + std::string(18, '\0') + LittleEndian(masks.size(), 2) +
                       Affinities(masks));
}

// ---- Answers ----

// SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION.
inline std::string Times(uint64_t idle, uint64_t kernel, uint64_t user, uint64_t dpc, uint64_t irq, uint32_t count) {
  std::string out;
  for (const uint64_t value : {idle, kernel, user, dpc, irq}) out += LittleEndian(value, 8);
  return out + LittleEndian(count, 8);
}

// PROCESSOR_POWER_INFORMATION.
inline std::string PowerOf(uint32_t number, uint32_t max_mhz, uint32_t current_mhz) {
  return LittleEndian(number, 4) + LittleEndian(max_mhz, 4) + LittleEndian(current_mhz, 4) + std::string(12, '\0');
}

}  // namespace windows_machine

#endif  // SONDE_TESTS_SUPPORT_WINDOWS_MACHINE_H
