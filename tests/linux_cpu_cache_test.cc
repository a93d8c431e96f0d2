// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_cpu_cache.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(LinuxCpuCache, Size) {
  const struct {
    const char *origin;
    std::string text;
    uint64_t size;
    const char *expected;  // nullptr: understood
    size_t position;
  } rows[] = {
      {"x86 L1", "48K\n", 49152, nullptr, 0},
      {"x86 L3", "107520K\n", 110100480, nullptr, 0},
      {"megabytes", "2M", 2097152, nullptr, 0},
      {"gigabytes", "1G", 1073741824, nullptr, 0},
      {"bytes", "512\n", 512, nullptr, 0},
      {"none", "0K\n", 0, nullptr, 0},
      {"the greatest", "18014398509481983K", 18446744073709550592u, nullptr, 0},
      {"beyond 2^64", "18014398509481984K", 0, "a size below 2^64", 0},
      {"beyond 2^64", "18446744073709551616", 0, "a size", 0},
      {"two units", "48KM\n", 0, "the end of the size", 3},
      {"a byte behind", "48Kx", 0, "the end of the size", 3},
      {"another unit", "48k\n", 0, "the end of the size", 2},
      {"negative", "-1K\n", 0, "a size", 0},
      {"garbage", "\xff", 0, "a size", 0},
      {"truncated", "K", 0, "a size", 0},
      {"empty", "", 0, "a size", 0},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    uint64_t size = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status =
        sondei_linux_parse_cpu_cache_size(&size, &err, sondei_span_of(row.text.data(), row.text.size()));
    EXPECT_STREQ(err.expected, row.expected);
    EXPECT_EQ(err.position, row.position);
    EXPECT_EQ(status, row.expected != nullptr ? SONDE_ERR_PARSE : SONDE_OK);
    EXPECT_EQ(size, row.expected != nullptr ? 4711 : row.size);
  }
}

TEST(LinuxCpuCache, Type) {
  EXPECT_EQ(sondei_linux_cpu_cache_type(sondei_span_text("Data\n")), SONDE_CACHE_DATA);
  EXPECT_EQ(sondei_linux_cpu_cache_type(sondei_span_text("Instruction\n")), SONDE_CACHE_INSTRUCTION);
  EXPECT_EQ(sondei_linux_cpu_cache_type(sondei_span_text("Unified")), SONDE_CACHE_UNIFIED);
  EXPECT_EQ(sondei_linux_cpu_cache_type(sondei_span_text("Unifie")), SONDE_CACHE_UNKNOWN);
  EXPECT_EQ(sondei_linux_cpu_cache_type(sondei_span_text("\xff\n")), SONDE_CACHE_UNKNOWN);
  EXPECT_EQ(sondei_linux_cpu_cache_type(sondei_span_text("")), SONDE_CACHE_UNKNOWN);
}

}  // namespace
