// SPDX-License-Identifier: MIT
#include "tests/support/command.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sonde_test {

std::string command_output(const std::string &command) {
  FILE *const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return "";
  std::string all;
  char block[4096];
  for (size_t got = 0; (got = fread(block, 1, sizeof block, pipe)) > 0;) all.append(block, got);
  return pclose(pipe) == 0 ? all : "";
}

std::vector<std::string> fields_of(const std::string &line, char separator) {
  std::vector<std::string> fields;
  size_t start = 0;
  for (size_t end = 0; (end = line.find(separator, start)) != std::string::npos; start = end + 1) {
    fields.push_back(line.substr(start, end - start));
  }
  fields.push_back(line.substr(start));
  return fields;
}

std::vector<std::string> lines_of(const std::string &text) {
  std::vector<std::string> lines = fields_of(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

std::string in_child(const std::function<std::string()> &body) {
  int fds[2];
  if (pipe(fds) != 0) return "pipe failed";
  fflush(nullptr);
  const pid_t pid = fork();
  if (pid < 0) return "fork failed";
  if (pid == 0) {
    close(fds[0]);
    const std::string said = body();
    size_t at = 0;
    while (at < said.size()) {
      const ssize_t wrote = write(fds[1], said.data() + at, said.size() - at);
      if (wrote <= 0) _exit(2);
      at += static_cast<size_t>(wrote);
    }
    _exit(0);
  }
  close(fds[1]);
  std::string said;
  char block[4096];
  for (ssize_t got = 0; (got = read(fds[0], block, sizeof block)) != 0;) {
    if (got > 0) said.append(block, static_cast<size_t>(got));
    if (got < 0 && errno != EINTR) break;
  }
  close(fds[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    said += " (the child ended with status " + std::to_string(status) + ")";
  return said;
}

}  // namespace sonde_test
