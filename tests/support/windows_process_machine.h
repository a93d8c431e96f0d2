// SPDX-License-Identifier: MIT
// windows_process_machine.h - a Windows whose processes the test made up: the calls about them, as a table for
// sonde_options.os_override. One at a time.
#ifndef SONDE_TESTS_SUPPORT_WINDOWS_PROCESS_MACHINE_H
#define SONDE_TESTS_SUPPORT_WINDOWS_PROCESS_MACHINE_H

#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/windows_process_bytes.h"

namespace sonde_test {

class WindowsProcessMachine {
 public:
  WindowsProcessMachine() {
    EXPECT_EQ(current(), nullptr);
    current() = this;
    calls = sondei_windows_os;
    calls.NtQuerySystemInformation = &Query;
    calls.OpenProcess = &Open;
    calls.CloseHandle = &Close;
    calls.GetProcessId = &Id;
    calls.GetProcessTimes = &Times;
    calls.WaitForSingleObject = &Wait;
    calls.NtQueryInformationProcess = &QueryProcess;
    override_ = {"windows", &calls};
    options_.size = sizeof options_;
    options_.os_override = &override_;
  }
  ~WindowsProcessMachine() {
    EXPECT_TRUE(open_.empty()) << "a handle stays open";
    current() = nullptr;
  }
  WindowsProcessMachine(const WindowsProcessMachine &) = delete;
  WindowsProcessMachine &operator=(const WindowsProcessMachine &) = delete;

  const sonde_options *options() const { return &options_; }

  windows_os calls;
  std::vector<WindowsProcess> processes;
  uint64_t boot_time = 0;     // FILETIME
  NTSTATUS boot_refusal = 0;  // of the boot time
  NTSTATUS refusal = 0;       // of the chain
  NTSTATUS too_small = STATUS_INFO_LENGTH_MISMATCH;
  bool tells_size = true;              // how much room the chain needs
  int births = 0;                      // how often a process is added right after a buffer was too small
  size_t cut = 0;                      // bytes that are missing at the end of the chain
  std::map<DWORD, DWORD> open_errors;  // by pid: what OpenProcess says
  DWORD memory_error = 0;              // what it says when PROCESS_VM_READ is asked for
  std::set<DWORD> ended;               // opened all the same, while somebody has a handle
  std::map<DWORD, uint64_t> recycled;  // by pid: the creation time of the process that is opened
  DWORD times_error = 0;
  bool wait_fails = false;
  NTSTATUS sequence_refusal = 0;  // of ProcessSequenceNumber, which is the pid + 1000000
  bool ends_when_asked = false;   // a process ends while it is asked
  std::function<void()> on_open;
  // What happened.
  int num_queries = 0;
  int num_boot_queries = 0;
  std::vector<DWORD> accesses;

 private:
  static WindowsProcessMachine *&current() {
    static WindowsProcessMachine *machine = nullptr;
    return machine;
  }
  static DWORD PidOf(HANDLE process) { return current()->open_.at(process); }

  static NTSTATUS NTAPI Query(SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
    WindowsProcessMachine &m = *current();
    if (kind == SystemTimeOfDayInformation) {
      m.num_boot_queries++;
      if (m.boot_refusal != 0) return m.boot_refusal;
      memset(out, 0, size);
      memcpy(out, &m.boot_time, sizeof m.boot_time);
      return STATUS_SUCCESS;
    }
    if (kind != SystemProcessInformation) return STATUS_INVALID_INFO_CLASS;
    m.num_queries++;
    if (m.refusal != 0) return m.refusal;
    std::string bytes = ChainBytes(m.processes, sizeof(void *), reinterpret_cast<uintptr_t>(out));
    bytes.resize(bytes.size() - m.cut);
    if (told != nullptr) *told = m.tells_size || bytes.size() <= size ? static_cast<ULONG>(bytes.size()) : 0;
    if (bytes.size() > size) {
      if (m.births > 0) {
        m.births--;
        const size_t now = m.processes.size();
        for (size_t i = 0; i < now; i++) m.processes.push_back(m.processes[i]);
      }
      return m.too_small;
    }
    memcpy(out, bytes.data(), bytes.size());
    return STATUS_SUCCESS;
  }
  static HANDLE WINAPI Open(DWORD access, BOOL, DWORD pid) {
    WindowsProcessMachine &m = *current();
    if (m.on_open) m.on_open();
    m.accesses.push_back(access);
    DWORD error = ERROR_INVALID_PARAMETER;
    for (const WindowsProcess &p : m.processes) {
      if (p.pid / 4 == pid / 4 && pid != 0) error = 0;
    }
    if (m.ended.count(pid) != 0) error = 0;
    const auto refused = m.open_errors.find(pid);
    if (refused != m.open_errors.end()) error = refused->second;
    if (error == 0 && (access & PROCESS_VM_READ) != 0) error = m.memory_error;
    if (error != 0) {
      SetLastError(error);
      return nullptr;
    }
    const HANDLE handle = reinterpret_cast<HANDLE>(static_cast<uintptr_t>(0x1000 + 4 * m.next_handle_++));
    m.open_[handle] = pid / 4 * 4;
    return handle;
  }
  static BOOL WINAPI Close(HANDLE handle) {
    EXPECT_EQ(current()->open_.erase(handle), 1u);
    SetLastError(12345);  // whoever asks for an error only now gets this one
    return TRUE;
  }
  static DWORD WINAPI Id(HANDLE process) { return PidOf(process); }
  static BOOL WINAPI Times(HANDLE process, FILETIME *created, FILETIME *ended, FILETIME *kernel, FILETIME *user) {
    WindowsProcessMachine &m = *current();
    if (m.times_error != 0) {
      SetLastError(m.times_error);
      return FALSE;
    }
    const DWORD pid = PidOf(process);
    uint64_t time = 0;
    for (const WindowsProcess &p : m.processes) {
      if (p.pid == pid) time = p.create_time;
    }
    const auto other = m.recycled.find(pid);
    if (other != m.recycled.end()) time = other->second;
    memset(ended, 0, sizeof *ended);
    memset(kernel, 0, sizeof *kernel);
    memset(user, 0, sizeof *user);
    memcpy(created, &time, sizeof time);
    return TRUE;
  }
  static DWORD WINAPI Wait(HANDLE process, DWORD) {
    WindowsProcessMachine &m = *current();
    if (m.wait_fails) {
      SetLastError(ERROR_ACCESS_DENIED);
      return WAIT_FAILED;
    }
    return m.ended.count(PidOf(process)) != 0 ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
  }

  static NTSTATUS NTAPI QueryProcess(HANDLE process, PROCESSINFOCLASS kind, void *out, ULONG size, ULONG *) {
    WindowsProcessMachine &m = *current();
    const uint64_t number = PidOf(process) + 1000000;
    if (m.ends_when_asked) m.ended.insert(PidOf(process));
    if (kind != static_cast<PROCESSINFOCLASS>(92)) return STATUS_INVALID_INFO_CLASS;
    if (m.sequence_refusal != 0) return m.sequence_refusal;
    if (size != sizeof number) return STATUS_INFO_LENGTH_MISMATCH;
    memcpy(out, &number, sizeof number);
    return STATUS_SUCCESS;
  }

  std::map<HANDLE, DWORD> open_;
  unsigned next_handle_ = 0;
  sonde_os_override override_ = {};
  sonde_options options_ = {};
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_WINDOWS_PROCESS_MACHINE_H
