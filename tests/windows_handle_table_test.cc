// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_handle_table.h"
}

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

std::string Number(uint64_t value, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; i++) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

struct Handle {
  uint64_t pid;
  uint64_t value;
  uint32_t access;
  uint32_t type;
  uint32_t attributes;
};

std::string Table(size_t pointer, sondei_windows_handle_layout layout, uint64_t count,
                  const std::vector<Handle> &handles) {
  std::string bytes = Number(count, pointer) + Number(0, pointer);
  for (const Handle &handle : handles) {
    if (layout == SONDEI_WINDOWS_SYSTEM_HANDLES) {
      bytes += Number(0xffff8123abcd0000, pointer) + Number(handle.pid, pointer) + Number(handle.value, pointer) +
               Number(handle.access, 4) + Number(0x5555, 2) + Number(handle.type, 2);
    } else {
      bytes += Number(handle.value, pointer) + Number(2, pointer) + Number(65534, pointer) + Number(handle.access, 4) +
               Number(handle.type, 4);
    }
    bytes += Number(handle.attributes, 4) + Number(0x77777777, 4);
  }
  return bytes;
}

// "pid:value access type attributes" of each, or what was wrong.
std::string Parse(size_t pointer, sondei_windows_handle_layout layout, const std::string &bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  const struct sondei_windows_block block = {sondei_span_of(exact.data(), exact.size()), 0x7000, pointer};
  struct sondei_windows_handle_table table = {};
  table.count = 77;
  sondei_parse_error err;
  if (sondei_windows_parse_handle_table(&table, &err, &block, layout) != SONDE_OK) {
    EXPECT_EQ(table.count, 77u);
    return std::string("expected ") + err.expected;
  }
  EXPECT_EQ(err.expected, nullptr);
  std::string all;
  struct sondei_windows_handle handle;
  char text[128];
  while (sondei_windows_next_handle(&handle, &table)) {
    std::snprintf(text, sizeof text, "%llu:%llx %x %u %x\n", static_cast<unsigned long long>(handle.pid),
                  static_cast<unsigned long long>(handle.value), handle.granted_access, handle.type_index,
                  handle.attributes);
    all += text;
  }
  return all;
}

constexpr sondei_windows_handle_layout kProcess = SONDEI_WINDOWS_PROCESS_HANDLES;
constexpr sondei_windows_handle_layout kSystem = SONDEI_WINDOWS_SYSTEM_HANDLES;

TEST(WindowsHandleTable, Table) {
  const std::vector<Handle> own = {{0, 0x4, 0x12019f, 37, 2}, {0, 0x2f8, 0x100020, 70000, 0}};
  const std::vector<Handle> all = {{4, 0x4, 0x1fffff, 7, 0}, {4711, 0x64, 0x120089, 37, 2}};
  const std::string own_told = "0:4 12019f 37 2\n0:2f8 100020 70000 0\n";
  const std::string all_told = "4:4 1fffff 7 0\n4711:64 120089 37 2\n";
  const struct {
    const char *origin;
    size_t pointer;
    sondei_windows_handle_layout layout;
    std::string bytes;
    std::string expected;
  } rows[] = {
      {"of one process, 64-bit", 8, kProcess, Table(8, kProcess, 2, own), own_told},
      {"of one process, 32-bit", 4, kProcess, Table(4, kProcess, 2, own), own_told},
      {"of all, 64-bit", 8, kSystem, Table(8, kSystem, 2, all), all_told},
      {"of all, 32-bit", 4, kSystem, Table(4, kSystem, 2, all), all_told},
      {"the greatest numbers", 8, kSystem,
       Table(8, kSystem, 1, {{UINT64_MAX, UINT64_MAX - 3, UINT32_MAX, UINT16_MAX, UINT32_MAX}}),
       "18446744073709551615:fffffffffffffffc ffffffff 65535 ffffffff\n"},
      {"no handles", 8, kProcess, Table(8, kProcess, 0, {}), ""},
      {"fewer counted than there is room for: the buffer was larger", 8, kSystem, Table(8, kSystem, 1, all),
       "4:4 1fffff 7 0\n"},
      {"more counted than there are: the table grew", 8, kSystem, Table(8, kSystem, 3, all),
       "expected as many handles as are counted"},
      {"a count that would wrap", 4, kProcess, Table(4, kProcess, 0x92492493, own),
       "expected as many handles as are counted"},
      {"the greatest count", 8, kProcess, Table(8, kProcess, UINT64_MAX, own),
       "expected as many handles as are counted"},
      {"the last entry is cut", 4, kSystem, Table(4, kSystem, 2, all).substr(0, 63),
       "expected as many handles as are counted"},
      {"garbage", 8, kProcess, std::string(64, '\xff'), "expected as many handles as are counted"},
      {"truncated: a count alone", 8, kProcess, Table(8, kProcess, 0, {}).substr(0, 15), "expected a table of handles"},
      {"truncated within the count", 4, kSystem, std::string(3, '\0'), "expected a table of handles"},
      {"empty", 8, kSystem, "", "expected a table of handles"},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.pointer, row.layout, row.bytes), row.expected) << row.origin;
}

}  // namespace
