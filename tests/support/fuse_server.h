// SPDX-License-Identifier: MIT
// fuse_server.h - a file system with one file, whose server can die: from then on it answers nothing.
#ifndef SONDE_TESTS_SUPPORT_FUSE_SERVER_H
#define SONDE_TESTS_SUPPORT_FUSE_SERVER_H

#include <sys/types.h>

#include <string>

namespace sonde_test {

class FuseServer {
 public:
  FuseServer() = default;
  ~FuseServer();
  FuseServer(const FuseServer &) = delete;
  FuseServer &operator=(const FuseServer &) = delete;

  // Mounts it on a directory: its file "exe" is a copy of the file at `source`. "", or why it cannot be.
  std::string start(const std::string &folder, const std::string &source);
  // Nothing is answered any more; the mount stays.
  void die();

 private:
  pid_t pid_ = -1;
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_FUSE_SERVER_H
