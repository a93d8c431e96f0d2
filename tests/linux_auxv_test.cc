// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_auxv.h"
}

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace {

using Pairs = std::vector<std::pair<uint64_t, uint64_t>>;

std::string Auxv(sondei_byte_order order, size_t word, const Pairs &pairs) {
  std::string bytes;
  const auto put = [&](uint64_t value) {
    for (size_t i = 0; i < word; i++) {
      const size_t shift = 8 * (order == SONDEI_BIG_ENDIAN ? word - 1 - i : i);
      bytes += static_cast<char>(value >> shift);
    }
  };
  for (const auto &[type, value] : pairs) {
    put(type);
    put(value);
  }
  return bytes;
}

std::string Parse(const std::string &bytes) {
  struct sondei_linux_auxv auxv, before;
  memset(&auxv, 0x55, sizeof auxv);
  memcpy(&before, &auxv, sizeof auxv);
  sondei_parse_error err;
  if (sondei_linux_parse_auxv(&auxv, &err, sondei_span_of(bytes.data(), bytes.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&auxv, &before, sizeof auxv), 0) << "touched on failure";
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  return std::string(auxv.order == SONDEI_BIG_ENDIAN ? "big" : "little") + " " + std::to_string(8 * auxv.word_size) +
         " page " + std::to_string(auxv.page_size) + " ticks " + std::to_string(auxv.ticks_per_second);
}

TEST(LinuxAuxv, Table) {
  const auto little = SONDEI_LITTLE_ENDIAN;
  const auto big = SONDEI_BIG_ENDIAN;
  const struct {
    const char *origin;
    std::string bytes;
    std::string expected;
  } rows[] = {
      {"x86_64, Linux 6.1",
       Auxv(little, 8,
            {{33, 0x7ffd1c3f2000}, {51, 3632}, {16, 0x178bfbff}, {6, 4096}, {17, 100}, {3, 0x555555554040}, {0, 0}}),
       "little 64 page 4096 ticks 100"},
      {"s390x", Auxv(big, 8, {{33, 0x3fffdffe000}, {16, 0x5fffff}, {6, 4096}, {17, 100}, {0, 0}}),
       "big 64 page 4096 ticks 100"},
      {"ppc64 with large pages", Auxv(big, 8, {{22, 0}, {16, 0xdc0065c2}, {6, 65536}, {17, 100}, {0, 0}}),
       "big 64 page 65536 ticks 100"},
      {"armv7", Auxv(little, 4, {{16, 0x3fb0d6}, {6, 4096}, {17, 100}, {3, 0x10034}, {0, 0}}),
       "little 32 page 4096 ticks 100"},
      {"mips, big-endian", Auxv(big, 4, {{16, 0}, {6, 16384}, {17, 100}, {0, 0}}), "big 32 page 16384 ticks 100"},
      {"a 32-bit program on x86_64",
       Auxv(little, 4, {{32, 0xf7f3a570}, {33, 0xf7f3a000}, {6, 4096}, {17, 100}, {0, 0}}),
       "little 32 page 4096 ticks 100"},
      {"alpha: 1024 ticks, 8 KiB", Auxv(little, 8, {{6, 8192}, {17, 1024}, {0, 0}}), "little 64 page 8192 ticks 1024"},
      {"the first pair, which read as another width would be an end", Auxv(big, 8, {{6, 4096}, {0, 0}}),
       "big 64 page 4096 ticks 0"},
      {"before the end only", Auxv(little, 8, {{0, 0}, {6, 4096}}), "bad at 0: a page size"},
      {"without an end", Auxv(little, 8, {{17, 100}, {6, 4096}}), "little 64 page 4096 ticks 100"},
      {"the last pair cut", Auxv(little, 8, {{6, 4096}, {17, 100}}).substr(0, 31), "little 64 page 4096 ticks 0"},
      {"ticks that cannot be", Auxv(little, 8, {{6, 4096}, {17, 1000000001}, {0, 0}}), "little 64 page 4096 ticks 0"},
      {"ticks, the most", Auxv(little, 8, {{6, 4096}, {17, 1000000000}, {0, 0}}),
       "little 64 page 4096 ticks 1000000000"},
      {"the smallest page", Auxv(little, 8, {{6, 512}, {0, 0}}), "little 64 page 512 ticks 0"},
      {"a smaller one", Auxv(little, 8, {{6, 256}, {0, 0}}), "bad at 0: a page size"},
      {"the largest page", Auxv(big, 4, {{6, 1u << 30}, {0, 0}}), "big 32 page 1073741824 ticks 0"},
      {"a larger one", Auxv(big, 4, {{6, 1u << 31}, {0, 0}}), "bad at 0: a page size"},
      {"no power of two", Auxv(little, 8, {{6, 4095}, {17, 100}, {0, 0}}), "bad at 0: a page size"},
      {"no page size", Auxv(little, 8, {{17, 100}, {0, 0}}), "bad at 0: a page size"},
      {"a type that no kernel has", Auxv(little, 8, {{0x10000, 0}, {6, 4096}, {0, 0}}), "bad at 0: a page size"},
      {"garbage", std::string(64, '\xff'), "bad at 0: a page size"},
      {"truncated", Auxv(little, 8, {{6, 4096}}).substr(0, 15), "bad at 0: a page size"},
      {"empty: a kernel thread", "", "bad at 0: a page size"},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.bytes), row.expected) << row.origin;
}

}  // namespace
