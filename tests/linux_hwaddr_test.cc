// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_hwaddr.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

std::string Parse(const std::string &text) {
  sonde_address address;
  sonde_address before;
  memset(&address, 0xa5, sizeof address);
  memcpy(&before, &address, sizeof address);
  sondei_parse_error err = {0, nullptr};
  if (sondei_linux_parse_hwaddr(&address, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&address, &before, sizeof address), 0) << "out was touched";
    EXPECT_STREQ(err.expected, "bytes in hexadecimal, parted by colons");
    return "bad at " + std::to_string(err.position);
  }
  EXPECT_EQ(address.family, address.len > 0 ? SONDE_FAMILY_LINK : SONDE_FAMILY_NONE);
  static const char digits[] = "0123456789abcdef";
  std::string all = std::to_string(address.len);
  for (int i = 0; i < address.len; i++) {
    all += std::string(" ") + digits[address.bytes[i] >> 4] + digits[address.bytes[i] & 15];
  }
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxHwaddr, Table) {
  const std::string longest =
      "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f";
  const Row rows[] = {
      {"Ethernet", "52:54:00:Ab:cd:eF\n", "6 52 54 00 ab cd ef"},
      {"the loopback", "00:00:00:00:00:00\n", "6 00 00 00 00 00 00"},
      {"an IPv4 tunnel", "c0:00:02:01\n", "4 c0 00 02 01"},
      {"a tunnel without addresses", "\n", "0"},
      {"Infiniband", "80:00:00:48:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1\n",
       "20 80 00 00 48 fe 80 00 00 00 00 00 00 f4 52 14 03 00 7b cb a1"},
      {"one digit, as some drivers write", "0:1:a", "3 00 01 0a"},
      {"33 bytes", longest + ":20", "bad at 95"},
      {"three digits", "001:02", "bad at 3"},
      {"a colon at the end", "01:02:", "bad at 6"},
      {"two colons", "01::02", "bad at 3"},
      {"dashes", "01-02", "bad at 2"},
      {"blanks before", " 52:54", "bad at 0"},
      {"256", "52:100", "bad at 3"},
      {"garbage", std::string("\xff\x00", 2), "bad at 0"},
      {"truncated", "52:5", "2 52 05"},
      {"empty", "", "0"},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
  EXPECT_EQ(Parse(longest).substr(0, 5), "32 00");
}

}  // namespace
