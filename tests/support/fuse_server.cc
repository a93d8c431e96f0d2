// SPDX-License-Identifier: MIT
#include "tests/support/fuse_server.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <vector>

namespace sonde_test {

namespace {

constexpr uint64_t kRoot = FUSE_ROOT_ID, kFile = 2;
constexpr size_t kMost = 65536;  // bytes of a read or write

void answer(int fuse, const fuse_in_header &question, int code, const void *data, size_t size) {
  fuse_out_header header = {};
  header.unique = question.unique;
  header.error = -code;
  header.len = static_cast<uint32_t>(sizeof header + size);
  const iovec parts[] = {{&header, sizeof header}, {const_cast<void *>(data), size}};
  if (writev(fuse, parts, 2) < 0 && errno != ENOENT) _exit(1);  // ENOENT: whoever asked was interrupted
}

fuse_attr attributes(uint64_t node, off_t size) {
  fuse_attr of = {};
  of.ino = node;
  of.size = node == kFile ? static_cast<uint64_t>(size) : 0;
  of.mode = node == kFile ? S_IFREG | 0755 : S_IFDIR | 0755;
  of.nlink = 1;
  of.blksize = 4096;
  return of;
}

// Nothing may be remembered by the kernel: every look at it asks.
[[noreturn]] void serve(int fuse, int file) {
  struct stat info = {};
  fstat(file, &info);
  std::vector<char> message(kMost + 4096), data(kMost);
  for (;;) {
    const ssize_t got = read(fuse, message.data(), message.size());
    if (got < static_cast<ssize_t>(sizeof(fuse_in_header))) {
      if (got < 0 && (errno == EINTR || errno == ENOENT || errno == EAGAIN)) continue;
      _exit(0);
    }
    fuse_in_header question;
    memcpy(&question, message.data(), sizeof question);
    const char *const body = message.data() + sizeof question;
    switch (question.opcode) {
      case FUSE_INIT: {
        fuse_init_out out = {};
        out.major = FUSE_KERNEL_VERSION;
        out.minor = FUSE_KERNEL_MINOR_VERSION;
        out.max_write = kMost;
        answer(fuse, question, 0, &out, sizeof out);
        break;
      }
      case FUSE_LOOKUP: {
        fuse_entry_out out = {};
        out.nodeid = kFile;
        out.attr = attributes(kFile, info.st_size);
        const bool is_there = strcmp(body, "exe") == 0;
        answer(fuse, question, is_there ? 0 : ENOENT, &out, is_there ? sizeof out : 0);
        break;
      }
      case FUSE_GETATTR: {
        fuse_attr_out out = {};
        out.attr = attributes(question.nodeid == kRoot ? kRoot : kFile, info.st_size);
        answer(fuse, question, 0, &out, sizeof out);
        break;
      }
      case FUSE_OPEN:
      case FUSE_OPENDIR: {
        const fuse_open_out out = {};
        answer(fuse, question, 0, &out, sizeof out);
        break;
      }
      case FUSE_READ: {
        fuse_read_in asked;
        memcpy(&asked, body, sizeof asked);
        const size_t size = asked.size < kMost ? asked.size : kMost;
        const ssize_t len = pread(file, data.data(), size, static_cast<off_t>(asked.offset));
        answer(fuse, question, 0, data.data(), len > 0 ? static_cast<size_t>(len) : 0);
        break;
      }
      case FUSE_FORGET:
      case FUSE_BATCH_FORGET:
        break;
      case FUSE_ACCESS:
      case FUSE_RELEASE:
      case FUSE_RELEASEDIR:
        answer(fuse, question, 0, nullptr, 0);
        break;
      default:
        answer(fuse, question, ENOSYS, nullptr, 0);
    }
  }
}

}  // namespace

FuseServer::~FuseServer() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::string FuseServer::start(const std::string &folder, const std::string &source) {
  const int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (fuse < 0) return std::string("/dev/fuse: ") + strerror(errno);
  const int file = open(source.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return source + ": " + strerror(errno);
  const std::string options = "fd=" + std::to_string(fuse) + ",rootmode=40000,user_id=0,group_id=0,allow_other";
  if (mount("test", folder.c_str(), "fuse", 0, options.c_str()) != 0) {
    return std::string("mount fuse: ") + strerror(errno);
  }
  pid_ = fork();
  if (pid_ < 0) return std::string("fork: ") + strerror(errno);
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(fuse, file);
  }
  close(fuse);
  close(file);
  return "";
}

void FuseServer::die() {
  kill(pid_, SIGSTOP);
  int status = 0;
  waitpid(pid_, &status, WUNTRACED);
}

}  // namespace sonde_test
