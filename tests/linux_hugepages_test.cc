// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_hugepages.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(LinuxHugepages, Sizes) {
  const struct {
    const char *origin, *name;
    uint64_t expected;
  } rows[] = {
      {"x86", "hugepages-2048kB", 2097152},
      {"x86", "hugepages-1048576kB", 1073741824},
      {"arm64", "hugepages-64kB", 65536},
      {"ppc64", "hugepages-16777216kB", UINT64_C(17179869184)},
      {"the largest", "hugepages-18014398509481983kB", UINT64_C(18014398509481983) * 1024},
      {"too large", "hugepages-18014398509481984kB", 0},
      {"no number", "hugepages-kB", 0},
      {"no unit", "hugepages-2048", 0},
      {"another unit", "hugepages-2MB", 0},
      {"more", "hugepages-2048kBx", 0},
      {"garbage", "\xff", 0},
      {"truncated", "hugepages", 0},
      {"empty", "", 0},
  };
  for (const auto &row : rows) {
    uint64_t size = 4711;
    EXPECT_EQ(sondei_linux_hugepage_size_of(&size, sondei_span_text(row.name)), row.expected != 0) << row.origin;
    EXPECT_EQ(size, row.expected != 0 ? row.expected : 4711) << row.origin << ": " << row.name;
  }
}

}  // namespace
