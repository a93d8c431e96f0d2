// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <set>
#include <string>

namespace {

struct Row {
  sonde_status status;
  int value;
  const char *name;
  const char *message;
};

// Pinned here by hand: values and names never change.
const Row kRows[] = {
    {SONDE_OK, 0, "SONDE_OK", "success"},
    {SONDE_ERR_INVALID, -1, "SONDE_ERR_INVALID", "invalid argument"},
    {SONDE_ERR_NO_MEMORY, -2, "SONDE_ERR_NO_MEMORY", "out of memory"},
    {SONDE_ERR_NO_PROCESS, -3, "SONDE_ERR_NO_PROCESS", "no such process"},
    {SONDE_ERR_ZOMBIE, -4, "SONDE_ERR_ZOMBIE", "the process has ended and awaits its parent"},
    {SONDE_ERR_ACCESS, -5, "SONDE_ERR_ACCESS", "not permitted"},
    {SONDE_ERR_UNSUPPORTED, -6, "SONDE_ERR_UNSUPPORTED", "not supported by this operating system"},
    {SONDE_ERR_TIMEOUT, -7, "SONDE_ERR_TIMEOUT", "deadline passed"},
    {SONDE_ERR_PARSE, -8, "SONDE_ERR_PARSE", "the operating system's answer is not understood"},
    {SONDE_ERR_OS, -9, "SONDE_ERR_OS", "the operating system reported an error"},
};

TEST(Status, ValuesNamesAndMessagesArePinned) {
  for (const Row &row : kRows) {
    EXPECT_EQ(static_cast<int>(row.status), row.value);
    EXPECT_STREQ(sonde_status_name(row.status), row.name);
    EXPECT_STREQ(sonde_strerror(row.status), row.message);
  }
}

TEST(Status, TheTableIsWholeAndWithoutDoubles) {
  std::set<int> values;
  std::set<std::string> names;
  size_t count = 0;
#define XX(name, value, message) \
  values.insert(value);          \
  names.insert(#name);           \
  count++;
  SONDE_STATUS_MAP(XX)
#undef XX
  EXPECT_EQ(count, sizeof kRows / sizeof kRows[0]);
  EXPECT_EQ(values.size(), count);
  EXPECT_EQ(names.size(), count);
}

TEST(Status, OtherNumbersAreUnknown) {
  for (int value : {1, 7, -10, -1000, 0x7fffffff, -0x7fffffff}) {
    EXPECT_STREQ(sonde_strerror(static_cast<sonde_status>(value)), "unknown status");
    EXPECT_STREQ(sonde_status_name(static_cast<sonde_status>(value)), "SONDE_?");
  }
}

TEST(Status, VersionOfHeaderAndArchiveMatch) {
  EXPECT_STREQ(sonde_version(), SONDE_VERSION_STRING);
  const std::string parts = std::to_string(SONDE_VERSION_MAJOR) + "." + std::to_string(SONDE_VERSION_MINOR) + "." +
                            std::to_string(SONDE_VERSION_PATCH);
  EXPECT_EQ(parts, SONDE_VERSION_STRING);
}

}  // namespace
