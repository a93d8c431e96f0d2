// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_pid_stat.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

// "columns|comm|state|ppid|utime|starttime", or "bad at N: what".
std::string Parse(const std::string &text) {
  struct sondei_linux_pid_stat row;
  struct sondei_linux_pid_stat untouched;
  sondei_parse_error err = {0, nullptr};
  memset(&row, 0x5a, sizeof row);
  memcpy(&untouched, &row, sizeof row);
  if (sondei_linux_parse_pid_stat(&row, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&row, &untouched, sizeof row), 0) << text;
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  return std::to_string(row.num_columns) + "|" + Text(row.comm) + "|" + row.state + "|" + std::to_string(row.ppid) +
         "|" + std::to_string(row.utime) + "|" + std::to_string(row.starttime);
}

const char kTail[] =
    " 1 42 43 34816 44 4194304 900 12 3 4 50 60 7 8 20 -5 2 0 12345 4096000 250 18446744073709551615 1 2 3 4 5 0 0 "
    "4096 0 0 0 0 17 1 99 2 9 10 11 5 6 7 8 9 10 11 256\n";

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxPidStat, Table) {
  const std::string tail = kTail;
  const Row rows[] = {
      {"Linux 6.18", "42 (cat) S" + tail, "52|cat|S|1|50|12345"},
      {"a name that looks like what follows it: oss-security 2022/12/21/6", "42 (a) R 1 2 3) S" + tail,
       "52|a) R 1 2 3|S|1|50|12345"},
      {"a newline and a parenthesis in the name", "42 (x\n) Z 0) S" + tail, "52|x\n) Z 0|S|1|50|12345"},
      {"systemd's own", "42 ((sd-pam)) S" + tail, "52|(sd-pam)|S|1|50|12345"},
      {"only opening ones", "42 (((() S" + tail, "52|(((|S|1|50|12345"},
      {"no name", "42 () S" + tail, "52||S|1|50|12345"},
      {"not UTF-8", "42 (\xff\xfe) S" + tail, "52|\xff\xfe|S|1|50|12345"},
      {"a kernel thread with a long name", "42 (kworker/u8:0-ext4-rsv-conversion) I" + tail,
       "52|kworker/u8:0-ext4-rsv-conversion|I|1|50|12345"},
      {"Linux 2.6.8: 39 columns less than today", "1 (init) S 0 1 1 0 -1 256 1 2 3 4 5 6 7 8 9 0 0 0 100 4096 1\n",
       "24|init|S|0|5|100"},
      {"psutil #2455: no blkio_ticks",
       "1 (init) S 0 1 1 0 -1 256 1 2 3 4 5 6 7 8 20 0 1 0 100 4096 1 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0\n",
       "41|init|S|0|5|100"},
      {"psutil #2112: a row that Docker zeroed", "94005 (python) 0 36803 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
       "22|python|0|36803|0|0"},
      {"a state of more than a letter", "42 (a) Running 1\n", "4|a|?|1|0|0"},
      {"a column after the last", "42 (cat) S" + tail.substr(0, tail.size() - 1) + " 7 8 9\n", "52|cat|S|1|50|12345"},
      {"times beyond 32 bits", "1 (a) S 1 1 1 0 -1 0 0 0 0 0 5000000000 6 7 8 20 0 1 0 18446744073709551615 1 1\n",
       "24|a|S|1|5000000000|18446744073709551615"},
      {"a counter that went below zero", "1 (a) S 1 1 1 0 -1 0 0 0 0 0 -5 6\n", "15|a|S|1|0|0"},
      {"no line end", "1 (a) S 7", "4|a|S|7|0|0"},
      {"columns that nobody uses may hold anything", "1 (a) S 7 1 1 0 -1 0 0 0 0 0 5 6 7 8 20 0 1 odd 9\n",
       "22|a|S|7|5|9"},
      {"gopsutil 29807693: only a number", "123", "bad at 3: a name in parentheses"},
      {"no parentheses", "123 name S 4", "bad at 4: a name in parentheses"},
      {"no closing one", "123 (name", "bad at 5: a name in parentheses"},
      {"no opening one", "name) S 4", "bad at 0: a process id"},
      {"nothing behind", "123 (name)", "bad at 10: a state"},
      {"a blank behind", "123 (name) ", "bad at 10: a state"},
      {"sysinfo 0.39.0: a short file", "123 (name) S\n", "bad at 12: a parent's process id"},
      {"a number too large", "1 (a) S 1 1 1 0 -1 0 0 0 0 0 18446744073709551616 6\n", "bad at 29: a number"},
      {"a pid too large", "4294967296 (a) S 1\n", "bad at 0: a process id"},
      {"a word for a number", "1 (a) S x\n", "bad at 8: a number"},
      {"a number with a tail", "1 (a) S 1x\n", "bad at 8: a number"},
      {"garbage", "\x01\x02\x03", "bad at 0: a process id"},
      {"truncated", "42 (cat) S 1 4", "5|cat|S|1|0|0"},
      {"empty", "", "bad at 0: a process id"},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxPidStat, EveryColumn) {
  const std::string text = std::string("42 (cat) S") + kTail;
  struct sondei_linux_pid_stat row;
  sondei_parse_error err;
  ASSERT_EQ(sondei_linux_parse_pid_stat(&row, &err, sondei_span_of(text.data(), text.size())), SONDE_OK);
  EXPECT_EQ(row.pid, 42);
  EXPECT_EQ(row.pgrp, 42);
  EXPECT_EQ(row.session, 43);
  EXPECT_EQ(row.tty_nr, 34816u);
  EXPECT_EQ(row.tpgid, 44);
  EXPECT_EQ(row.flags, 4194304u);
  EXPECT_EQ(row.minflt, 900u);
  EXPECT_EQ(row.cminflt, 12u);
  EXPECT_EQ(row.majflt, 3u);
  EXPECT_EQ(row.cmajflt, 4u);
  EXPECT_EQ(row.stime, 60u);
  EXPECT_EQ(row.cutime, 7u);
  EXPECT_EQ(row.cstime, 8u);
  EXPECT_EQ(row.priority, 20);
  EXPECT_EQ(row.nice, -5);
  EXPECT_EQ(row.num_threads, 2u);
  EXPECT_EQ(row.vsize, 4096000u);
  EXPECT_EQ(row.rss, 250u);
  EXPECT_EQ(row.exit_signal, 17);
  EXPECT_EQ(row.processor, 1);
  EXPECT_EQ(row.rt_priority, 99u);
  EXPECT_EQ(row.policy, 2u);
  EXPECT_EQ(row.blkio_ticks, 9u);
  EXPECT_EQ(row.guest_time, 10u);
  EXPECT_EQ(row.cguest_time, 11u);
  EXPECT_EQ(row.exit_code, 256);
}

TEST(LinuxPidStat, TheTerminalIsPrintedAsAnInt) {
  const std::string text = "1 (a) S 1 1 1 -2147448833 -1\n";
  struct sondei_linux_pid_stat row;
  ASSERT_EQ(sondei_linux_parse_pid_stat(&row, nullptr, sondei_span_of(text.data(), text.size())), SONDE_OK);
  EXPECT_EQ(row.tty_nr, 0x800087ffu);
}

// What each column that is read may hold, and the first that is refused, with its position.
TEST(LinuxPidStat, EveryColumnsRange) {
  const struct {
    unsigned column;
    const char *least, *most, *below, *above;  // nullptr: none
  } rows[] = {
      {4, "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {5, "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {6, "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {7, "-2147483648", "4294967295", "-2147483649", "4294967296"},
      {8, "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {9, "-1", "18446744073709551615", nullptr, "18446744073709551616"},
      {14, "-1", "18446744073709551615", nullptr, "18446744073709551616"},
      {18, "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {19, "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {22, "-1", "18446744073709551615", nullptr, "18446744073709551616"},
      {24, "-1", "18446744073709551615", nullptr, "18446744073709551616"},
      {38, "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {39, "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {40, "-1", "4294967295", nullptr, "4294967296"},
      {41, "-1", "4294967295", nullptr, "4294967296"},
      {44, "-1", "18446744073709551615", nullptr, "x"},
      {52, "-2147483648", "2147483647", "-2147483649", "2147483648"},
  };
  for (const auto &row : rows) {
    const auto with = [&row](const char *value) {
      std::string text = "1 (a) S";
      for (unsigned column = 4; column <= 52; column++) text += column == row.column ? std::string(" ") + value : " 0";
      return Parse(text + "\n").substr(0, 2);
    };
    const auto error = [&row](const char *value) {
      std::string text = "1 (a) S";
      for (unsigned column = 4; column <= 52; column++) text += column == row.column ? std::string(" ") + value : " 0";
      return Parse(text + "\n");
    };
    const std::string refused = "bad at " + std::to_string(8 + 2 * (row.column - 4)) + ": a number";
    EXPECT_EQ(with(row.least), "52") << row.column;
    EXPECT_EQ(with(row.most), "52") << row.column;
    if (row.below != nullptr) {
      EXPECT_EQ(error(row.below), refused) << row.column;
    }
    EXPECT_EQ(error(row.above), refused) << row.column;
  }
}

TEST(LinuxPidStat, ColumnsThatAreNotKeptMayHoldAnything) {
  std::string text = "1 (a) S";
  for (unsigned column = 4; column <= 52; column++) {
    const bool unused = column == 21 || (column >= 25 && column <= 37) || (column >= 45 && column <= 51);
    text += unused ? " odd" : " " + std::to_string(column);
  }
  struct sondei_linux_pid_stat row;
  ASSERT_EQ(sondei_linux_parse_pid_stat(&row, nullptr, sondei_span_of(text.data(), text.size())), SONDE_OK);
  EXPECT_EQ(row.num_threads, 20u);
  EXPECT_EQ(row.starttime, 22u);
  EXPECT_EQ(row.rss, 24u);
  EXPECT_EQ(row.exit_signal, 38);
  EXPECT_EQ(row.cguest_time, 44u);
  EXPECT_EQ(row.exit_code, 52);
}

TEST(LinuxPidStat, EveryStateLetter) {
  const struct {
    char letter;
    sonde_process_state state;
  } rows[] = {
      {'R', SONDE_PROCESS_STATE_RUNNING},      {'S', SONDE_PROCESS_STATE_SLEEPING},
      {'D', SONDE_PROCESS_STATE_DISK_SLEEP},   {'T', SONDE_PROCESS_STATE_STOPPED},
      {'t', SONDE_PROCESS_STATE_TRACING_STOP}, {'Z', SONDE_PROCESS_STATE_ZOMBIE},
      {'X', SONDE_PROCESS_STATE_DEAD},         {'x', SONDE_PROCESS_STATE_DEAD},
      {'K', SONDE_PROCESS_STATE_WAKE_KILL},    {'W', SONDE_PROCESS_STATE_WAKING},
      {'P', SONDE_PROCESS_STATE_PARKED},       {'I', SONDE_PROCESS_STATE_IDLE},
  };
  int known = 0;
  for (int byte = 0; byte < 256; byte++) {
    known += sondei_linux_process_state(static_cast<char>(byte)) != SONDE_PROCESS_STATE_UNKNOWN;
  }
  EXPECT_EQ(known, 12);
  for (const auto &row : rows) EXPECT_EQ(sondei_linux_process_state(row.letter), row.state) << row.letter;
}

}  // namespace
