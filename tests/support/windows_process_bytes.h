// SPDX-License-Identifier: MIT
// windows_process_bytes.h - answers of NtQuerySystemInformation(SystemProcessInformation), made up: members one behind
// the other as the system's structs declare them, each aligned to its own size, for pointers of 4 and of 8 bytes.
#ifndef SONDE_TESTS_SUPPORT_WINDOWS_PROCESS_BYTES_H
#define SONDE_TESTS_SUPPORT_WINDOWS_PROCESS_BYTES_H

#include <cstdint>
#include <string>
#include <vector>

namespace sonde_test {

struct WindowsThread {
  uint64_t tid = 0;
  uint32_t state = 5;        // Waiting
  uint32_t wait_reason = 6;  // UserRequest
  uint32_t ctx_switches = 0;
  uint64_t kernel_time = 0;
  uint64_t user_time = 0;
  uint64_t create_time = 0;
  uint64_t start_address = 0;
  uint32_t wait_time = 0;
  int32_t priority = 8;
  int32_t base_priority = 8;
};

struct WindowsProcess {
  uint64_t pid = 0;
  uint64_t ppid = 0;
  std::u16string name;
  std::vector<WindowsThread> threads;
  uint64_t create_time = 0;
  uint64_t user_time = 0;
  uint64_t kernel_time = 0;
  uint64_t cycle_time = 0;
  int32_t base_priority = 8;
  uint32_t handle_count = 0;
  uint32_t session_id = 0;
  uint32_t page_faults = 0;
  uint32_t hard_faults = 0;
  uint64_t virtual_size = 0;
  uint64_t peak_virtual_size = 0;
  uint64_t working_set = 0;
  uint64_t peak_working_set = 0;
  uint64_t private_working_set = 0;
  uint64_t paged_pool = 0;
  uint64_t peak_paged_pool = 0;
  uint64_t nonpaged_pool = 0;
  uint64_t peak_nonpaged_pool = 0;
  uint64_t pagefile = 0;
  uint64_t peak_pagefile = 0;
  uint64_t private_bytes = 0;
  uint64_t read_count = 0;
  uint64_t write_count = 0;
  uint64_t other_count = 0;
  uint64_t read_bytes = 0;
  uint64_t write_bytes = 0;
  uint64_t other_bytes = 0;
  // What a broken system would say instead; -1: what is true.
  int64_t said_next = -1;
  int64_t said_threads = -1;
  int64_t said_name_address = -1;
  int64_t said_name_len = -1;
};

class WindowsStruct {
 public:
  explicit WindowsStruct(size_t pointer_size) : pointer_size_(pointer_size) {}

  WindowsStruct &Put(uint64_t value, size_t size) {
    Align(size);
    for (size_t i = 0; i < size; i++) bytes_.push_back(static_cast<char>(value >> 8 * i & 0xff));
    return *this;
  }
  WindowsStruct &U16(uint64_t value) { return Put(value, 2); }
  WindowsStruct &U32(uint64_t value) { return Put(value, 4); }
  WindowsStruct &U64(uint64_t value) { return Put(value, 8); }
  WindowsStruct &Pointer(uint64_t value) { return Put(value, pointer_size_); }
  std::string Bytes() {
    Align(8);
    return bytes_;
  }

 private:
  void Align(size_t size) { bytes_.resize((bytes_.size() + size - 1) / size * size); }

  size_t pointer_size_;
  std::string bytes_;
};

inline std::string ThreadBytes(const WindowsThread &t, uint64_t pid, size_t pointer_size) {
  WindowsStruct out(pointer_size);
  out.U64(t.kernel_time).U64(t.user_time).U64(t.create_time).U32(t.wait_time).Pointer(t.start_address);
  out.Pointer(pid).Pointer(t.tid);
  out.U32(static_cast<uint32_t>(t.priority)).U32(static_cast<uint32_t>(t.base_priority));
  out.U32(t.ctx_switches).U32(t.state).U32(t.wait_reason);
  return out.Bytes();
}

// base: the address at which the entry will lie.
inline std::string ProcessBytes(const WindowsProcess &p, size_t pointer_size, uint64_t base, bool is_last) {
  std::string threads;
  for (const WindowsThread &thread : p.threads) threads += ThreadBytes(thread, p.pid, pointer_size);
  const size_t header = pointer_size == 8 ? 256 : 184;
  const size_t name_len = p.name.size() * 2;
  const size_t name_at = header + threads.size();
  const size_t size = (name_at + name_len + 2 + 7) / 8 * 8;

  WindowsStruct out(pointer_size);
  out.U32(p.said_next >= 0 ? static_cast<uint64_t>(p.said_next) : is_last ? 0 : size);
  out.U32(p.said_threads >= 0 ? static_cast<uint64_t>(p.said_threads) : p.threads.size());
  out.U64(p.private_working_set).U32(p.hard_faults).U32(p.threads.size()).U64(p.cycle_time);
  out.U64(p.create_time).U64(p.user_time).U64(p.kernel_time);
  const uint64_t len = p.said_name_len >= 0 ? static_cast<uint64_t>(p.said_name_len) : name_len;
  out.U16(len).U16(len == 0 ? 0 : len + 2);
  out.Pointer(p.said_name_address >= 0 ? static_cast<uint64_t>(p.said_name_address) : len == 0 ? 0 : base + name_at);
  out.U32(static_cast<uint32_t>(p.base_priority)).Pointer(p.pid).Pointer(p.ppid);
  out.U32(p.handle_count).U32(p.session_id).Pointer(0x51515151);
  out.Pointer(p.peak_virtual_size).Pointer(p.virtual_size).U32(p.page_faults);
  out.Pointer(p.peak_working_set).Pointer(p.working_set);
  out.Pointer(p.peak_paged_pool).Pointer(p.paged_pool).Pointer(p.peak_nonpaged_pool).Pointer(p.nonpaged_pool);
  out.Pointer(p.pagefile).Pointer(p.peak_pagefile).Pointer(p.private_bytes);
  out.U64(p.read_count).U64(p.write_count).U64(p.other_count);
  out.U64(p.read_bytes).U64(p.write_bytes).U64(p.other_bytes);

  std::string bytes = out.Bytes() + threads;
  for (const char16_t unit : p.name) {
    bytes.push_back(static_cast<char>(unit & 0xff));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  bytes.resize(size);
  return bytes;
}

inline std::string ChainBytes(const std::vector<WindowsProcess> &processes, size_t pointer_size, uint64_t base) {
  std::string bytes;
  for (size_t i = 0; i < processes.size(); i++) {
    bytes += ProcessBytes(processes[i], pointer_size, base + bytes.size(), i + 1 == processes.size());
  }
  return bytes;
}

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_WINDOWS_PROCESS_BYTES_H
