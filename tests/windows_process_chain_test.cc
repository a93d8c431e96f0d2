// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_process_chain.h"
}

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/windows_process_bytes.h"

namespace {

using sonde_test::ChainBytes;
using sonde_test::WindowsProcess;
using sonde_test::WindowsThread;

constexpr uint64_t kBase = 0x7ff0000;
constexpr unsigned kAll = SONDEI_WINDOWS_PROCESS_FIXED | SONDEI_WINDOWS_PROCESS_NAME | SONDEI_WINDOWS_PROCESS_THREADS;

std::string Utf16(const std::u16string &text) {
  std::string bytes;
  for (const char16_t unit : text) {
    bytes.push_back(static_cast<char>(unit & 0xff));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  return bytes;
}

struct Entry {
  sondei_windows_process process;
  std::string name;
  const char *why;  // nullptr: understood
};

std::vector<Entry> Walk(const std::string &bytes, size_t pointer_size, uint64_t base = kBase) {
  std::vector<Entry> out;
  // In a block of its own, so that a read beyond it is found.
  const std::vector<char> exact(bytes.begin(), bytes.end());
  sondei_windows_block in = {sondei_span_of(exact.data(), exact.size()), base, pointer_size};
  sondei_windows_process process = {};
  sondei_parse_error err = {};
  while (sondei_windows_next_process(&process, &err, &in)) {
    out.push_back(
        {process, std::string(process.name.data == nullptr ? "" : process.name.data, process.name.len), err.expected});
    if (out.size() > bytes.size()) {
      ADD_FAILURE() << "a loop";
      break;
    }
  }
  EXPECT_EQ(err.expected, nullptr);
  EXPECT_EQ(in.bytes.len, 0u);
  return out;
}

WindowsProcess Named(uint64_t pid, const std::u16string &name, size_t num_threads = 1) {
  WindowsProcess p;
  p.pid = pid;
  p.ppid = 4;
  p.name = name;
  for (size_t i = 0; i < num_threads; i++) {
    WindowsThread thread;
    thread.tid = pid * 100 + i * 4;
    p.threads.push_back(thread);
  }
  return p;
}

class WindowsProcessChain : public testing::TestWithParam<size_t> {};
INSTANTIATE_TEST_SUITE_P(Pointers, WindowsProcessChain, testing::Values(4, 8));

TEST_P(WindowsProcessChain, EveryMember) {
  const size_t pointer_size = GetParam();
  // 4 bytes or 8, all different.
  const uint64_t wide = pointer_size == 8 ? 0x100000000 : 0;
  WindowsProcess p = Named(4711, u"winlogon.exe", 0);
  p.ppid = 600;
  p.create_time = 0x1dd7ace891f3860;
  p.user_time = 0x1111111111;
  p.kernel_time = 0x2222222222;
  p.cycle_time = 0x3333333333;
  p.base_priority = 13;
  p.handle_count = 281;
  p.session_id = 2;
  p.page_faults = 0xfffffff0;
  p.hard_faults = 0xf0;
  p.virtual_size = wide + 101;
  p.peak_virtual_size = wide + 102;
  p.working_set = wide + 103;
  p.peak_working_set = wide + 104;
  p.private_working_set = 0x100000000 + 105;
  p.paged_pool = wide + 106;
  p.peak_paged_pool = wide + 107;
  p.nonpaged_pool = wide + 108;
  p.peak_nonpaged_pool = wide + 109;
  p.pagefile = wide + 110;
  p.peak_pagefile = wide + 111;
  p.private_bytes = wide + 112;
  p.read_count = 0x4444444401;
  p.write_count = 0x4444444402;
  p.other_count = 0x4444444403;
  p.read_bytes = 0x4444444404;
  p.write_bytes = 0x4444444405;
  p.other_bytes = 0x4444444406;
  WindowsThread first;
  first.tid = 4712;
  first.state = 2;
  first.wait_reason = 31;
  first.ctx_switches = 0xffffffff;
  first.kernel_time = 0x5555555501;
  first.user_time = 0x5555555502;
  first.create_time = 0x5555555503;
  first.start_address = wide + 113;
  first.wait_time = 114;
  first.priority = 15;
  first.base_priority = -2;
  WindowsThread second;
  second.tid = 4716;
  p.threads = {first, second};

  const std::string bytes = ChainBytes({p, Named(8, u"x")}, pointer_size, kBase);
  sondei_windows_block in = {sondei_span_of(bytes.data(), bytes.size()), kBase, pointer_size};
  sondei_windows_process e = {};
  sondei_parse_error err = {};
  ASSERT_TRUE(sondei_windows_next_process(&e, &err, &in));
  ASSERT_EQ(err.expected, nullptr);
  EXPECT_EQ(e.told, kAll);
  EXPECT_EQ(e.pid, 4711u);
  EXPECT_EQ(e.ppid, 600u);
  EXPECT_EQ(std::string(e.name.data, e.name.len), Utf16(u"winlogon.exe"));
  EXPECT_EQ(e.num_threads, 2u);
  EXPECT_EQ(e.create_time, p.create_time);
  EXPECT_EQ(e.user_time, p.user_time);
  EXPECT_EQ(e.kernel_time, p.kernel_time);
  EXPECT_EQ(e.cycle_time, p.cycle_time);
  EXPECT_EQ(e.base_priority, 13);
  EXPECT_EQ(e.handle_count, 281u);
  EXPECT_EQ(e.session_id, 2u);
  EXPECT_EQ(e.page_faults, 0xfffffff0u);
  EXPECT_EQ(e.hard_faults, 0xf0u);
  EXPECT_EQ(e.virtual_size, p.virtual_size);
  EXPECT_EQ(e.peak_virtual_size, p.peak_virtual_size);
  EXPECT_EQ(e.working_set, p.working_set);
  EXPECT_EQ(e.peak_working_set, p.peak_working_set);
  EXPECT_EQ(e.private_working_set, p.private_working_set);
  EXPECT_EQ(e.paged_pool, p.paged_pool);
  EXPECT_EQ(e.peak_paged_pool, p.peak_paged_pool);
  EXPECT_EQ(e.nonpaged_pool, p.nonpaged_pool);
  EXPECT_EQ(e.peak_nonpaged_pool, p.peak_nonpaged_pool);
  EXPECT_EQ(e.pagefile, p.pagefile);
  EXPECT_EQ(e.peak_pagefile, p.peak_pagefile);
  EXPECT_EQ(e.private_bytes, p.private_bytes);
  EXPECT_EQ(e.read_count, p.read_count);
  EXPECT_EQ(e.write_count, p.write_count);
  EXPECT_EQ(e.other_count, p.other_count);
  EXPECT_EQ(e.read_bytes, p.read_bytes);
  EXPECT_EQ(e.write_bytes, p.write_bytes);
  EXPECT_EQ(e.other_bytes, p.other_bytes);

  sondei_windows_thread t = {};
  ASSERT_TRUE(sondei_windows_next_thread(&t, &err, &e.threads));
  ASSERT_EQ(err.expected, nullptr);
  EXPECT_EQ(t.tid, 4712u);
  EXPECT_EQ(t.state, 2u);
  EXPECT_EQ(t.wait_reason, 31u);
  EXPECT_EQ(t.ctx_switches, 0xffffffffu);
  EXPECT_EQ(t.kernel_time, first.kernel_time);
  EXPECT_EQ(t.user_time, first.user_time);
  EXPECT_EQ(t.create_time, first.create_time);
  EXPECT_EQ(t.start_address, first.start_address);
  EXPECT_EQ(t.wait_time, 114u);
  EXPECT_EQ(t.priority, 15);
  EXPECT_EQ(t.base_priority, -2);
  ASSERT_TRUE(sondei_windows_next_thread(&t, &err, &e.threads));
  EXPECT_EQ(t.tid, 4716u);
  EXPECT_FALSE(sondei_windows_next_thread(&t, &err, &e.threads));
  EXPECT_EQ(err.expected, nullptr);

  ASSERT_TRUE(sondei_windows_next_process(&e, &err, &in));
  EXPECT_EQ(e.pid, 8u);
  EXPECT_FALSE(sondei_windows_next_process(&e, &err, &in));
}

TEST_P(WindowsProcessChain, Names) {
  const size_t pointer_size = GetParam();
  const std::u16string names[] = {
      u"",  // the idle process
      u"System",
      u"a.exe",
      u"two words.exe",
      u"\u00e9t\u00e9.exe",                  //
      u"\U0001f600.exe",                     // beyond the first plane
      std::u16string({u'x', 0xd800, u'.'}),  // a lone surrogate
      std::u16string(u"NUL\0inside", 10),    //
      std::u16string(260, u'l'),
      std::u16string(32766, u'l') + u"!",  // as long as the length can say
  };
  std::vector<WindowsProcess> processes;
  for (const std::u16string &name : names) processes.push_back(Named(processes.size() * 4, name));
  const std::vector<Entry> entries = Walk(ChainBytes(processes, pointer_size, kBase), pointer_size);
  ASSERT_EQ(entries.size(), processes.size());
  for (size_t i = 0; i < entries.size(); i++) {
    EXPECT_EQ(entries[i].why, nullptr);
    EXPECT_EQ(entries[i].process.pid, i * 4);
    EXPECT_EQ(entries[i].name, Utf16(names[i]));
  }
}

TEST_P(WindowsProcessChain, EntriesNeedNotBeAligned) {
  const size_t pointer_size = GetParam();
  WindowsProcess first = Named(32, u"services.exe");
  std::string bytes = sonde_test::ProcessBytes(first, pointer_size, kBase, false);
  first.said_next = static_cast<int64_t>(bytes.size() - 6);
  bytes = sonde_test::ProcessBytes(first, pointer_size, kBase, false);
  bytes.resize(bytes.size() - 6);
  bytes += sonde_test::ProcessBytes(Named(40, u"b.exe"), pointer_size, kBase + bytes.size(), true);
  const std::vector<Entry> entries = Walk(bytes, pointer_size);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].why, nullptr);
  EXPECT_EQ(entries[1].process.pid, 40u);
  EXPECT_EQ(entries[1].name, Utf16(u"b.exe"));
  EXPECT_EQ(entries[1].process.num_threads, 1u);
}

TEST_P(WindowsProcessChain, ManyProcesses) {
  const size_t pointer_size = GetParam();
  std::vector<WindowsProcess> processes;
  for (uint64_t i = 0; i < 10000; i++) processes.push_back(Named(i * 4, u"p.exe", i % 3));
  const std::vector<Entry> entries = Walk(ChainBytes(processes, pointer_size, kBase), pointer_size);
  ASSERT_EQ(entries.size(), processes.size());
  for (size_t i = 0; i < entries.size(); i++) {
    ASSERT_EQ(entries[i].why, nullptr);
    ASSERT_EQ(entries[i].process.pid, i * 4);
    ASSERT_EQ(entries[i].process.num_threads, i % 3);
  }
}

TEST_P(WindowsProcessChain, BrokenChains) {
  const size_t pointer_size = GetParam();
  const size_t header = pointer_size == 8 ? 256 : 184;
  const WindowsProcess good = Named(8, u"good.exe");
  const size_t size = sonde_test::ProcessBytes(good, pointer_size, kBase, false).size();
  const auto with = [&](void (*change)(WindowsProcess *)) {
    WindowsProcess p = Named(12, u"bad.exe", 2);
    change(&p);
    return p;
  };
  const auto next = [&](uint64_t said) {
    WindowsProcess p = good;
    p.said_next = static_cast<int64_t>(said);
    return p;
  };
  const unsigned no_name = kAll & ~static_cast<unsigned>(SONDEI_WINDOWS_PROCESS_NAME);
  const unsigned no_threads = kAll & ~static_cast<unsigned>(SONDEI_WINDOWS_PROCESS_THREADS);
  const unsigned kWhatever = ~0u;
  const char *const threads = "a number of threads that the entry has room for";
  const struct {
    const char *origin;
    std::vector<WindowsProcess> processes;
    std::vector<std::pair<unsigned, const char *>> entries;  // told, expected
  } rows[] = {
      {"two good ones", {good, good}, {{kAll, nullptr}, {kAll, nullptr}}},
      {"no thread", {Named(8, u"Secure System", 0), good}, {{kAll, nullptr}, {kAll, nullptr}}},
      {"more threads than there is room for: the chain goes on",
       {with([](WindowsProcess *p) { p->said_threads = 4; }), good},
       {{no_threads, threads}, {kAll, nullptr}}},
      {"as many threads as can be said",
       {with([](WindowsProcess *p) { p->said_threads = 0xffffffff; }), good},
       {{no_threads, threads}, {kAll, nullptr}}},
      {"so many in the last",
       {good, with([](WindowsProcess *p) { p->said_threads = 4; })},
       {{kAll, nullptr}, {no_threads, threads}}},
      {"fewer threads than there are",
       {with([](WindowsProcess *p) { p->said_threads = 1; }), good},
       {{kAll, nullptr}, {kAll, nullptr}}},
      {"a name before the block",
       {with([](WindowsProcess *p) { p->said_name_address = kBase - 2; }), good},
       {{no_name, "a name in the block"}, {kAll, nullptr}}},
      {"a name at NULL",
       {with([](WindowsProcess *p) { p->said_name_address = 0; }), good},
       {{no_name, "a name in the block"}, {kAll, nullptr}}},
      {"a name far away",
       {with([](WindowsProcess *p) { p->said_name_address = 0xfffffff0; }), good},
       {{no_name, "a name in the block"}, {kAll, nullptr}}},
      {"a name that is longer than the block",
       {with([](WindowsProcess *p) { p->said_name_len = 0xfffe; }), good},
       {{no_name, "a name in the block"}, {kAll, nullptr}}},
      {"both",
       {with([](WindowsProcess *p) { p->said_name_address = 0, p->said_threads = 9; }), good},
       {{SONDEI_WINDOWS_PROCESS_FIXED, "a name in the block"}, {kAll, nullptr}}},
      {"an empty name that is nowhere",
       {with([](WindowsProcess *p) { p->said_name_address = 1, p->said_name_len = 0; }), good},
       {{kAll, nullptr}, {kAll, nullptr}}},
      {"next within the entry's own header", {next(8), good}, {{kAll, nullptr}, {0, "a process"}}},
      {"next right before its end", {next(header - 2), good}, {{kAll, nullptr}, {0, "a process"}}},
      {"next odd", {next(size + 1), good}, {{kAll, nullptr}, {0, "a process"}}},
      {"next at the end of the block", {next(2 * size), good}, {{kAll, nullptr}, {0, "a process"}}},
      {"next beyond it", {next(0xfffffff8), good}, {{kAll, nullptr}, {0, "a process"}}},
      {"next backwards, as a number without a sign", {next(0xffffff00), good}, {{kAll, nullptr}, {0, "a process"}}},
      {"next among the entry's threads: they do not fit",
       {next(header), good},
       {{no_threads, threads}, {kWhatever, nullptr}}},
      {"next into the last one's name: a rest too short for a process",
       {good, next(size - 8)},
       {{kAll, nullptr}, {kAll, nullptr}, {0, "a process"}}},
      {"the chain ends early", {next(0), good}, {{kAll, nullptr}}},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    const std::vector<Entry> entries = Walk(ChainBytes(row.processes, pointer_size, kBase), pointer_size);
    ASSERT_EQ(entries.size(), row.entries.size());
    for (size_t i = 0; i < entries.size(); i++) {
      SCOPED_TRACE(i);
      if (row.entries[i].first == kWhatever) continue;
      EXPECT_EQ(entries[i].process.told, row.entries[i].first);
      EXPECT_STREQ(entries[i].why, row.entries[i].second);
      if ((entries[i].process.told & SONDEI_WINDOWS_PROCESS_NAME) == 0) {
        EXPECT_EQ(entries[i].name, "");
      }
      if ((entries[i].process.told & SONDEI_WINDOWS_PROCESS_THREADS) == 0) {
        EXPECT_EQ(entries[i].process.num_threads, 0u);
        EXPECT_EQ(entries[i].process.threads.bytes.len, 0u);
      }
    }
  }
}

TEST(WindowsProcessPids, ThatNoProcessHas) {
  WindowsProcess p = Named(uint64_t{1} << 32, u"a");
  std::vector<Entry> entries = Walk(ChainBytes({p, Named(8, u"good.exe")}, 8, kBase), 8);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].process.told, 0u);
  EXPECT_STREQ(entries[0].why, "a process id");
  EXPECT_EQ(entries[1].process.told, kAll);
  p = Named(8, u"a");
  p.ppid = UINT64_MAX;
  entries = Walk(ChainBytes({p}, 8, kBase), 8);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_STREQ(entries[0].why, "a process id");
  p.ppid = UINT32_MAX;
  p.pid = UINT32_MAX - 3;
  entries = Walk(ChainBytes({p}, 8, kBase), 8);
  EXPECT_EQ(entries[0].why, nullptr);
  EXPECT_EQ(entries[0].process.pid, UINT32_MAX - 3);
}

TEST_P(WindowsProcessChain, EveryTruncationAndGarbage) {
  const size_t pointer_size = GetParam();
  const std::string whole =
      ChainBytes({Named(4, u"System", 2), Named(8, u"a.exe"), Named(12, u"b.exe")}, pointer_size, kBase);
  for (size_t len = 0; len < whole.size(); len++) {
    const std::vector<Entry> entries = Walk(whole.substr(0, len), pointer_size);
    EXPECT_EQ(entries.empty(), len == 0);
  }
  for (const char fill : {'\x00', '\x01', '\x7f', '\xff'}) {
    for (size_t len = 1; len < 700; len++) EXPECT_FALSE(Walk(std::string(len, fill), pointer_size).empty());
  }
  EXPECT_TRUE(Walk("", pointer_size).empty());
  // At the end of the address space.
  EXPECT_FALSE(Walk(whole, pointer_size, UINT64_MAX - 100).empty());
}

TEST(WindowsThreads, HalfAThread) {
  for (const size_t pointer_size : {size_t{4}, size_t{8}}) {
    const std::string bytes = sonde_test::ThreadBytes(WindowsThread(), 4, pointer_size).substr(1);
    sondei_windows_block in = {sondei_span_of(bytes.data(), bytes.size()), kBase, pointer_size};
    sondei_windows_thread thread = {};
    sondei_parse_error err = {};
    ASSERT_TRUE(sondei_windows_next_thread(&thread, &err, &in));
    EXPECT_STREQ(err.expected, "a thread");
    EXPECT_FALSE(sondei_windows_next_thread(&thread, &err, &in));
    EXPECT_EQ(err.expected, nullptr);
  }
}

}  // namespace
