// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_utmp.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

// A record as the C library writes it, in the byte order of this machine.
std::string Record(size_t size, int16_t type, int32_t pid, const std::string &line, const std::string &user,
                   const std::string &host, int64_t seconds, int64_t microseconds) {
  std::string record(size, '\0');
  const auto put = [&record](size_t at, const void *bytes, size_t len) { std::memcpy(&record[at], bytes, len); };
  put(0, &type, sizeof type);
  put(4, &pid, sizeof pid);
  put(8, line.data(), line.size());
  put(44, user.data(), user.size());
  put(76, host.data(), host.size());
  if (size == SONDEI_LINUX_UTMP_SIZE_64) {
    put(344, &seconds, 8);
    put(352, &microseconds, 8);
  } else {
    const uint32_t narrow[2] = {static_cast<uint32_t>(seconds), static_cast<uint32_t>(microseconds)};
    put(340, narrow, sizeof narrow);
  }
  return record;
}

std::string Parse(const std::string &bytes, size_t record_size) {
  std::string all;
  sondei_span in = sondei_span_of(bytes.data(), bytes.size());
  struct sondei_linux_utmp row;
  sondei_parse_error err;
  while (sondei_linux_next_utmp(&row, &err, &in, record_size, sondei_host_byte_order())) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += std::to_string(row.type) + " " + std::to_string(row.pid) + " " + std::string(row.line.data, row.line.len) +
           "|" + std::string(row.user.data, row.user.len) + "|" + std::string(row.host.data, row.host.len) + "|";
    all += (row.has_time ? std::to_string(row.time) : "-") + "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

TEST(LinuxUtmp, Table) {
  const std::string line32(32, 'l'), user32(32, 'u'), host256(256, 'h');
  for (const size_t size : {size_t{SONDEI_LINUX_UTMP_SIZE_32}, size_t{SONDEI_LINUX_UTMP_SIZE_64}}) {
    SCOPED_TRACE(size);
    const bool wide = size == SONDEI_LINUX_UTMP_SIZE_64;
    const struct {
      const char *origin;
      std::string bytes;
      std::string expected;
    } rows[] = {
        {"a login by ssh", Record(size, 7, 4711, "pts/0", "root", "192.0.2.1", 1700000000, 123456),
         "7 4711 pts/0|root|192.0.2.1|1700000000123456000\n"},
        {"boot, and a dead session",
         Record(size, 2, 0, "~", "reboot", "6.1.0-18-amd64", 1, 0) + Record(size, 8, 12, "tty1", "", "", 2, 0),
         "2 0 ~|reboot|6.1.0-18-amd64|1000000000\n8 12 tty1|||2000000000\n"},
        {"fields not ended by NUL: psutil #2877", Record(size, 7, 1, line32, user32, host256, 1, 0),
         "7 1 " + line32 + "|" + user32 + "|" + host256 + "|1000000000\n"},
        {"after 2038", Record(size, 7, 1, "a", "b", "c", 4102444800, 999999), "7 1 a|b|c|4102444800999999000\n"},
        {"microseconds that are none", Record(size, 7, 1, "a", "b", "c", 1, 1000000), "7 1 a|b|c|-\n"},
        {"a time before the epoch", Record(size, 7, 1, "a", "b", "c", -1, 0),
         wide ? "7 1 a|b|c|-\n" : "7 1 a|b|c|4294967295000000000\n"},
        {"a negative pid and type", Record(size, -1, -2, "", "", "", 0, 0), "-1 -2 |||0\n"},
        {"garbage", std::string(size, '\xff'),
         "-1 -1 " + std::string(32, '\xff') + "|" + std::string(32, '\xff') + "|" + std::string(256, '\xff') + "|-\n"},
        {"truncated", Record(size, 7, 1, "a", "b", "c", 1, 0) + std::string(5, '\7'),
         "7 1 a|b|c|1000000000\nbad at 5: a whole record|0 0 |||-\n"},
        {"empty", "", ""},
    };
    for (const auto &row : rows) EXPECT_EQ(Parse(row.bytes, size), row.expected) << row.origin;
  }
}

TEST(LinuxUtmp, TimesBeyondNanoseconds) {
  const size_t size = SONDEI_LINUX_UTMP_SIZE_64;
  EXPECT_EQ(Parse(Record(size, 7, 1, "", "", "", 18446744072, 999999), size), "7 1 |||18446744072999999000\n");
  EXPECT_EQ(Parse(Record(size, 7, 1, "", "", "", 18446744073, 0), size), "7 1 |||-\n");
}

TEST(LinuxUtmp, ByteOrders) {
  for (const sondei_byte_order order : {SONDEI_LITTLE_ENDIAN, SONDEI_BIG_ENDIAN}) {
    for (const size_t size : {size_t{SONDEI_LINUX_UTMP_SIZE_32}, size_t{SONDEI_LINUX_UTMP_SIZE_64}}) {
      const bool is_big = order == SONDEI_BIG_ENDIAN;
      const bool is_wide = size == SONDEI_LINUX_UTMP_SIZE_64;
      std::string record(size, '\0');
      record[is_big ? 1 : 0] = 7;                                              // type
      record[is_big ? 7 : 4] = 5;                                              // pid
      record[is_wide ? (is_big ? 351 : 344) : (is_big ? 343 : 340)] = 9;       // seconds
      record[is_wide ? (is_big ? 359 : 352) : (is_big ? 347 : 344)] = '\x01';  // microseconds
      sondei_span in = sondei_span_of(record.data(), record.size());
      struct sondei_linux_utmp row;
      sondei_parse_error err;
      ASSERT_TRUE(sondei_linux_next_utmp(&row, &err, &in, size, order));
      EXPECT_EQ(row.type, 7);
      EXPECT_EQ(row.pid, 5);
      EXPECT_EQ(row.time, 9000001000u) << size;
    }
  }
}

TEST(LinuxUtmp, RecordSize) {
  EXPECT_EQ(sondei_linux_utmp_record_size(384 * 3, 400), 384u);
  EXPECT_EQ(sondei_linux_utmp_record_size(400 * 3, 384), 400u);
  EXPECT_EQ(sondei_linux_utmp_record_size(0, 400), 400u);
  EXPECT_EQ(sondei_linux_utmp_record_size(9600, 400), 400u);
  EXPECT_EQ(sondei_linux_utmp_record_size(9600, 384), 384u);
  EXPECT_EQ(sondei_linux_utmp_record_size(1000, 384), 384u);
}

TEST(LinuxUtmp, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_utmp row = {};
  row.pid = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_of("", 0);
  EXPECT_FALSE(sondei_linux_next_utmp(&row, &err, &in, SONDEI_LINUX_UTMP_SIZE_32, sondei_host_byte_order()));
  EXPECT_EQ(row.pid, 4711);
}

}  // namespace
