// SPDX-License-Identifier: MIT
#include "tests/support/recording.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sonde_test {

namespace {

constexpr std::string_view kFirstLine = "sonde recording 1";
constexpr std::string_view kEnding = ".machine";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Takes \\ and \xHH for the bytes they stand for. False: another escape.
bool unescape(std::string *out, std::string_view text) {
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '\\') {
      out->push_back(text[i]);
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      out->push_back('\\');
      i++;
    } else if (i + 3 < text.size() && text[i + 1] == 'x' && hex_digit(text[i + 2]) >= 0 &&
               hex_digit(text[i + 3]) >= 0) {
      out->push_back(static_cast<char>(hex_digit(text[i + 2]) * 16 + hex_digit(text[i + 3])));
      i += 3;
    } else {
      return false;
    }
  }
  return true;
}

// Those that a file of /proc or /sys gives. 0: another name.
int error_number(std::string_view name) {
  if (name == "EACCES") return EACCES;
  if (name == "EPERM") return EPERM;
  if (name == "EIO") return EIO;
  if (name == "EINVAL") return EINVAL;
  if (name == "ENODATA") return ENODATA;
  return 0;
}

bool ends_in_single_backslash(std::string_view line) {
  size_t count = 0;
  while (count < line.size() && line[line.size() - 1 - count] == '\\') count++;
  return count % 2 == 1;
}

bool is_inside(const std::string &path) {
  return !path.empty() && path[0] != '/' && ("/" + path + "/").find("/../") == std::string::npos;
}

}  // namespace

std::string unpack_recording(Tree *tree, std::string_view text, Refusals *refusals) {
  size_t number = 0;
  char kind = 0;
  std::string path, content;
  const auto finish = [&] {
    if (kind == 'f' || kind == 'e') tree->write(path, content);
    if (kind == 'd') tree->mkdir(path);
    if (kind == 'l') tree->link(path, content);
    if (kind == 'e' && refusals != nullptr) (*refusals)[path] = error_number(content);
    const bool is_known = kind != 'e' || error_number(content) != 0;
    content.clear();
    return is_known;
  };
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    number++;
    const std::string where = "line " + std::to_string(number) + ": ";
    if (number == 1) {
      if (line != kFirstLine) return where + "not a recording";
    } else if (line.empty() || line[0] == '#') {
      continue;
    } else if (line[0] == '|') {
      if (kind != 'f' && kind != 'l' && kind != 'e') return where + "contents of nothing";
      line.remove_prefix(1);
      const bool is_open = ends_in_single_backslash(line);
      if (is_open) line.remove_suffix(1);
      if (!unescape(&content, line)) return where + "unknown escape";
      if (!is_open && kind == 'f') content += '\n';
    } else if (line.size() > 2 && line[1] == ' ' && std::string_view("fdle").find(line[0]) != std::string_view::npos) {
      if (!finish()) return where + "an unknown errno before it";
      kind = line[0];
      path.clear();
      if (!unescape(&path, line.substr(2)) || !is_inside(path)) return where + "a path that cannot be";
    } else {
      return where + "neither f, d, l, e nor |";
    }
  }
  if (!finish()) return "the end: an unknown errno before it";
  return number == 0 ? "empty" : "";
}

std::string fixture_path(std::string_view name) { return "tests/fixtures/" + std::string(name); }

std::string read_file(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> recorded_machines() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(fixture_path(""), error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > kEnding.size() && name.substr(name.size() - kEnding.size()) == kEnding) {
      names.push_back(name.substr(0, name.size() - kEnding.size()));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

void unpack_machine(Tree *tree, std::string_view name, Refusals *refusals) {
  const std::string path = fixture_path(std::string(name) + std::string(kEnding));
  const std::string wrong = unpack_recording(tree, read_file(path), refusals);
  if (!wrong.empty()) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), wrong.c_str());
    std::abort();
  }
}

}  // namespace sonde_test
