// SPDX-License-Identifier: MIT
// Options, roots, failures and their words, and the hooks.
#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/allocator.h"
#include "tests/support/context.h"
#include "tests/support/fake_backend.h"

namespace sonde_test {
namespace {

// A backend that shows what it was lent, and fails as it is told.
struct Seen {
  std::string procfs, sysfs, etc, dev, rootfs;
  bool live;
  uint32_t max_handles;
  const void *os_calls;
};
Seen seen;
sonde_status (*answer)(sonde_env *env);

struct State {
  sonde_buffer buffer;
};

sonde_backend Make(const char *name) {
  static const sonde_cpu_ops cpu = [] {
    sonde_cpu_ops ops = {};
    ops.load_average = [](sonde_env *env, void *, sonde_load_average *) { return answer(env); };
    return ops;
  }();
  sonde_backend backend = {};
  backend.abi = SONDE_BACKEND_ABI;
  backend.name = name;
  backend.state_size = sizeof(State);
  backend.open = [](sonde_env *env, void *) {
    seen = {env->procfs, env->sysfs, env->etc, env->dev, env->rootfs, env->live, env->max_handles, env->os_calls};
    return SONDE_OK;
  };
  backend.close = [](sonde_env *env, void *state) { sonde_env_release(env, &static_cast<State *>(state)->buffer); };
  backend.cpu = &cpu;
  return backend;
}

class ContextTest : public testing::Test {
 protected:
  ContextTest() : backend_(Make("seer")) {
    options_.backends = &pointer_;
    options_.num_backends = 1;
    options_.allocator = allocator_.hooks();
    answer = [](sonde_env *) { return SONDE_OK; };
  }
  ~ContextTest() override { EXPECT_EQ(allocator_.live_blocks(), 0u); }

  // What sonde_last_error says of one call that ends as `how` does.
  std::string Words(sonde_status (*how)(sonde_env *)) {
    const Context context(&options_);
    answer = how;
    sonde_load_average load;
    sonde_load_average_get(context, &load);
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(error.text.data[error.text.len], '\0');
    EXPECT_EQ(error.subject.data[error.subject.len], '\0');
    EXPECT_EQ(error.operation.data[error.operation.len], '\0');
    EXPECT_EQ(error.os_name.data[error.os_name.len], '\0');
    return text(error.text);
  }

  Allocator allocator_;
  sonde_backend backend_;
  const sonde_backend *pointer_ = &backend_;
  sonde_options options_ = {};
};

struct Roots {
  const char *origin;
  const char *procfs, *sysfs, *etc, *dev, *rootfs;
  Seen expected;
};

const Roots kRoots[] = {
    {"the usual ones",
     nullptr,
     nullptr,
     nullptr,
     nullptr,
     nullptr,
     {"/proc", "/sys", "/etc", "/dev", "", true, 0, nullptr}},
    {"the usual ones, given",
     "/proc",
     "/sys",
     "/etc",
     "/dev",
     "/",
     {"/proc", "/sys", "/etc", "/dev", "", true, 0, nullptr}},
    {"slashes at the end",
     "/proc/",
     "/sys//",
     "/etc/",
     "/dev///",
     "//",
     {"/proc", "/sys", "/etc", "/dev", "", true, 0, nullptr}},
    {"a host seen from a container: one by one",
     "/host/proc",
     nullptr,
     nullptr,
     nullptr,
     nullptr,
     {"/host/proc", "/sys", "/etc", "/dev", "", false, 0, nullptr}},
    {"below rootfs",
     nullptr,
     nullptr,
     nullptr,
     nullptr,
     "/host",
     {"/host/proc", "/host/sys", "/host/etc", "/host/dev", "/host", false, 0, nullptr}},
    {"below rootfs, with a slash",
     nullptr,
     nullptr,
     nullptr,
     nullptr,
     "/host/",
     {"/host/proc", "/host/sys", "/host/etc", "/host/dev", "/host", false, 0, nullptr}},
    {"those that are given are not below rootfs",
     "/p",
     nullptr,
     nullptr,
     "/d/",
     "/host",
     {"/p", "/host/sys", "/host/etc", "/d", "/host", false, 0, nullptr}},
    {"the usual proc does not make a recording live",
     "/proc",
     nullptr,
     nullptr,
     nullptr,
     "/host",
     {"/proc", "/host/sys", "/host/etc", "/host/dev", "/host", false, 0, nullptr}},
    {"the root itself", "/", nullptr, nullptr, nullptr, nullptr, {"", "/sys", "/etc", "/dev", "", false, 0, nullptr}},
    {"relative", "proc", "sys", "etc", "dev", "machine", {"proc", "sys", "etc", "dev", "machine", false, 0, nullptr}},
    {"an empty rootfs is none",
     nullptr,
     nullptr,
     nullptr,
     nullptr,
     "",
     {"/proc", "/sys", "/etc", "/dev", "", true, 0, nullptr}},
};

TEST_F(ContextTest, Roots) {
  for (const Roots &row : kRoots) {
    options_.procfs = row.procfs, options_.sysfs = row.sysfs, options_.etc = row.etc, options_.dev = row.dev;
    options_.rootfs = row.rootfs;
    const Context context(&options_);
    EXPECT_EQ(seen.procfs, row.expected.procfs) << row.origin;
    EXPECT_EQ(seen.sysfs, row.expected.sysfs) << row.origin;
    EXPECT_EQ(seen.etc, row.expected.etc) << row.origin;
    EXPECT_EQ(seen.dev, row.expected.dev) << row.origin;
    EXPECT_EQ(seen.rootfs, row.expected.rootfs) << row.origin;
    EXPECT_EQ(seen.live, row.expected.live) << row.origin;
  }
}

TEST_F(ContextTest, EmptyRootsAreRefused) {
  // An unset variable must not make the library look at "/stat".
  const char *sonde_options::*const roots[] = {&sonde_options::procfs, &sonde_options::sysfs, &sonde_options::etc,
                                               &sonde_options::dev};
  for (auto root : roots) {
    sonde_options options = options_;
    options.*root = "";
    sonde *context = nullptr;
    EXPECT_EQ(sonde_open(&context, &options), SONDE_ERR_INVALID);
    EXPECT_EQ(context, nullptr);
  }
}

TEST_F(ContextTest, RootsAreCopied) {
  std::string procfs = "/host/proc";
  options_.procfs = procfs.c_str();
  static const char *lent;
  answer = [](sonde_env *env) {
    lent = env->procfs;
    return SONDE_OK;
  };
  const Context context(&options_);
  procfs.assign("xxxxxxxxxx");
  sonde_load_average load;
  ASSERT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
  EXPECT_STREQ(lent, "/host/proc");
}

TEST_F(ContextTest, HandlesAndOverridesReachTheBackendTheyAreMeantFor) {
  static const int calls = 0;
  options_.max_handles = 17;
  for (const auto &row :
       {std::pair<const char *, bool>{"seer", true}, {"other", false}, {"see", false}, {nullptr, false}}) {
    const sonde_os_override given = {row.first, &calls};
    options_.os_override = &given;
    const Context context(&options_);
    EXPECT_EQ(seen.max_handles, 17u);
    EXPECT_EQ(seen.os_calls, row.second ? &calls : nullptr);
  }
  options_.os_override = nullptr;
  const Context context(&options_);
  EXPECT_EQ(seen.os_calls, nullptr);
}

// A newer header's options, of which this library knows the beginning.
struct Newer {
  sonde_options known;
  uint64_t more[4];
};

TEST_F(ContextTest, SizesOfOptions) {
  sonde *context = nullptr;
  for (size_t size : {size_t{0}, sizeof(sonde_options)}) {
    options_.size = size;
    ASSERT_EQ(sonde_open(&context, &options_), SONDE_OK) << size;
    sonde_close(context);
    context = nullptr;
  }
  Newer newer = {options_, {0, 0, 0, 0}};
  newer.known.size = sizeof newer;
  ASSERT_EQ(sonde_open(&context, &newer.known), SONDE_OK);  // it asks for nothing that is new
  sonde_close(context);
  context = nullptr;
  for (uint64_t &more : newer.more) {
    more = UINT64_C(1) << 56;
    EXPECT_EQ(sonde_open(&context, &newer.known), SONDE_ERR_INVALID);
    more = 1;
    EXPECT_EQ(sonde_open(&context, &newer.known), SONDE_ERR_INVALID);
    more = 0;
  }
  for (size_t size : {size_t{1}, sizeof(size_t), sizeof(sonde_options) - 1}) {  // no version was that small
    options_.size = size;
    EXPECT_EQ(sonde_open(&context, &options_), SONDE_ERR_INVALID) << size;
  }
  EXPECT_EQ(context, nullptr);
}

TEST_F(ContextTest, ImpossibleOptions) {
  EXPECT_EQ(sonde_open(nullptr, &options_), SONDE_ERR_INVALID);
  sonde *context = nullptr;
  options_.backends = nullptr;
  EXPECT_EQ(sonde_open(&context, &options_), SONDE_ERR_INVALID);  // one backend, which is nowhere
  options_.backends = &pointer_;
  options_.num_backends = 0;
  EXPECT_EQ(sonde_open(&context, &options_), SONDE_ERR_UNSUPPORTED);
  options_.num_backends = SIZE_MAX / 8;
  EXPECT_EQ(sonde_open(&context, &options_), SONDE_ERR_INVALID);
  EXPECT_EQ(context, nullptr);
  sonde_close(nullptr);
}

TEST_F(ContextTest, WordsOfFailures) {
  EXPECT_EQ(Words([](sonde_env *) { return SONDE_OK; }), "");
  EXPECT_EQ(Words([](sonde_env *env) {
              return sonde_env_fail(env, SONDE_ERR_ACCESS, 13, "EACCES", "open", "/proc/1/io", 10);
            }),
            "open /proc/1/io: EACCES (not permitted)");
  EXPECT_EQ(
      Words([](sonde_env *env) { return sonde_env_fail(env, SONDE_ERR_OS, 4711, nullptr, "ioctl", "/dev/x", 6); }),
      "ioctl /dev/x: code 4711 (the operating system reported an error)");
  EXPECT_EQ(Words([](sonde_env *env) {
              return sonde_env_fail(env, SONDE_ERR_OS, INT64_MIN, nullptr, "NtOpenProcess", nullptr, 0);
            }),
            "NtOpenProcess: code -9223372036854775808 (the operating system reported an error)");
  EXPECT_EQ(Words([](sonde_env *env) { return sonde_env_fail_parse(env, "a number", 12, "/proc/stat", 10); }),
            "/proc/stat: expected a number at byte 12 (the operating system's answer is not understood)");
  EXPECT_EQ(
      Words([](sonde_env *env) { return sonde_env_fail(env, SONDE_ERR_TIMEOUT, 0, nullptr, nullptr, nullptr, 0); }),
      "(deadline passed)");
  // Nothing was recorded: the core says at least which question it was.
  EXPECT_EQ(Words([](sonde_env *) { return SONDE_ERR_NO_MEMORY; }), "cpu.load_average: (out of memory)");
  EXPECT_EQ(Words([](sonde_env *) { return SONDE_ERR_UNSUPPORTED; }),
            "cpu.load_average: (not supported by this operating system)");
  // What was recorded keeps its words when the answer is another status.
  EXPECT_EQ(Words([](sonde_env *env) {
              sonde_env_fail(env, SONDE_ERR_OS, 2, "ENOENT", "open", "/proc/5/stat", 12);
              return SONDE_ERR_NO_PROCESS;
            }),
            "open /proc/5/stat: ENOENT (no such process)");
  // But a row's failure is not why memory ran out.
  EXPECT_EQ(Words([](sonde_env *env) {
              sonde_env_fail(env, SONDE_ERR_ACCESS, 13, "EACCES", "open", "/proc/5/io", 10);
              return SONDE_ERR_NO_MEMORY;
            }),
            "cpu.load_average: (out of memory)");
}

TEST_F(ContextTest, FieldsOfFailures) {
  const Context context(&options_);
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(error.status, SONDE_OK);
  EXPECT_STREQ(error.text.data, "");
  answer = [](sonde_env *env) {
    EXPECT_EQ(sonde_env_failed_status(env), SONDE_OK);
    EXPECT_EQ(sonde_env_failed_code(env), 0);
    sonde_env_fail(env, SONDE_ERR_ACCESS, 13, "EACCES", "open", "a\0b", 3);
    EXPECT_EQ(sonde_env_failed_status(env), SONDE_ERR_ACCESS);
    EXPECT_EQ(sonde_env_failed_code(env), 13);
    return SONDE_ERR_ACCESS;
  };
  sonde_load_average load;
  for (int i = 0; i < 2; i++) {  // the second call begins without the failure of the first
    EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_ERR_ACCESS);
    sonde_last_error(context, &error);
    EXPECT_EQ(error.status, SONDE_ERR_ACCESS);
    EXPECT_EQ(error.os_code, 13);
    EXPECT_EQ(text(error.os_name), "EACCES");
    EXPECT_EQ(text(error.operation), "open");
    EXPECT_EQ(text(error.subject), std::string("a\0b", 3));
    EXPECT_EQ(error.position, 0u);
  }
  answer = [](sonde_env *env) { return sonde_env_fail_parse(env, "a digit", UINT64_MAX, "x", 1); };
  EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_ERR_PARSE);
  sonde_last_error(context, &error);
  EXPECT_EQ(error.position, UINT64_MAX);
  EXPECT_EQ(error.os_code, 0);
  EXPECT_EQ(text(error.text),
            "x: expected a digit at byte 18446744073709551615 (the operating system's answer is not understood)");
  answer = [](sonde_env *env) { return sonde_env_fail_parse(env, "y", 0, "x", 1); };
  EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_ERR_PARSE);
  sonde_last_error(context, &error);
  EXPECT_STREQ(error.text.data, "x: expected y at byte 0 (the operating system's answer is not understood)")
      << "nothing is left of longer words";
  EXPECT_STREQ(error.subject.data, "x");
  answer = [](sonde_env *) { return SONDE_OK; };
  EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
  sonde_last_error(context, &error);
  EXPECT_EQ(error.status, SONDE_OK);
  EXPECT_EQ(error.os_code, 0);
  sonde_last_error(context, nullptr);
  sonde_last_error(nullptr, &error);
  EXPECT_EQ(error.status, SONDE_OK);
  EXPECT_STREQ(error.text.data, "");
}

TEST_F(ContextTest, LongSubjectsAreCutAndSaySo) {
  for (size_t len : {size_t{4095}, size_t{4096}, size_t{4097}, size_t{100000}}) {
    static std::string subject;
    subject.assign(len, 's');
    const std::string words = Words([](sonde_env *env) {
      return sonde_env_fail(env, SONDE_ERR_OS, 1, "EPERM", "open", subject.data(), subject.size());
    });
    const std::string shown = len <= 4096 ? subject : std::string(4093, 's') + "...";
    EXPECT_EQ(words, "open " + shown + ": EPERM (the operating system reported an error)") << len;
  }
}

TEST_F(ContextTest, ASuccessWithABadRowSaysWhy) {
  const sonde_backend *const fake = fake_backend();
  options_.backends = &fake;
  const Context context(&options_);
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list.bad, 1u);
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(error.status, SONDE_ERR_PARSE);
  EXPECT_EQ(text(error.subject), "row 1");
}

struct Line {
  sonde_log_level level;
  std::string message;
};

TEST_F(ContextTest, TheLogHook) {
  std::vector<Line> lines;
  options_.log = [](void *user, sonde_log_level level, const char *message, size_t message_len) {
    EXPECT_EQ(message[message_len], '\0');
    static_cast<std::vector<Line> *>(user)->push_back({level, std::string(message, message_len)});
  };
  options_.log_user = &lines;
  answer = [](sonde_env *env) {
    sonde_env_log(env, SONDE_LOG_DEBUG, "looked");
    sonde_env_log(env, SONDE_LOG_WARNING, "");
    return SONDE_OK;
  };
  sonde_load_average load;
  {
    const Context context(&options_);
    EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
  }
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].level, SONDE_LOG_DEBUG);
  EXPECT_EQ(lines[0].message, "looked");
  EXPECT_EQ(lines[1].message, "");

  // A context that does not open has nobody else to tell.
  backend_.open = [](sonde_env *env, void *) {
    return sonde_env_fail(env, SONDE_ERR_OS, 5, "EIO", "open", "/proc/stat", 10);
  };
  sonde *context = nullptr;
  EXPECT_EQ(sonde_open(&context, &options_), SONDE_ERR_OS);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[2].level, SONDE_LOG_WARNING);
  EXPECT_EQ(lines[2].message, "open /proc/stat: EIO (the operating system reported an error)");

  options_.log = nullptr;  // nobody listens
  EXPECT_EQ(sonde_open(&context, &options_), SONDE_ERR_OS);
  backend_.open = nullptr;
  const Context quiet(&options_);
  EXPECT_EQ(sonde_load_average_get(quiet, &load), SONDE_OK);
}

TEST_F(ContextTest, BuffersOfBackendsGrowAndKeepTheirContents) {
  static sonde_buffer buffer;
  buffer = {nullptr, 0};
  answer = [](sonde_env *env) {
    for (size_t needed : {size_t{0}, size_t{1}, size_t{256}, size_t{257}, size_t{5000}, size_t{10}, size_t{1000000}}) {
      const size_t before = buffer.capacity;
      EXPECT_EQ(sonde_env_grow(env, &buffer, needed), SONDE_OK);
      EXPECT_GE(buffer.capacity, needed);
      if (needed <= before) {
        EXPECT_EQ(buffer.capacity, before);
      }
      for (size_t i = 0; i < before; i++) EXPECT_EQ(buffer.data[i], static_cast<char>(i));
      for (size_t i = 0; i < buffer.capacity; i++) buffer.data[i] = static_cast<char>(i);
    }
    const sonde_buffer before = buffer;
    EXPECT_EQ(sonde_env_grow(env, &buffer, SIZE_MAX), SONDE_ERR_NO_MEMORY);
    EXPECT_EQ(sonde_env_failed_status(env), SONDE_ERR_NO_MEMORY);
    EXPECT_EQ(buffer.data, before.data);
    EXPECT_EQ(buffer.capacity, before.capacity);
    sonde_env_release(env, &buffer);
    EXPECT_EQ(buffer.data, nullptr);
    EXPECT_EQ(buffer.capacity, 0u);
    sonde_env_release(env, &buffer);
    return SONDE_OK;
  };
  const Context context(&options_);
  sonde_load_average load;
  EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
}

// Each allocation of opening fails in turn: no context, nothing left behind.
TEST_F(ContextTest, OpeningWithoutMemory) {
  const sonde_backend *const both[] = {&backend_, fake_backend()};
  options_.backends = both;
  options_.num_backends = 2;
  uint64_t n = 1;
  for (;; n++) {
    allocator_.fail(n);
    sonde *context = nullptr;
    const sonde_status status = sonde_open(&context, &options_);
    if (allocator_.failures() == 0) {
      EXPECT_EQ(status, SONDE_OK);
      sonde_close(context);
      break;
    }
    EXPECT_EQ(status, SONDE_ERR_NO_MEMORY);
    EXPECT_EQ(context, nullptr);
    EXPECT_EQ(allocator_.live_blocks(), 0u);
  }
  EXPECT_GT(n, 8u);  // context, five roots, layers, states
  allocator_.fail(0);
}

// A call that fails for want of memory leaves nothing in a list that was empty, and works the next time.
TEST_F(ContextTest, CallsWithoutMemory) {
  const sonde_backend *const fake = fake_backend();
  options_.backends = &fake;
  const Context context(&options_);
  const size_t blocks = allocator_.live_blocks();
  for (uint64_t n = 1;; n++) {
    allocator_.fail(n);
    sonde_process_table table = {};
    const sonde_status status = sonde_process_table_refresh(context, &table, SONDE_PROCESS_ALL);
    const bool failed = allocator_.failures() > 0;
    allocator_.fail(0);
    if (!failed) {
      EXPECT_EQ(status, SONDE_OK);
      sonde_process_table_free(&table);
      break;
    }
    EXPECT_EQ(status, SONDE_ERR_NO_MEMORY);
    EXPECT_EQ(table.memory, nullptr);
    EXPECT_EQ(allocator_.live_blocks(), blocks);
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(error.status, SONDE_ERR_NO_MEMORY);
  }
}

TEST_F(ContextTest, ListsOutliveTheirContextAndServeAnother) {
  const sonde_backend *const fake = fake_backend();
  options_.backends = &fake;
  sonde_process_table table = {};
  sonde_host_info info = {};
  {
    const Context context(&options_);
    ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_ALL), SONDE_OK);
    ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK);
  }
  EXPECT_EQ(text(table.rows[0].name), "name");
  EXPECT_EQ(text(info.hostname), "hostname");
  Allocator other;
  sonde_options options = options_;
  options.allocator = other.hooks();
  {
    const Context context(&options);
    const uint64_t before = other.requests();
    EXPECT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_ALL), SONDE_OK);
    EXPECT_EQ(sonde_host_info_get(context, &info), SONDE_OK);
    EXPECT_EQ(other.requests(), before);  // the list stays with the allocator that made it
  }
  sonde_process_table_free(&table);
  sonde_process_table_free(&table);
  sonde_process_table_free(nullptr);
  sonde_host_info_free(&info);
  sonde_host_info_free(nullptr);
}

TEST_F(ContextTest, WithoutHooksMallocServes) {
  options_.allocator = {nullptr, nullptr};
  const uint64_t before = allocator_.requests();
  {
    const Context context(&options_);
    sonde_load_average load;
    EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
  }
  EXPECT_EQ(allocator_.requests(), before);
}

}  // namespace
}  // namespace sonde_test
