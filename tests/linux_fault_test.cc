// SPDX-License-Identifier: MIT
// Every call that the Linux backend makes to the OS fails in turn, with every error: nothing crashes, nothing leaks,
// and no answer is short, or wrong, with a success code.
#include "tests/support/linux_os_fault.h"  // first

#include <errno.h>
#include <gtest/gtest.h>
#include <stdio.h>
#include <unistd.h>

#include <map>
#include <set>
#include <string>

#include "tests/support/allocator.h"
#include "tests/support/calls.h"
#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/recording.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Allocator;
using sonde_test::Call;
using sonde_test::Caller;
using sonde_test::CallKind;
using sonde_test::Child;
using sonde_test::Field;
using sonde_test::LinuxOsFault;
using sonde_test::Misbehaviour;
using sonde_test::OsCall;
using sonde_test::Row;
using sonde_test::Snapshot;
using sonde_test::Subject;
using sonde_test::Tree;

struct Fault {
  Misbehaviour how;
  int error;
  const char *name;
};

#define ERRNO(name) {Misbehaviour::kErrno, name, #name}
const Fault kFaults[] = {
    ERRNO(EPERM),
    ERRNO(EACCES),
    ERRNO(ENOENT),
    ERRNO(ESRCH),
    ERRNO(ENODEV),
    ERRNO(ENXIO),
    ERRNO(EIO),
    ERRNO(EINTR),
    ERRNO(EAGAIN),
    ERRNO(EBUSY),
    ERRNO(EINVAL),
    ERRNO(ENOSYS),
    ERRNO(EMFILE),
    ERRNO(ENOTTY),
    ERRNO(EOPNOTSUPP),
    ERRNO(ENFILE),
    ERRNO(ENOMEM),
    ERRNO(ENOSPC),
    ERRNO(EOVERFLOW),
    ERRNO(ESTALE),
    ERRNO(ELOOP),
    ERRNO(ETIMEDOUT),
    ERRNO(EFAULT),
    ERRNO(ENOTDIR),
    ERRNO(ENOBUFS),
    {Misbehaviour::kZero, 0, "zero bytes"},
    {Misbehaviour::kShort, 0, "one byte at a time"},
};

// The thing asked about is not there (any more), so that the answer may lack it.
bool is_gone(int error) {
  return error == ENOENT || error == ESRCH || error == ENODEV || error == ENXIO || error == ENOTDIR;
}

bool can_be_empty(OsCall call) {
  return call == OsCall::k_read || call == OsCall::k_getdents64 || call == OsCall::k_readlinkat ||
         call == OsCall::k_recv || call == OsCall::k_recvfrom;
}

std::multiset<std::string> keys_of(const Snapshot &answer) {
  std::multiset<std::string> keys;
  for (const Row &row : answer.rows) keys.insert(row.key);
  return keys;
}

// What `faulty`, which says it is a success, hides: `before` and `after` are answers to the same question without
// fault. Empty: nothing.
std::string hidden(const Snapshot &before, const Snapshot &after, const Snapshot &faulty, const Fault &fault,
                   bool is_steady) {
  if (!faulty.broken.empty()) return faulty.broken[0];
  const bool is_told = faulty.last_status != SONDE_OK;
  // A file that reads as empty is the same as an empty file: that there is nothing in it is the OS's own answer.
  // With EOPNOTSUPP the kernel says that pressure is not measured (psi=0).
  const bool is_off =
      fault.error == EOPNOTSUPP && !before.rows.empty() && before.rows[0].key.rfind("pressure ", 0) == 0;
  // Some files in /sys give nothing to a read of one byte.
  const bool is_odd = fault.how == Misbehaviour::kShort && !is_steady;
  const bool may_lack = is_gone(fault.error) || is_off || is_odd || fault.how == Misbehaviour::kZero;

  const std::multiset<std::string> found = keys_of(faulty), later = keys_of(after);
  size_t nameless = 0;  // bad rows that stand for others: one for all that a file would have told
  const std::multiset<std::string> known = keys_of(before);
  for (const Row &row : faulty.rows) nameless += row.status != SONDE_OK && known.count(row.key) == 0;
  for (const Row &row : before.rows) {
    if (found.count(row.key) >= known.count(row.key) || later.count(row.key) < known.count(row.key)) continue;
    if (nameless == 0 && !may_lack) {
      return "no row \"" + row.key + "\"";
    }
  }

  std::map<std::string, const Row *> first, second;
  for (const Row &row : before.rows) first[row.key] = &row;
  for (const Row &row : after.rows) second[row.key] = &row;
  for (const Row &row : faulty.rows) {
    const Row *const a = first.count(row.key) ? first[row.key] : nullptr;
    const Row *const b = second.count(row.key) ? second[row.key] : nullptr;
    if (a == nullptr || b == nullptr || known.count(row.key) > 1) continue;
    const bool is_marked = row.status != SONDE_OK || row.denied != a->denied || row.failed != a->failed;
    for (const Field &field : a->fields) {
      const Field *const other = b->find(field.name);
      const Field *const got = row.find(field.name);
      const std::string what = "row \"" + row.key + "\": " + field.name + " was " + field.value;
      if (got == nullptr) {  // its bit is gone: but then it must be said why
        if (!is_marked && !is_told && !may_lack) return what + ", is not valid, and sonde_last_error is silent";
      } else if (got->empty && !field.empty && (is_steady || field.value[0] == '"' || field.value[0] == '[') &&
                 (other == nullptr || !other->empty)) {
        if (!is_marked && !is_told && !may_lack) return what + ", is empty, and nothing says so";
      } else if (is_steady && got->value != field.value && !may_lack) {
        if (!is_marked && !is_told) return what + ", is " + got->value;
      }
    }
  }
  return "";
}

// A failure that should be none, or breaks a promise. Empty: it is fine.
std::string unfair(const Snapshot &before, const Snapshot &faulty, const Fault &fault, OsCall site) {
  if (!faulty.broken.empty()) return faulty.broken[0];
  if (before.status != SONDE_OK) return "";
  const bool is_interrupted =
      fault.error == EINTR && (site == OsCall::k_read || site == OsCall::k_openat || site == OsCall::k_getdents64 ||
                               site == OsCall::k_recv || site == OsCall::k_recvfrom);
  if (is_interrupted) return "EINTR is no failure: " + faulty.last_text;
  if (fault.how == Misbehaviour::kShort) return "a short read is no failure: " + faulty.last_text;
  return "";
}

// Counts what was tried, over all tests.
struct Totals {
  uint64_t sites = 0, pairs = 0, failed = 0, marked = 0;
} g_totals;

class Bench {
 public:
  Bench(const sonde_options *base, bool with_process) : is_live_(base == nullptr) {
    if (base != nullptr) options_ = *base;
    options_.size = sizeof options_;
    options_.allocator = allocator_.hooks();
    options_.os_override = os_.override();
    if (with_process) child_.reset(new Child(Child::sleeping()));
    open();
  }
  ~Bench() { close(); }

  void open() {
    const sonde_status status = sonde_open(&subject_.context, &options_);
    ASSERT_EQ(status, SONDE_OK);
    subject_.options = &options_;
    if (child_ != nullptr) {
      subject_.pid = child_->pid();
      opened_ = sonde_process_open(subject_.context, &subject_.handle, subject_.pid);
    }
  }
  void close() {
    sonde_process_close(subject_.handle);
    sonde_close(subject_.context);
    subject_.handle = nullptr;
    subject_.context = nullptr;
  }
  void another_child() {
    close();
    child_.reset(new Child(Child::sleeping()));
    open();
  }

  // All faults at all sites of one call.
  void torture(const Call &call, uint64_t most_sites) {
    SCOPED_TRACE(call.name);
    const std::unique_ptr<Caller> caller = call.make();
    const bool ends = call.kind == CallKind::kEnd;
    caller->call(subject_);  // what is kept between calls is there from now on
    if (ends) another_child();
    os_.begin();
    Snapshot before = caller->call(subject_);
    const std::vector<OsCall> sites = os_.recorded();
    EXPECT_TRUE(before.broken.empty()) << before.broken[0];
    if (ends) another_child();
    const bool is_steady = !is_live_ && sonde_test::is_steady_on_a_recording(call);
    const size_t descriptors = sonde_test::count_descriptors();
    const uint64_t tried = std::min<uint64_t>(sites.size(), most_sites);
    g_totals.sites += tried;
    int complaints = 0;
    const auto complain = [&](uint64_t n, const Fault &fault, const std::string &wrong) {
      if (wrong.empty() || complaints++ >= 5) return;
      ADD_FAILURE() << call.name << ": OS call " << n << " of " << sites.size() << ", "
                    << sonde_test::os_call_name(sites[n - 1]) << ", " << fault.name << ": " << wrong;
    };
    for (uint64_t n = 1; n <= tried; n++) {
      const OsCall site = sites[n - 1];
      int64_t last_outcome = 1;  // no status
      for (const Fault &fault : kFaults) {
        if (fault.how == Misbehaviour::kZero && !can_be_empty(site)) continue;
        if (fault.how == Misbehaviour::kShort && site != OsCall::k_read) continue;
        os_.begin(fault.how, n, fault.error);
        const Snapshot faulty = caller->call(subject_);
        const bool happened = os_.end();
        if (!happened) continue;  // the live system took another way this time
        g_totals.pairs++;
        if (ends && faulty.status == SONDE_OK) another_child();
        if (faulty.status != SONDE_OK) {
          g_totals.failed++;
          complain(n, fault, unfair(before, faulty, fault, site));
        } else {
          g_totals.marked += faulty.bad > 0 || faulty.last_status != SONDE_OK;
          if (before.status == SONDE_OK && !hidden(before, before, faulty, fault, is_steady).empty()) {
            // Or the live system moved: what is in the answers before and after was there all the time.
            const Snapshot after = ends ? before : caller->call(subject_);
            complain(n, fault, hidden(before, after, faulty, fault, is_steady));
            if (!after.rows.empty()) before = after;
          }
        }
        // After each way of ending: the next call is as if nothing had been.
        if (faulty.status == last_outcome) continue;
        last_outcome = faulty.status;
        const Snapshot after = caller->call(subject_);
        if (ends) another_child();
        if (after.status != before.status) {
          complain(n, fault,
                   std::string("the next call says ") + sonde_status_name(after.status) + " " + after.last_text);
        } else if (!after.broken.empty()) {
          complain(n, fault, "the next call: " + after.broken[0]);
        } else if (is_steady && after.json() != before.json()) {
          complain(n, fault, "the next call answers something else");
        }
        if (!is_steady && !after.rows.empty()) before = after;
      }
      const size_t now = sonde_test::count_descriptors();
      if (now != descriptors) {
        complain(n, kFaults[0], std::to_string(now) + " descriptors are open, not " + std::to_string(descriptors));
        break;
      }
    }
    if (complaints > 5) ADD_FAILURE() << call.name << ": " << complaints << " complaints in all";
  }

  void check_balance() {
    close();
    EXPECT_EQ(allocator_.live_blocks(), 0U);
    EXPECT_EQ(allocator_.live_bytes(), 0U);
    open();
  }

  Subject &subject() { return subject_; }
  // How sonde_process_open went.
  sonde_status opened() const { return opened_; }

 private:
  const bool is_live_;
  sonde_status opened_ = SONDE_OK;
  Allocator allocator_;
  LinuxOsFault os_;
  sonde_options options_ = {};
  Subject subject_;
  std::unique_ptr<Child> child_;
};

class Totalling : public testing::Environment {
 public:
  void TearDown() override {
    printf("%llu sites, %llu pairs of site and fault: %llu calls failed, %llu succeeded and said what is missing\n",
           static_cast<unsigned long long>(g_totals.sites), static_cast<unsigned long long>(g_totals.pairs),
           static_cast<unsigned long long>(g_totals.failed), static_cast<unsigned long long>(g_totals.marked));
  }
};
const testing::Environment *const kTotalling = testing::AddGlobalTestEnvironment(new Totalling);

// Which calls there are, for the names of the tests.
std::vector<size_t> calls_of(std::initializer_list<CallKind> kinds) {
  std::vector<size_t> found;
  for (size_t i = 0; i < sonde_test::all_calls().size(); i++) {
    for (const CallKind kind : kinds) {
      if (sonde_test::all_calls()[i].kind == kind) found.push_back(i);
    }
  }
  return found;
}

std::string test_name(const testing::TestParamInfo<size_t> &info) { return sonde_test::call_test_name(info.param); }

// Unpacked once.
Tree &machine() {
  static Tree tree;
  static const bool is_unpacked = (sonde_test::unpack_machine(&tree, "debian12_vm"), true);
  (void)is_unpacked;
  return tree;
}

class RecordedFault : public testing::TestWithParam<size_t> {};

TEST_P(RecordedFault, EverySiteEveryError) {
  Bench bench(machine().options(), false);
  bench.subject().pid = 1;
  bench.torture(sonde_test::all_calls()[GetParam()], 400);
  bench.check_balance();
}

INSTANTIATE_TEST_SUITE_P(Calls, RecordedFault, testing::ValuesIn(calls_of({CallKind::kSystem})), test_name);

class LiveFault : public testing::TestWithParam<size_t> {};

TEST_P(LiveFault, EverySiteEveryError) {
  Bench bench(nullptr, true);
  if (bench.opened() == SONDE_ERR_UNSUPPORTED) GTEST_SKIP() << "no process handles here";
  ASSERT_EQ(bench.opened(), SONDE_OK) << sonde_test::last_error(bench.subject().context);
  // What looks at every process of this machine makes thousands of calls: the recorded machine has the rest.
  const Call &call = sonde_test::all_calls()[GetParam()];
  const std::string name = call.name;
  const bool is_large = name.find("process_table_refresh") != name.npos || name.find("owner") != name.npos ||
                        name.find("sampler_refresh") != name.npos;
  bench.torture(call, name.find("refresh(all)") != name.npos ? 0 : is_large ? 8 : 60);
  bench.check_balance();
}

INSTANTIATE_TEST_SUITE_P(
    Calls, LiveFault,
    testing::ValuesIn(calls_of({CallKind::kSystem, CallKind::kProcess, CallKind::kChange, CallKind::kEnd})), test_name);

TEST(OpenFault, EverySiteEveryError) {
  LinuxOsFault os;
  Allocator allocator;
  sonde_options options = {};
  options.size = sizeof options;
  options.os_override = os.override();
  options.allocator = allocator.hooks();
  sonde *context = nullptr;
  os.begin();
  ASSERT_EQ(sonde_open(&context, &options), SONDE_OK);
  const uint64_t sites = os.calls();
  sonde_close(context);
  g_totals.sites += sites;
  for (uint64_t n = 1; n <= sites; n++) {
    for (const Fault &fault : kFaults) {
      context = nullptr;
      os.begin(fault.how, n, fault.error);
      const sonde_status status = sonde_open(&context, &options);
      if (os.end()) g_totals.pairs++;
      if (status != SONDE_OK) {
        EXPECT_EQ(context, nullptr);
      }
      sonde_close(context);
      EXPECT_EQ(allocator.live_blocks(), 0U);
    }
  }
}

// The table of this test holds every OS call there is: a new one in struct linux_os wants a line in linux_os_fault.
TEST(Table, HasEveryOsCall) {
  EXPECT_EQ(sizeof(struct linux_os) / sizeof(void (*)()), static_cast<size_t>(OsCall::kCount) + 2);
}

}  // namespace
