// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_genetlink.h"
}

#include <gtest/gtest.h>

#include <string>

#include "tests/support/netlink_bytes.h"

namespace {

using sonde_test::attribute;
using sonde_test::bytes_of;
using namespace std::string_literals;

TEST(LinuxGenetlink, Family) {
  const std::string header = "\1\2\0\0"s;
  const std::string name = attribute(2, "TASKSTATS\0"s);
  const std::string id = attribute(1, bytes_of(uint16_t{31}));
  const std::string rest = attribute(3, bytes_of(uint32_t{1})) + attribute(6, attribute(1, "\x14\0\1\0"s));
  const struct {
    const char *origin;
    std::string bytes;
    int expected;  // -1: refused
    const char *why;
  } rows[] = {
      {"Linux 6.18", header + name + id + rest, 31, nullptr},
      {"the number first", header + id + name, 31, nullptr},
      {"no padding at the end", header + attribute(1, bytes_of(uint16_t{31})).substr(0, 6), 31, nullptr},
      {"the largest", header + attribute(1, "\xff\xff"), 65535, nullptr},
      {"no number", header + name + rest, -1, "a family's number"},
      {"a number of netlink's own", header + attribute(1, bytes_of(uint16_t{15})), -1, "a family's number"},
      {"half a number", header + attribute(1, "\x1f"), -1, "a family's number"},
      {"an attribute that is too long", header + bytes_of(uint16_t{200}) + id.substr(2), -1, "a netlink attribute"},
      {"an attribute of length 0", header + bytes_of(uint16_t{0}) + id.substr(2), -1, "a netlink attribute"},
      {"no attributes", header, -1, "a family's number"},
      {"garbage", "0123456789abcdef", -1, "a netlink attribute"},
      {"truncated", header.substr(0, 3), -1, "a generic netlink header"},
      {"empty", "", -1, "a generic netlink header"},
  };
  for (const auto &row : rows) {
    uint16_t family = 4711;
    sondei_parse_error err = {};
    const sondei_span in = sondei_span_of(row.bytes.data(), row.bytes.size());
    const sonde_status status = sondei_linux_parse_genetlink_family(&family, &err, in);
    EXPECT_EQ(status, row.expected < 0 ? SONDE_ERR_PARSE : SONDE_OK) << row.origin;
    EXPECT_EQ(family, row.expected < 0 ? 4711 : row.expected) << row.origin;
    if (row.expected < 0) {
      EXPECT_STREQ(err.expected, row.why) << row.origin;
    }
  }
}

TEST(LinuxGenetlink, Header) {
  const std::string bytes = "\2\1\0\0abc"s;
  struct sondei_linux_genetlink message = {};
  ASSERT_EQ(sondei_linux_parse_genetlink(&message, nullptr, sondei_span_of(bytes.data(), bytes.size())), SONDE_OK);
  EXPECT_EQ(message.command, 2);
  EXPECT_EQ(message.version, 1);
  EXPECT_EQ(std::string(message.attributes.data, message.attributes.len), "abc");
}

}  // namespace
