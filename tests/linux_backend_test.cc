// SPDX-License-Identifier: MIT
// What a context of another machine takes from that machine: page size, clock tick and byte order.
#include "tests/support/linux_os_fault.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "tests/support/context.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Context;
using sonde_test::LinuxOsFault;
using sonde_test::List;
using sonde_test::Misbehaviour;
using sonde_test::Tree;

std::string Auxv(bool is_big, size_t word, uint64_t page_size, uint64_t ticks) {
  std::string bytes;
  for (const uint64_t value : {UINT64_C(6), page_size, UINT64_C(17), ticks, UINT64_C(0), UINT64_C(0)}) {
    for (size_t i = 0; i < word; i++) bytes += static_cast<char>(value >> (8 * (is_big ? word - 1 - i : i)));
  }
  return bytes;
}

void Fill(Tree *tree) {
  tree->write("proc/stat", "cpu  1 2 3 4\nbtime 1000\n")
      .write("proc/meminfo", "MemTotal: 100 kB\nMemFree: 50 kB\nMemAvailable: 60 kB\n")
      .write("proc/1/stat", "1 (init) S 0 1 1 0 -1 0 0 0 0 0 10 0 0 0 20 0 1 0 100 9000000 3\n")
      .write("proc/1/net/tcp", "  sl  local_address\n 0: C0000201:0050 00000000:0000 0A 0:0 0:0 0 0 0 9\n");
}

struct Units {
  uint64_t page_size = 0, ns_per_tick = 0;
  bool is_big = false;
};

Units UnitsOf(sonde *context) {
  Units units;
  sonde_virtual_memory memory = {};
  EXPECT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_OK);
  units.page_size = memory.page_size;
  sonde_cpu_times times = {};
  EXPECT_EQ(sonde_cpu_times_get(context, &times), SONDE_OK);
  units.ns_per_tick = times.user;
  EXPECT_EQ(times.idle, 4 * times.user);
  List<sonde_process_table> table;
  EXPECT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_STAT), SONDE_OK);
  EXPECT_EQ(table.count, 1u);
  if (table.count == 1) {
    EXPECT_EQ(table[0].rss, 3 * units.page_size);
    EXPECT_EQ(table[0].user_time, 10 * units.ns_per_tick);
    EXPECT_EQ(table[0].start_time, 1000 * SONDE_NSEC_PER_SEC + 100 * units.ns_per_tick);
  }
  List<sonde_connection_list> connections;
  EXPECT_EQ(sonde_connection_list_get(context, &connections, SONDE_CONNECTION_TCP4), SONDE_OK);
  EXPECT_EQ(connections.count, 1u);
  if (connections.count == 1) units.is_big = connections[0].laddr.bytes[0] == 0xc0;
  return units;
}

Units OwnUnits() {
  const uint16_t one = 1;
  Units units;
  units.page_size = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  units.ns_per_tick = SONDE_NSEC_PER_SEC / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  units.is_big = *reinterpret_cast<const unsigned char *>(&one) == 0;
  return units;
}

TEST(LinuxBackend, UnitsOfAnotherMachine) {
  const Units own = OwnUnits();
  const std::string ppc64 = Auxv(true, 8, 65536, 100), alpha = Auxv(false, 8, 8192, 1024);
  const std::string mips = Auxv(true, 4, 16384, 250), tickless = Auxv(false, 8, 16384, 0);
  const struct {
    const char *origin;
    const char *self, *init;  // contents, NULL: no such file
    size_t self_len, init_len;
    Units expected;
  } rows[] = {
      {"ppc64, big-endian", ppc64.data(), nullptr, ppc64.size(), 0, {65536, 10000000, true}},
      {"32 bits", mips.data(), nullptr, mips.size(), 0, {16384, 4000000, true}},
      {"alpha: a tick that is no whole number of ns is cut",
       alpha.data(),
       nullptr,
       alpha.size(),
       0,
       {8192, 976562, false}},
      {"process 1 where there is no self", nullptr, ppc64.data(), 0, ppc64.size(), {65536, 10000000, true}},
      {"self before process 1", ppc64.data(), alpha.data(), ppc64.size(), alpha.size(), {65536, 10000000, true}},
      {"process 1 where self is not understood", "junk", ppc64.data(), 4, ppc64.size(), {65536, 10000000, true}},
      {"an empty file, as of a kernel thread", "", nullptr, 0, 0, own},
      {"no ticks told", tickless.data(), nullptr, tickless.size(), 0, {16384, own.ns_per_tick, false}},
      {"neither", nullptr, nullptr, 0, 0, own},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    Tree tree;
    Fill(&tree);
    if (row.self != nullptr) tree.write("proc/self/auxv", std::string_view(row.self, row.self_len));
    if (row.init != nullptr) tree.write("proc/1/auxv", std::string_view(row.init, row.init_len));
    Context context(tree.options());
    EXPECT_EQ(context.error(), "SONDE_OK: ") << "what is tried is no failure";
    const Units got = UnitsOf(context);
    EXPECT_EQ(got.page_size, row.expected.page_size);
    EXPECT_EQ(got.ns_per_tick, row.expected.ns_per_tick);
    EXPECT_EQ(got.is_big, row.expected.is_big);
  }
}

TEST(LinuxBackend, DescriptorsAndMemoryThatRunOutFailTheOpening) {
  for (const int error : {EMFILE, ENFILE, ENOMEM}) {
    Tree tree;
    Fill(&tree);
    LinuxOsFault os;
    sonde_options *const options = tree.options();
    options->os_override = os.override();
    os.begin(Misbehaviour::kErrno, 3, error);  // after two sysconf
    sonde *context = nullptr;
    EXPECT_EQ(sonde_open(&context, options), error == ENOMEM ? SONDE_ERR_NO_MEMORY : SONDE_ERR_OS);
    EXPECT_EQ(context, nullptr);
    EXPECT_TRUE(os.end());
  }
}

TEST(LinuxBackend, ALiveContextReadsNothing) {
  LinuxOsFault os;
  sonde_options options = {};
  options.os_override = os.override();
  os.begin();
  Context context(&options);
  EXPECT_EQ(os.calls(), 2u);  // sysconf
  os.end();
}

}  // namespace
