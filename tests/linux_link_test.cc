// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_link.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  struct sondei_linux_link link = {{nullptr, 0}, 7};
  sondei_parse_error err;
  if (sondei_linux_parse_link(&link, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(link.inode, 7u) << text;
    return "bad at " + std::to_string(err.position);
  }
  return std::string(link.kind.data, link.kind.len) + " " + std::to_string(link.inode);
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxLink, Table) {
  const Row rows[] = {
      {"a socket", "socket:[4711]", "socket 4711"},
      {"a pipe", "pipe:[12]", "pipe 12"},
      {"a namespace", "mnt:[4026531832]", "mnt 4026531832"},
      {"the largest", "net:[18446744073709551615]", "net 18446744073709551615"},
      {"no number: epoll", "anon_inode:[eventpoll]", "bad at 12"},
      {"no brackets: inotify before 2.6.36", "anon_inode:inotify", "bad at 11"},
      {"a path", "/usr/bin/cat", "bad at 0"},
      {"a file named so in a folder", "/tmp/socket:[1] x", "bad at 15"},
      {"a byte behind", "socket:[1]x", "bad at 10"},
      {"too large", "net:[18446744073709551616]", "bad at 5"},
      {"no kind", ":[1]", "bad at 0"},
      {"garbage", "\x01\x02", "bad at 0"},
      {"truncated", "socket:[47", "bad at 10"},
      {"empty", "", "bad at 0"},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxLink, TheMarkOfADeletedFile) {
  const Row rows[] = {
      {"deleted", "/usr/bin/x (deleted)", "yes /usr/bin/x"},
      {"there", "/usr/bin/x", "no /usr/bin/x"},
      {"the mark twice: a deleted file with such a name", "/x (deleted) (deleted)", "yes /x (deleted)"},
      {"elsewhere", "/x (deleted)/y", "no /x (deleted)/y"},
      {"nothing else", " (deleted)", "yes "},
      {"empty", "", "no "},
  };
  for (const Row &row : rows) {
    sondei_span span = sondei_span_of(row.text.data(), row.text.size());
    const bool deleted = sondei_linux_take_deleted(&span);
    EXPECT_EQ((deleted ? "yes " : "no ") + std::string(span.data, span.len), row.expected) << row.origin;
  }
}

}  // namespace
