// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_uevent.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

std::string Parse(const std::string &text) {
  struct sondei_linux_uevent u;
  struct sondei_linux_uevent before;
  memset(&u, 0xa5, sizeof u);
  memcpy(&before, &u, sizeof u);
  sondei_parse_error err = {0, nullptr};
  if (sondei_linux_parse_uevent(&u, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&u, &before, sizeof u), 0) << "out was touched";
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  EXPECT_TRUE(u.has_dev || (u.dev_major == 0 && u.dev_minor == 0));
  return (u.has_dev ? std::to_string(u.dev_major) + ":" + std::to_string(u.dev_minor) : "-") + " " +
         std::string(u.devname.data, u.devname.len) + " " + std::string(u.devtype.data, u.devtype.len);
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxUevent, Table) {
  const Row rows[] = {
      {"a disk, 6.18", "MAJOR=254\nMINOR=0\nDEVNAME=vda\nDEVTYPE=disk\nDISKSEQ=9\n", "254:0 vda disk"},
      {"a partition", "MAJOR=259\nMINOR=1\nDEVNAME=nvme0n1p1\nDEVTYPE=partition\nPARTN=1\nPARTNAME=EFI System\n",
       "259:1 nvme0n1p1 partition"},
      {"a slash in the name", "MAJOR=104\nMINOR=0\nDEVNAME=cciss/c0d0\nDEVTYPE=disk\n", "104:0 cciss/c0d0 disk"},
      {"no device number: a network interface", "INTERFACE=eth0\nIFINDEX=2\n", "-  "},
      {"one of the two numbers", "MAJOR=8\nDEVNAME=sda\n", "- sda "},
      {"the other of the two numbers", "MINOR=8\nDEVNAME=sda\n", "- sda "},
      {"a key that ends like one of ours", "XMAJOR=8\nMAJOR=7\nMINOR=2\n", "7:2  "},
      {"the largest numbers", "MAJOR=4294967295\nMINOR=4294967295", "4294967295:4294967295  "},
      {"a number that is none", "MAJOR=8x\n", "bad at 6: a device number"},
      {"a number over 32 bits", "MAJOR=8\nMINOR=4294967296\n", "bad at 14: a device number"},
      {"garbage", std::string("\xff\x00=\n==\n", 7), "-  "},
      {"truncated", "MAJOR=8\nMINOR=", "bad at 14: a device number"},
      {"empty", "", "-  "},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
