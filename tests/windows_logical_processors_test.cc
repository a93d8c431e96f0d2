// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_logical_processors.h"
}

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using Masks = std::vector<std::pair<uint16_t, uint64_t>>;

std::string Number(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; i++) out.push_back(static_cast<char>(value >> 8 * i & 0xff));
  return out;
}

std::string Affinities(size_t pointer_size, const Masks &masks) {
  std::string out;
  for (const auto &[group, mask] : masks) out += Number(mask, pointer_size) + Number(group, 2) + Number(0, 6);
  return out;
}

std::string Record(uint32_t relationship, const std::string &rest, size_t padding = 0) {
  return Number(relationship, 4) + Number(8 + rest.size() + padding, 4) + rest + std::string(padding, '\x5a');
}

std::string Processor(uint32_t relationship, size_t pointer_size, uint8_t efficiency, const Masks &masks) {
  return Record(relationship, Number(1, 1) + Number(efficiency, 1) + std::string(20, '\0') + Number(masks.size(), 2) +
                                  Affinities(pointer_size, masks));
}

std::string Node(size_t pointer_size, uint32_t node, uint16_t count, const Masks &masks, uint32_t relationship = 1) {
  return Record(relationship,
                Number(node, 4) + std::string(18, '\0') + Number(count, 2) + Affinities(pointer_size, masks));
}

std::string Cache(size_t pointer_size, uint8_t level, uint8_t ways, uint32_t type, uint16_t count, const Masks &masks) {
  return Record(2, Number(level, 1) + Number(ways, 1) + Number(64, 2) + Number(32768, 4) + Number(type, 4) +
                       std::string(18, '\0') + Number(count, 2) + Affinities(pointer_size, masks));
}

std::string Groups(size_t pointer_size, const std::vector<std::pair<uint8_t, uint8_t>> &groups) {
  std::string rest = Number(groups.size(), 2) + Number(groups.size(), 2) + std::string(20, '\0');
  for (const auto &[most, active] : groups) {
    const uint64_t mask = active >= 64 ? UINT64_MAX : (uint64_t{1} << active) - 1;
    rest += Number(most, 1) + Number(active, 1) + std::string(38, '\0') + Number(mask, pointer_size);
  }
  return Record(4, rest);
}

std::string Hex(uint64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
  return text;
}

// "relation what: group/mask ...", or what was wrong, for each record.
std::string Parse(const std::string &bytes, size_t pointer_size) {
  struct sondei_windows_block in = {sondei_span_of(bytes.data(), bytes.size()), 0x1000, pointer_size};
  struct sondei_windows_logical_processors record = {};
  struct sondei_windows_group_affinity affinity = {};
  struct sondei_windows_processor_group group = {};
  sondei_parse_error err;
  std::string all;
  while (sondei_windows_next_logical_processors(&record, &err, &in)) {
    if (!all.empty()) all += "; ";
    if (err.expected != nullptr) {
      all += "bad at " + std::to_string(err.position) + ": " + err.expected;
      continue;
    }
    switch (record.relation) {
      case SONDEI_WINDOWS_RELATION_CORE:
        all += "core " + std::to_string(record.efficiency_class);
        break;
      case SONDEI_WINDOWS_RELATION_NUMA_NODE:
      case SONDEI_WINDOWS_RELATION_NUMA_NODE_EX:
        all += "node " + std::to_string(record.node);
        break;
      case SONDEI_WINDOWS_RELATION_CACHE:
        all += "cache L" + std::to_string(record.level) + " " + std::to_string(record.associativity) + " ways " +
               std::to_string(record.line_size) + " of " + std::to_string(record.cache_size) + " type " +
               std::to_string(record.cache_type);
        break;
      case SONDEI_WINDOWS_RELATION_PACKAGE:
        all += "package";
        break;
      case SONDEI_WINDOWS_RELATION_GROUPS:
        all += "groups";
        break;
      case SONDEI_WINDOWS_RELATION_DIE:
        all += "die";
        break;
      case SONDEI_WINDOWS_RELATION_MODULE:
        all += "module";
        break;
    }
    struct sondei_windows_logical_processors other = record;
    if (record.relation == SONDEI_WINDOWS_RELATION_GROUPS) {
      EXPECT_FALSE(sondei_windows_next_group_affinity(&affinity, &other));
    } else {
      EXPECT_FALSE(sondei_windows_next_processor_group(&group, &other));
    }
    while (sondei_windows_next_group_affinity(&affinity, &record)) {
      all += " " + std::to_string(affinity.group) + "/" + Hex(affinity.mask);
    }
    while (sondei_windows_next_processor_group(&group, &record)) {
      all += " " + std::to_string(group.active_count) + " of " + std::to_string(group.max_count) + "/" +
             Hex(group.active_mask);
    }
  }
  EXPECT_EQ(in.bytes.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

struct Row {
  const char *origin;
  std::string bytes;
  std::string expected;
  size_t pointer_size;
};

TEST(WindowsLogicalProcessors, Table) {
  const std::string not_whole = "bad at 0: a whole record of its relationship";
  const std::string no_size = "bad at 0: a record and its size";
  std::string many = Processor(3, 8, 0, {{0, 3}, {1, 5}});
  many[30] = 3;
  std::string most = many;
  most[30] = '\xff';
  most[31] = '\xff';
  const Row rows[] = {
      {"a core with two threads", Processor(0, 8, 0, {{0, 3}}), "core 0 0/3", 8},
      {"a fast one", Processor(0, 8, 1, {{0, 0xc}}), "core 1 0/c", 8},
      {"a core of a 32-bit process", Processor(0, 4, 0, {{0, 0x80000000}}), "core 0 0/80000000", 4},
      {"a package in two groups", Processor(3, 8, 0, {{0, UINT64_MAX}, {1, 0xffffffff}}),
       "package 0/ffffffffffffffff 1/ffffffff", 8},
      {"Windows 11: dies, modules", Processor(5, 8, 0, {{0, 15}}) + Processor(7, 8, 0, {{0, 3}}), "die 0/f; module 0/3",
       8},
      {"a node before Windows 10 20H2", Node(8, 1, 0, {{0, 0xff}}), "node 1 0/ff", 8},
      {"a node that spans groups", Node(8, 0, 2, {{0, 1}, {1, 2}}, 6), "node 0 0/1 1/2", 8},
      {"a node without CPUs", Node(8, 3, 0, {{0, 0}}), "node 3 0/0", 8},
      {"caches", Cache(8, 1, 8, 2, 0, {{0, 3}}) + Cache(8, 3, 255, 0, 1, {{1, 255}}),
       "cache L1 8 ways 64 of 32768 type 2 0/3; cache L3 255 ways 64 of 32768 type 0 1/ff", 8},
      {"a cache of a 32-bit process", Cache(4, 2, 4, 0, 0, {{0, 3}}), "cache L2 4 ways 64 of 32768 type 0 0/3", 4},
      {"two groups, one of them not full", Groups(8, {{64, 64}, {64, 32}}),
       "groups 64 of 64/ffffffffffffffff 32 of 64/ffffffff", 8},
      {"groups of a 32-bit process", Groups(4, {{32, 2}}), "groups 2 of 32/3", 4},
      {"what comes behind is left alone", Record(0, Processor(0, 8, 0, {{0, 3}}).substr(8), 13), "core 0 0/3", 8},
      {"a size that is no multiple of anything",
       Record(0, Processor(0, 8, 0, {{0, 3}}).substr(8), 3) + Processor(0, 8, 0, {{0, 4}}), "core 0 0/3; core 0 0/4",
       8},
      {"a relationship of the future", Record(8, "abc") + Record(0xffff, "") + Processor(0, 8, 0, {{0, 3}}),
       "core 0 0/3", 8},
      {"only that", Record(8, ""), "", 8},
      {"no masks", Processor(0, 8, 0, {}), "core 0", 8},
      {"fewer masks than it says", many + Node(8, 1, 1, {{0, 1}}), not_whole + "; node 1 0/1", 8},
      {"65,535 masks", most, not_whole, 8},
      {"a cache that ends early", Record(2, std::string(10, '\0')), not_whole, 8},
      {"a cache without its masks", Cache(8, 1, 8, 2, 1, {}), not_whole, 8},
      {"a record that is a header", Record(0, "") + Record(4, "") + Record(1, "") + Record(5, "x"),
       not_whole + "; bad at 0: a whole record of its relationship; bad at 0: a whole record of its relationship; bad "
                   "at 0: a whole record of its relationship",
       8},
      {"a size of 0", Number(0, 4) + Number(0, 4) + Processor(0, 8, 0, {{0, 3}}), no_size, 8},
      {"a size below the header's", Number(0, 4) + Number(7, 4) + Processor(0, 8, 0, {{0, 3}}), no_size, 8},
      {"a size beyond the end", Number(0, 4) + Number(81, 4) + std::string(72, '\0'), no_size, 8},
      {"the largest size", Number(0, 4) + Number(UINT32_MAX, 4), no_size, 8},
      {"garbage", std::string(48, '\xff'), no_size, 8},
      {"truncated", Processor(0, 8, 0, {{0, 3}}) + Processor(0, 8, 0, {{0, 4}}).substr(0, 47), "core 0 0/3; " + no_size,
       8},
      {"truncated in a size", Processor(0, 8, 0, {{0, 3}}) + Number(0, 4), "core 0 0/3; " + no_size, 8},
      {"an unknown one, then a piece", Record(9, "1234") + "x", "bad at 12: a record and its size", 8},
      {"empty", "", "", 8},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.bytes, row.pointer_size), row.expected) << row.origin;
}

}  // namespace
