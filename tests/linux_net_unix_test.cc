// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_net_unix.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_net_unix s;
  sondei_parse_error err;
  while (sondei_linux_next_net_unix(&s, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += std::to_string(s.type) + (s.is_listening ? "L #" : " #") + std::to_string(s.inode) + " [" +
           std::string(s.path.data, s.path.len) + "]";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxNetUnix, Table) {
  const std::string heading = "Num       RefCount Protocol Flags    Type St Inode Path\n";
  const std::string one = "0000000000000000: 00000002 00000000 00010000 0001 01 ";
  const Row rows[] = {
      {"Debian 12", heading + one + "20912 /run/a.sock\n" + one + "20913\n", "1L #20912 [/run/a.sock]1L #20913 []"},
      {"a padded inode", one + "   12 /a\n", "1L #12 [/a]"},
      {"blanks in a path: psutil tells none", one + "1 /run/a b  c\n", "1L #1 [/run/a b  c]"},
      {"a line end in a path: psutil cuts it", heading + one + "1 /x\ny\n\nz\n" + one + "2 /w\n",
       "1L #1 [/x\ny\n\nz]1L #2 [/w]"},
      {"a heading within a path", one + "1 /x\nNum\n", "1L #1 [/x\nNum]"},
      {"abstract", one + "1 @abc@\n", "1L #1 [@abc@]"},
      {"32-bit addresses", "00000000: 00000002 00000000 00000000 0002 01 7 /d\n", "2 #7 [/d]"},
      {"sequenced packets", "00000000: 00000002 00000000 00000000 0005 03 7\n", "5 #7 []"},
      {"lines that are none after a socket without a path", one + "1\nwhat\n" + one + "2\n",
       "1L #1 []bad at 0: seven columns|0 #0 []1L #2 []"},
      {"an inode over 64 bits", one + "18446744073709551616 /x\n" + one + "2\n",
       "bad at 0: seven columns|0 #0 []1L #2 []"},
      {"no inode", one + "\n", "bad at 0: seven columns|0 #0 []"},
      {"a number with something behind", one + "7x\n" + one + "7x /a\n",
       "bad at 0: seven columns|0 #0 []bad at 0: seven columns|0 #0 []"},
      {"a line of a path that is nearly a row: another width of the address, a protocol, wider columns",
       one + "1 /x\n00000000: 00000002 00000000 00010000 0001 01 2\n" +
           "0000000000000000: 00000002 00000001 00010000 0001 01 2\n" +
           "0000000000000000: 000000002 00000000 00010000 0001 01 2\n" +
           "0000000000000000: 00000002 00000000 00010000 00001 01 2\n",
       "1L #1 [/x\n00000000: 00000002 00000000 00010000 0001 01 2\n"
       "0000000000000000: 00000002 00000001 00010000 0001 01 2\n"
       "0000000000000000: 000000002 00000000 00010000 0001 01 2\n"
       "0000000000000000: 00000002 00000000 00010000 00001 01 2]"},
      {"a line of a path that is exactly a row: nothing tells", one + "1 /x\n" + one + "2 /y\n",
       "1L #1 [/x]1L #2 [/y]"},
      {"not listening", "0000000000000000: 00000002 00000000 00000000 0001 03 2\n", "1 #2 []"},
      {"blank lines", "\n \n" + one + "2\n\n", "1L #2 []"},
      {"garbage", std::string("\xff\x00\x01", 3), "bad at 0: seven columns|0 #0 []"},
      {"truncated", one.substr(0, 30), "bad at 0: seven columns|0 #0 []"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxNetUnix, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_net_unix socket = {1, 4711, true, {"x", 1}};
  sondei_parse_error err;
  sondei_span in = sondei_span_text("Num  RefCount\n");
  EXPECT_FALSE(sondei_linux_next_net_unix(&socket, &err, &in));
  EXPECT_EQ(socket.inode, 4711u);
}

}  // namespace
