// SPDX-License-Identifier: MIT
#include "tests/support/tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace sonde_test {

namespace {

[[noreturn]] void die(const char *what, const std::string &path) {
  std::fprintf(stderr, "tree: %s %s: %s\n", what, path.c_str(), std::strerror(errno));
  std::abort();
}

void make_parents(const std::string &path) {
  for (size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    const std::string parent = path.substr(0, at);
    if (::mkdir(parent.c_str(), 0755) != 0 && errno != EEXIST) die("mkdir", parent);
  }
}

}  // namespace

Tree::Tree() {
  const char *base = std::getenv("TEST_TMPDIR");
  if (base == nullptr) base = std::getenv("TMPDIR");
  top_ = std::string(base != nullptr ? base : "/tmp") + "/tree.XXXXXX";
  if (mkdtemp(top_.data()) == nullptr) die("mkdtemp", top_);
  proc_ = at("proc");
  sys_ = at("sys");
  etc_ = at("etc");
  dev_ = at("dev");
  options_.size = sizeof options_;
  options_.procfs = proc_.c_str();
  options_.sysfs = sys_.c_str();
  options_.etc = etc_.c_str();
  options_.dev = dev_.c_str();
  options_.rootfs = top_.c_str();
}

Tree::~Tree() { remove(""); }

std::string Tree::at(std::string_view path) const { return path.empty() ? top_ : top_ + "/" + std::string(path); }

Tree &Tree::write(std::string_view path, std::string_view bytes) {
  const std::string full = at(path);
  int fd = open(full.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 && errno == ENOENT) {
    make_parents(full);
    fd = open(full.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  }
  if (fd < 0) die("open", full);
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) die("write", full);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  if (close(fd) != 0) die("close", full);
  return *this;
}

Tree &Tree::mkdir(std::string_view path) {
  make_parents(at(path) + "/");
  return *this;
}

Tree &Tree::link(std::string_view path, std::string_view target) {
  const std::string full = at(path);
  make_parents(full);
  (void)unlink(full.c_str());
  if (symlink(std::string(target).c_str(), full.c_str()) != 0) die("symlink", full);
  return *this;
}

Tree &Tree::fifo(std::string_view path) {
  const std::string full = at(path);
  make_parents(full);
  if (mkfifo(full.c_str(), 0644) != 0) die("mkfifo", full);
  return *this;
}

Tree &Tree::chmod(std::string_view path, mode_t mode) {
  const std::string full = at(path);
  if (::chmod(full.c_str(), mode) != 0) die("chmod", full);
  return *this;
}

Tree &Tree::remove(std::string_view path) {
  namespace fs = std::filesystem;
  const fs::path full = at(path);
  std::error_code error;
  // A test may have taken the rights away that are needed to look inside.
  if (geteuid() != 0 && fs::is_directory(fs::symlink_status(full, error))) {
    fs::permissions(full, fs::perms::owner_all, error);
    for (fs::recursive_directory_iterator it(full, fs::directory_options::skip_permission_denied, error), end;
         it != end; it.increment(error)) {
      if (it->is_directory(error) && !it->is_symlink(error)) fs::permissions(it->path(), fs::perms::owner_all, error);
    }
  }
  fs::remove_all(full, error);
  if (error) {
    errno = error.value();
    die("remove", full);
  }
  return *this;
}

}  // namespace sonde_test
