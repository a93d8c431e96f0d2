// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_netlink.h"
}

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/support/netlink_bytes.h"

namespace {

using sonde_test::attribute;
using sonde_test::bytes_of;
using sonde_test::message;

std::string Messages(const std::string &bytes) {
  std::string all;
  sondei_span in = sondei_span_of(bytes.data(), bytes.size());
  struct sondei_linux_netlink_message m;
  sondei_parse_error err;
  while (sondei_linux_next_netlink_message(&m, &err, &in)) {
    all += std::to_string(m.type) + " " + std::to_string(m.flags) + " " + std::to_string(m.sequence) + " " +
           std::string(m.payload.data, m.payload.len) + "\n";
  }
  EXPECT_EQ(err.expected == nullptr, in.len == 0);
  if (err.expected != nullptr) all += std::to_string(in.len) + " left: " + err.expected;
  return all;
}

TEST(LinuxNetlink, Messages) {
  const std::string one = message(16, "abcd", 7), odd = message(20, "abcde", 8, 0x12);
  std::string swapped = message(16, "abcd");
  std::swap(swapped[0], swapped[3]);
  std::swap(swapped[1], swapped[2]);
  const struct {
    const char *origin;
    std::string bytes, expected;
  } rows[] = {
      {"two, the first padded", odd + one, "20 18 8 abcde\n16 2 7 abcd\n"},
      {"without a payload", message(3, "", 1), "3 2 1 \n"},
      {"padding behind the last is missing", odd.substr(0, odd.size() - 3), "20 18 8 abcde\n"},
      {"a length below the header's", bytes_of(uint32_t{15}) + one.substr(4), "20 left: a netlink message"},
      {"a length of 0 would be for ever", bytes_of(uint32_t{0}) + one.substr(4), "20 left: a netlink message"},
      {"a length beyond the bytes", bytes_of(uint32_t{21}) + one.substr(4), "20 left: a netlink message"},
      {"the largest length", one + bytes_of(UINT32_MAX) + one.substr(4), "16 2 7 abcd\n20 left: a netlink message"},
      {"the other byte order: qemu-user", swapped, "20 left: a netlink message"},
      {"garbage", "0123456789abcdef0", "17 left: a netlink message"},
      {"truncated", one.substr(0, 10), "10 left: a netlink message"},
      {"empty", "", ""},
  };
  for (const auto &row : rows) EXPECT_EQ(Messages(row.bytes), row.expected) << row.origin;
}

TEST(LinuxNetlink, Attributes) {
  const std::string text = attribute(3, "eth0") + attribute(0x8001, "x") + attribute(2, "");
  const struct {
    const char *origin;
    std::string bytes, expected;
  } rows[] = {
      {"three, one nested", text, "3=eth0 1=x 2= "},
      {"padding behind the last is missing", attribute(5, "x").substr(0, 5), "5=x "},
      {"a length below the header's", bytes_of(uint16_t{3}) + bytes_of(uint16_t{1}), "4 left"},
      {"a length of 0 would be for ever", bytes_of(uint16_t{0}) + bytes_of(uint16_t{1}), "4 left"},
      {"a length beyond the bytes", bytes_of(uint16_t{5}) + bytes_of(uint16_t{1}), "4 left"},
      {"garbage", "\xff\xff\xff\xff\xff", "5 left"},
      {"truncated", attribute(3, "eth0") + "ab", "3=eth0 2 left"},
      {"empty", "", ""},
  };
  for (const auto &row : rows) {
    std::string all;
    sondei_span in = sondei_span_of(row.bytes.data(), row.bytes.size());
    struct sondei_linux_netlink_attribute a;
    sondei_parse_error err;
    while (sondei_linux_next_netlink_attribute(&a, &err, &in)) {
      all += std::to_string(a.type) + "=" + std::string(a.payload.data, a.payload.len) + " ";
    }
    EXPECT_EQ(err.expected == nullptr, in.len == 0) << row.origin;
    if (err.expected != nullptr) all += std::to_string(in.len) + " left";
    EXPECT_EQ(all, row.expected) << row.origin;
  }
}

TEST(LinuxNetlink, OutIsUntouchedOnFailure) {
  struct sondei_linux_netlink_message m = {1, 2, 3, 4, {"x", 1}};
  struct sondei_linux_netlink_attribute a = {1, {"x", 1}};
  sondei_parse_error err;
  sondei_span in = sondei_span_text("abc");
  EXPECT_FALSE(sondei_linux_next_netlink_message(&m, &err, &in));
  EXPECT_EQ(m.type, 1);
  EXPECT_EQ(m.payload.len, 1u);
  EXPECT_FALSE(sondei_linux_next_netlink_attribute(&a, &err, &in));
  EXPECT_EQ(a.type, 1);
  EXPECT_EQ(in.len, 3u);
}

TEST(LinuxNetlink, Errno) {
  const auto code = [](const std::string &payload) {
    return sondei_linux_netlink_errno(sondei_span_of(payload.data(), payload.size()));
  };
  EXPECT_EQ(code(bytes_of(int32_t{-1})), 1);
  EXPECT_EQ(code(bytes_of(int32_t{-95}) + "rest"), 95);
  EXPECT_EQ(code(bytes_of(int32_t{-4095})), 4095);
  EXPECT_EQ(code(bytes_of(int32_t{0})), 0);
  EXPECT_EQ(code(bytes_of(int32_t{-4096})), -1);
  EXPECT_EQ(code(bytes_of(int32_t{1})), -1);
  EXPECT_EQ(code("abc"), 0);
  EXPECT_EQ(code(""), 0);
}

}  // namespace
