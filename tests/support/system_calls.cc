// SPDX-License-Identifier: MIT
#include "tests/support/system_calls.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "tests/support/linux_os_fault.h"

namespace sonde_test {

namespace {

const char *const kMembers[] = {"", "getpid",
#define NAME(name) #name,
                                SONDE_TEST_LINUX_OS_MAP(NAME)
#undef NAME
};

// Which of them is at work; the tracer reads it out of the child. A word of the size that PTRACE_PEEKDATA reads.
volatile long g_member = 0;

constexpr long kGetpid = 1, kFirst = 2;

class AtWork {
 public:
  explicit AtWork(long member) { g_member = member; }
  ~AtWork() {
    const int code = errno;
    g_member = 0;
    errno = code;
  }
};

template <long kNumber, auto kMember>
struct Traced;
template <long kNumber, typename Result, typename... Arguments, Result (*linux_os::*kMember)(Arguments...)>
struct Traced<kNumber, kMember> {
  static Result call(Arguments... arguments) {
    const AtWork at_work(kNumber);
    return (sondei_linux_os.*kMember)(arguments...);
  }
};

const struct linux_os &traced() {
  static const struct linux_os table = [] {
    struct linux_os os = sondei_linux_os;
    os.getpid = Traced<kGetpid, &linux_os::getpid>::call;
#define TRACE(name) os.name = Traced<kFirst + static_cast<long>(OsCall::k_##name), &linux_os::name>::call;
    SONDE_TEST_LINUX_OS_MAP(TRACE)
#undef TRACE
    return os;
  }();
  return table;
}

// The part of the kernel's struct that is needed; older headers lack it.
struct EnteredCall {
  uint8_t op;
  uint8_t padding[3];
  uint32_t arch;
  uint64_t instruction_pointer;
  uint64_t stack_pointer;
  uint64_t number;
};

void note(SystemCalls *out, pid_t pid) {
  EnteredCall call = {};
  static constexpr uint8_t kEntry = 1;
  static constexpr auto kGetSyscallInfo = static_cast<decltype(PTRACE_CONT)>(0x420e);  // Linux 5.3
  if (ptrace(kGetSyscallInfo, pid, sizeof call, &call) <= 0) return;
  if (call.op != kEntry) return;
  const long member = ptrace(PTRACE_PEEKDATA, pid, const_cast<long *>(&g_member), nullptr);
  if (member > 0) (*out)[kMembers[member]].insert(static_cast<long>(call.number));
}

// Lets the child and what it starts run to their ends.
std::string follow(SystemCalls *out, pid_t child) {
  int status = 0;
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL;
  if (waitpid(child, &status, __WALL) != child || !WIFSTOPPED(status)) return "the traced child did not stop";
  if (ptrace(PTRACE_SETOPTIONS, child, nullptr, options) != 0) return std::string("ptrace: ") + strerror(errno);
  ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
  for (;;) {
    const pid_t pid = waitpid(-1, &status, __WALL);
    if (pid < 0) return std::string("waitpid: ") + strerror(errno);
    if (!WIFSTOPPED(status)) {
      if (pid != child) continue;
      return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "" : "the traced child failed";
    }
    int signal_number = WSTOPSIG(status);
    if (signal_number == (SIGTRAP | 0x80)) note(out, pid);
    if (signal_number == (SIGTRAP | 0x80) || signal_number == SIGTRAP || signal_number == SIGSTOP) signal_number = 0;
    ptrace(PTRACE_SYSCALL, pid, nullptr, static_cast<long>(signal_number));
  }
}

}  // namespace

SystemCalls trace_system_calls(const std::function<void(const struct sonde_os_override *)> &body, std::string *why) {
  SystemCalls found;
  const struct sonde_os_override override = {"linux", &traced()};
  const pid_t child = fork();
  if (child < 0) {
    *why = std::string("fork: ") + strerror(errno);
    return found;
  }
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(2);
    raise(SIGSTOP);
    body(&override);
    _exit(0);
  }
  *why = follow(&found, child);
  if (!why->empty()) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, __WALL);
    found.clear();
  }
  return found;
}

std::string refuse_system_calls(const std::set<long> &numbers, int code) {
  std::vector<sock_filter> program;
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offsetof(struct seccomp_data, nr))));
  for (const long number : numbers) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(code)));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter = {static_cast<unsigned short>(program.size()), program.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return std::string("no_new_privs: ") + strerror(errno);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return std::string("seccomp: ") + strerror(errno);
  return "";
}

}  // namespace sonde_test
