// SPDX-License-Identifier: MIT
// Offsets and lengths below are those of <linux/taskstats.h> of each version.
extern "C" {
#include "core/parse/linux_taskstats.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>

#include "tests/support/netlink_bytes.h"

namespace {

using sonde_test::attribute;
using sonde_test::bytes_of;
using namespace std::string_literals;

constexpr char kNew[] = "\2\1\0";  // and its NUL: TASKSTATS_CMD_NEW, version 1

// A struct taskstats whose 8 bytes at offset n hold n * 1000 + 7: where a number was read from shows.
std::string Stats(uint16_t version, size_t len) {
  std::string bytes;
  for (uint64_t at = 0; bytes.size() < len; at += 8) bytes += bytes_of(at * 1000 + 7);
  bytes.resize(len);
  return bytes.replace(0, 2, bytes_of(version));
}

std::string Answer(const std::string &stats, uint32_t pid = 42, bool group = true, bool aligned = false) {
  const uint16_t id = group ? 2 : 1;
  return std::string(kNew, 4) + attribute(group ? 5 : 4, attribute(id, bytes_of(pid)) +
                                                             (aligned ? attribute(6, "") : "") + attribute(3, stats));
}

uint64_t At(size_t offset) { return offset * 1000 + 7; }

TEST(LinuxTaskstats, EveryVersion) {
  // Offsets of cpu, blkio, swapin, freepages, thrashing, compact, wpcopy, irq.
  const struct {
    const char *origin;
    uint16_t version;
    size_t len;
    std::vector<size_t> offsets;
  } rows[] = {
      {"2.6.18", 1, 72, {8, 24, 40}},
      {"2.6.19", 2, 184, {16, 32, 48}},
      {"2.6.20, with extended accounting", 3, 248, {16, 32, 48}},
      {"2.6.23, with context switches", 5, 288, {16, 32, 48}},
      {"2.6.24, scaled times", 6, 312, {16, 32, 48}},
      {"2.6.27: memory reclaim", 7, 328, {16, 32, 48, 312}},
      {"2.6.32 to 4.19", 8, 328, {16, 32, 48, 312}},
      {"4.20: thrashing", 9, 344, {16, 32, 48, 312, 328}},
      {"5.5: 64-bit start", 10, 352, {16, 32, 48, 312, 328}},
      {"5.17: compaction", 11, 368, {16, 32, 48, 312, 328, 352}},
      {"5.17: tgid, executable", 12, 400, {16, 32, 48, 312, 328, 352}},
      {"5.19: write-protect copies", 13, 416, {16, 32, 48, 312, 328, 352, 400}},
      {"6.4: interrupts", 14, 432, {16, 32, 48, 312, 328, 352, 400, 416}},
      {"6.14: peaks in the middle", 15, 560, {16, 48, 80, 360, 392, 432, 496, 528}},
      {"6.16: peaks at the end", 16, 560, {16, 32, 48, 312, 328, 352, 400, 416}},
      {"a version to come", 99, 2000, {16, 32, 48, 312, 328, 352, 400, 416}},
      {"cut in the middle of a total", 14, 326, {16, 32, 48}},
      {"the first delay only", 14, 32, {16}},
  };
  for (const auto &row : rows) {
    const std::string bytes = Answer(Stats(row.version, row.len));
    struct sondei_linux_taskstats out = {};
    sondei_parse_error err = {};
    ASSERT_EQ(sondei_linux_parse_taskstats(&out, &err, sondei_span_of(bytes.data(), bytes.size())), SONDE_OK)
        << row.origin << ": " << err.expected;
    EXPECT_EQ(out.version, row.version);
    EXPECT_EQ(out.pid, 42u);
    EXPECT_TRUE(out.is_group);
    const sonde_process_delays &d = out.delays;
    const uint64_t told[][2] = {{d.cpu_count, d.cpu_total},
                                {d.blkio_count, d.blkio_total},
                                {d.swapin_count, d.swapin_total},
                                {d.freepages_count, d.freepages_total},
                                {d.thrashing_count, d.thrashing_total},
                                {d.compact_count, d.compact_total},
                                {d.wpcopy_count, d.wpcopy_total},
                                {d.irq_count, d.irq_total}};
    for (size_t i = 0; i < 8; i++) {
      const bool has = i < row.offsets.size();
      EXPECT_EQ(d.valid >> i & 1, has ? 1u : 0u) << row.origin << " " << i;
      EXPECT_EQ(told[i][0], has ? At(row.offsets[i]) : 0u) << row.origin << " " << i;
      EXPECT_EQ(told[i][1], has ? At(row.offsets[i] + 8) : 0u) << row.origin << " " << i;
    }
  }
}

TEST(LinuxTaskstats, Frames) {
  const std::string stats = Stats(14, 432);
  const std::string whole = Answer(stats);
  const std::string header(kNew, 4);
  const struct {
    const char *origin;
    std::string bytes;
    const char *why;  // nullptr: understood
  } rows[] = {
      {"as it comes", whole, nullptr},
      {"an attribute for alignment (64-bit without unaligned access)", Answer(stats, 42, true, true), nullptr},
      {"a thread", Answer(stats, 42, false), nullptr},
      {"the controller's answer", "\1\2\0\0"s + whole.substr(4), "statistics of a task"},
      {"without a pid", header + attribute(5, attribute(3, stats)), "statistics of a task"},
      {"without statistics", header + attribute(5, attribute(2, bytes_of(uint32_t{42}))), "statistics of a task"},
      {"half a pid", header + attribute(5, attribute(2, "\1\0"s) + attribute(3, stats)), "statistics of a task"},
      {"empty statistics", Answer(""), "struct taskstats"},
      {"statistics too short for a delay", Answer(Stats(14, 24)), "struct taskstats"},
      {"version 0", Answer(Stats(0, 432)), "struct taskstats"},
      {"other attributes only", header + attribute(9, "x"), "statistics of a task"},
      {"an attribute that is too long", header + bytes_of(uint16_t{500}) + whole.substr(6, 100), "a netlink attribute"},
      {"one inside that is too long", header + attribute(5, bytes_of(uint16_t{500}) + "\2\0abcd"s),
       "a netlink attribute"},
      {"garbage", "\2\1garbagegarbage", "a netlink attribute"},
      {"truncated", whole.substr(0, whole.size() / 2), "a netlink attribute"},
      {"the header only", header, "statistics of a task"},
      {"empty", "", "a generic netlink header"},
  };
  for (const auto &row : rows) {
    struct sondei_linux_taskstats out, before;
    memset(&out, 0x5a, sizeof out);
    memcpy(&before, &out, sizeof out);
    sondei_parse_error err = {};
    const sonde_status status =
        sondei_linux_parse_taskstats(&out, &err, sondei_span_of(row.bytes.data(), row.bytes.size()));
    EXPECT_EQ(status, row.why == nullptr ? SONDE_OK : SONDE_ERR_PARSE) << row.origin;
    if (row.why == nullptr) continue;
    EXPECT_STREQ(err.expected, row.why) << row.origin;
    EXPECT_LE(err.position, row.bytes.size());
    EXPECT_EQ(memcmp(&out, &before, sizeof out), 0) << row.origin;
  }
}

}  // namespace
