// SPDX-License-Identifier: MIT
// Every table of the command against the struct in sonde.h that it is about: a member that is in one and not in the
// other fails.
extern "C" {
#include "tools/fields.h"
}

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

// The header without comments.
std::string ReadHeader() {
  std::ifstream file("include/sonde/sonde.h");
  std::stringstream text;
  text << file.rdbuf();
  std::string source = text.str();
  for (size_t start = source.find("/*"); start != std::string::npos; start = source.find("/*")) {
    const size_t end = source.find("*/", start);
    source.erase(start, end + 2 - start);
  }
  return source;
}

// The names that a declaration such as "const uint32_t *cpus;" or "double user, system" declares.
std::vector<std::string> NamesOf(const std::string &declaration) {
  std::vector<std::string> names;
  std::stringstream parts(declaration);
  for (std::string part; std::getline(parts, part, ',');) {
    part = std::regex_replace(part, std::regex("\\[.*\\]"), "");
    std::smatch match;
    if (std::regex_search(part, match, std::regex("([A-Za-z_0-9]+)\\s*$"))) names.push_back(match[1]);
  }
  return names;
}

// Members by struct, as "typedef struct NAME { ... } NAME;" declares them.
std::map<std::string, std::set<std::string>> ParseStructs(const std::string &header) {
  std::map<std::string, std::set<std::string>> structs;
  const std::regex pattern("typedef struct (sonde_[a-z0-9_]+) \\{([^}]*)\\}");
  for (std::sregex_iterator it(header.begin(), header.end(), pattern), end; it != end; ++it) {
    std::stringstream members((*it)[2].str());
    for (std::string member; std::getline(members, member, ';');) {
      for (const std::string &name : NamesOf(member)) structs[(*it)[1]].insert(name);
    }
  }
  return structs;
}

// Enumerators with their values: "NAME = 5" and "NAME = 1 << 5".
std::map<std::string, uint64_t> ParseEnumerators(const std::string &header) {
  std::map<std::string, uint64_t> values;
  const std::regex pattern("(SONDE_[A-Z0-9_]+) = (\\d+)( << (\\d+))?\\s*[,}]");
  for (std::sregex_iterator it(header.begin(), header.end(), pattern), end; it != end; ++it) {
    const uint64_t base = std::stoull((*it)[2]);
    values[(*it)[1]] = (*it)[4].matched ? base << std::stoull((*it)[4]) : base;
  }
  return values;
}

// What the command has no table for, each with its reason.
const std::set<std::string> kNotShown = {
    "sonde_string",     // a member, shown as text
    "sonde_address",    // a member, shown as text
    "sonde_allocator",  // what callers give
    "sonde_options",    // what callers give
    "sonde_error",      // the text goes to standard error
    "sonde_heap_info",  // of the calling process: nobody asks about the command's own heap
    "sonde_cpu_list",   // a list of numbers
    "sonde_pid_list",   // a list of numbers
    "sonde_exit",       // of actions
    "sonde_backend",    // no struct of this header
};

TEST(Fields, EachTableHasAllMembersOfItsStruct) {
  const auto structs = ParseStructs(ReadHeader());
  ASSERT_GT(structs.size(), 50u) << "the header was not understood";
  for (size_t i = 0; i < num_records; i++) {
    const record *const table = all_records[i];
    const auto found = structs.find(table->name);
    ASSERT_NE(found, structs.end()) << table->name << " is not in sonde.h";
    std::set<std::string> shown;
    for (size_t k = 0; k < table->num_fields; k++) {
      const field &entry = table->fields[k];
      EXPECT_TRUE(shown.insert(entry.name).second) << table->name << "." << entry.name << " stands there twice";
      if (entry.count_name != nullptr) shown.insert(entry.count_name);
    }
    std::set<std::string> declared = found->second;
    declared.erase("valid");   // shown by leaving out what was not told
    declared.erase("memory");  // private
    EXPECT_EQ(shown, declared) << table->name;
  }
}

TEST(Fields, EachStructHasATable) {
  std::set<std::string> tables;
  for (size_t i = 0; i < num_records; i++) tables.insert(all_records[i]->name);
  for (const auto &entry : ParseStructs(ReadHeader())) {
    EXPECT_TRUE(tables.count(entry.first) == 1 || kNotShown.count(entry.first) == 1)
        << entry.first << " has no table in tools/fields.c";
  }
}

TEST(Fields, BitsGoWithRecordsThatHaveThem) {
  for (size_t i = 0; i < num_records; i++) {
    const record *const table = all_records[i];
    bool has_bits = false;
    for (size_t k = 0; k < table->num_fields; k++) {
      has_bits = has_bits || table->fields[k].bit != 0;
      EXPECT_LE(table->fields[k].offset + table->fields[k].size, table->size) << table->name;
    }
    EXPECT_EQ(has_bits, table->valid_offset != RECORD_HAS_NONE) << table->name;
  }
}

// Where several fields share one bit, the comment of each of them in the header names it; so a field whose name is the
// tail of a bit must have that bit.
TEST(Fields, AFieldNamedAsABitHasThatBit) {
  for (size_t k = 0; k < names_process_field.count; k++) {
    const field *const entry = record_find(&record_process, names_process_field.names[k].name);
    if (entry == nullptr) continue;
    EXPECT_EQ(entry->bit, names_process_field.names[k].value) << entry->name;
  }
}

TEST(Fields, EveryProcessBitHasAField) {
  uint64_t bits = 0;
  for (size_t k = 0; k < record_process.num_fields; k++) bits |= record_process.fields[k].bit;
  EXPECT_EQ(bits, SONDE_PROCESS_ALL);
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

TEST(Fields, WordsAreTheTailsOfTheEnumerators) {
  const auto enumerators = ParseEnumerators(ReadHeader());
  ASSERT_GT(enumerators.size(), 300u) << "the header was not understood";
  for (size_t i = 0; i < num_names; i++) {
    const field_names *const table = all_names[i];
    if (table == &names_process_field) continue;  // made of SONDE_PROCESS_FIELD_MAP
    for (size_t k = 0; k < table->count; k++) {
      bool found = false;
      for (const auto &entry : enumerators) {
        found = found || (entry.first.rfind(table->prefix, 0) == 0 && entry.second == table->names[k].value &&
                          Lower(entry.first.substr(strlen(table->prefix))) == table->names[k].name);
      }
      EXPECT_TRUE(found) << table->prefix << " " << table->names[k].name;
    }
  }
}

// The enumerators of one enum, from the first to the last, have words.
TEST(Fields, EveryEnumeratorHasAWord) {
  const std::string header = ReadHeader();
  const std::map<std::string, const field_names *> enums = {
      {"sonde_cpu_cache_type", &names_cpu_cache_type},
      {"sonde_vulnerability_state", &names_vulnerability_state},
      {"sonde_unit", &names_unit},
      {"sonde_disk_kind", &names_disk_kind},
      {"sonde_family", &names_family},
      {"sonde_duplex", &names_duplex},
      {"sonde_socket_type", &names_socket_type},
      {"sonde_connection_state", &names_connection_state},
      {"sonde_sensor_kind", &names_sensor_kind},
      {"sonde_battery_state", &names_battery_state},
      {"sonde_service_state", &names_service_state},
      {"sonde_service_start_type", &names_service_start_type},
      {"sonde_pressure_resource", &names_pressure_resource},
      {"sonde_process_state", &names_process_state},
      {"sonde_file_kind", &names_file_kind},
      {"sonde_limit_kind", &names_limit_kind},
  };
  // These are no fields of a record.
  const std::set<std::string> others = {"sonde_status", "sonde_log_level", "sonde_capability"};
  const std::regex pattern("typedef enum (sonde_[a-z0-9_]+) \\{([^}]*)\\}");
  for (std::sregex_iterator it(header.begin(), header.end(), pattern), end; it != end; ++it) {
    const std::string name = (*it)[1];
    if (others.count(name) == 1) continue;
    ASSERT_EQ(enums.count(name), 1u) << name << " has no words in tools/field_names.c";
    for (const auto &entry : ParseEnumerators((*it)[2].str() + ",")) {
      if (entry.first == "SONDE_LIMIT_KINDS") continue;  // how many there are
      EXPECT_NE(field_names_find(enums.at(name), entry.second), nullptr) << entry.first;
    }
  }
  const std::regex flags("(SONDE_MOUNT_|SONDE_NET_IF_)([A-Z]+) = 1 << (\\d+)|(SONDE_NET_IF_STATS_)");
  for (std::sregex_iterator it(header.begin(), header.end(), flags), end; it != end; ++it) {
    if ((*it)[4].matched) continue;
    const bool is_mount = (*it)[1] == "SONDE_MOUNT_";
    EXPECT_NE(field_names_find(is_mount ? &names_mount_flags : &names_net_if_flags, 1ull << std::stoull((*it)[3])),
              nullptr)
        << (*it)[0];
  }
}

TEST(Fields, LimitsAreCalledAsTheLibraryCallsThem) {
  for (size_t k = 0; k < names_limit_kind.count; k++) {
    EXPECT_STREQ(sonde_limit_name(static_cast<sonde_limit_kind>(names_limit_kind.names[k].value)),
                 names_limit_kind.names[k].name);
  }
}

TEST(Fields, WhatIsNotValidIsNotTold) {
  sonde_cpu_times times = {};
  times.user = 5;
  times.valid = SONDE_CPU_TIMES_SYSTEM;
  EXPECT_FALSE(field_is_told(&record_cpu_times, record_find(&record_cpu_times, "user"), &times));
  EXPECT_TRUE(field_is_told(&record_cpu_times, record_find(&record_cpu_times, "system"), &times));
  EXPECT_TRUE(field_is_told(&record_cpu_times, record_find(&record_cpu_times, "cpu"), &times));
}

TEST(Fields, ABadRowDoesNotTellZeros) {
  sonde_limit limit = {};
  EXPECT_TRUE(field_is_told(&record_limit, record_find(&record_limit, "soft"), &limit));
  limit.status = SONDE_ERR_PARSE;
  limit.hard = 7;
  EXPECT_FALSE(field_is_told(&record_limit, record_find(&record_limit, "soft"), &limit));
  EXPECT_TRUE(field_is_told(&record_limit, record_find(&record_limit, "hard"), &limit));
  sonde_open_file file = {};
  file.status = SONDE_ERR_ACCESS;
  EXPECT_TRUE(field_is_told(&record_open_file, record_find(&record_open_file, "fd"), &file)) << "descriptor 0";
}

}  // namespace
