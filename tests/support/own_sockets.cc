// SPDX-License-Identifier: MIT
#include "tests/support/own_sockets.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace sonde_test {

namespace {

union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
  sockaddr_un path;
};

int family_of(const OwnSocket &socket) {
  int family = 0;
  socklen_t len = sizeof family;
  return getsockopt(socket.fd(), SOL_SOCKET, SO_DOMAIN, &family, &len) == 0 ? family : 0;
}

socklen_t size_of(int family) { return family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6); }

Address loopback(int family, uint16_t port) {
  Address address = {};
  address.any.sa_family = static_cast<sa_family_t>(family);
  if (family == AF_INET) {
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.v4.sin_port = htons(port);
  } else {
    address.v6.sin6_addr = in6addr_loopback;
    address.v6.sin6_port = htons(port);
  }
  return address;
}

uint16_t port_of(const Address &address) {
  return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

std::string text_of(const Address &address) {
  char text[INET6_ADDRSTRLEN] = "";
  const std::string port = std::to_string(port_of(address));
  if (address.any.sa_family == AF_INET) {
    return std::string(inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof text)) + ":" + port;
  }
  if (address.any.sa_family != AF_INET6) return "";
  return "[" + std::string(inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof text)) + "]:" + port;
}

// valgrind looks for a NUL behind a path that fills all of sun_path.
struct UnixAddress {
  sockaddr_un address = {};
  char end = '\0';
  socklen_t len;

  explicit UnixAddress(const std::string &path) {
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path.data(), path.size());
    const bool has_nul = !path.empty() && path[0] != '\0' && path.size() < sizeof address.sun_path;
    len = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + has_nul);
  }
  const sockaddr *get() const { return reinterpret_cast<const sockaddr *>(&address); }
};

}  // namespace

OwnSocket::OwnSocket(int family, int type, int protocol) : fd_(socket(family, type | SOCK_CLOEXEC, protocol)) {}

void OwnSocket::shut() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

uint64_t OwnSocket::inode_of(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 ? info.st_ino : 0;
}

bool bind_to_loopback(const OwnSocket &socket, bool any) {
  const int family = family_of(socket);
  Address address = loopback(family, 0);
  if (any && family == AF_INET) address.v4.sin_addr.s_addr = htonl(INADDR_ANY);
  if (any && family == AF_INET6) address.v6.sin6_addr = in6addr_any;
  return bind(socket.fd(), &address.any, size_of(family)) == 0;
}

std::string local_of(const OwnSocket &socket) {
  Address address = {};
  socklen_t len = sizeof address;
  return getsockname(socket.fd(), &address.any, &len) == 0 ? text_of(address) : "";
}

std::string remote_of(const OwnSocket &socket) {
  Address address = {};
  socklen_t len = sizeof address;
  return getpeername(socket.fd(), &address.any, &len) == 0 ? text_of(address) : "";
}

bool connect_to(const OwnSocket &socket, const OwnSocket &other) {
  Address there = {};
  socklen_t len = sizeof there;
  if (getsockname(other.fd(), &there.any, &len) != 0) return false;
  const int family = family_of(socket);
  const Address address = loopback(family, port_of(there));
  return connect(socket.fd(), &address.any, size_of(family)) == 0;
}

int bind_to_path(const OwnSocket &socket, const std::string &path) {
  const UnixAddress address(path);
  return bind(socket.fd(), address.get(), address.len) == 0 ? 0 : errno;
}

int connect_to_path(const OwnSocket &socket, const std::string &path) {
  const UnixAddress address(path);
  return connect(socket.fd(), address.get(), address.len) == 0 ? 0 : errno;
}

TcpPair::TcpPair(int family)
    : listener(family, SOCK_STREAM), client(family, SOCK_STREAM), accepted(accept_one(listener, client)) {}

int TcpPair::accept_one(const OwnSocket &listener, const OwnSocket &client) {
  if (!bind_to_loopback(listener) || listen(listener.fd(), 1) != 0 || !connect_to(client, listener)) return -1;
  return accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
}

void fill_up(const OwnSocket &socket) {
  const char block[4096] = {};
  while (send(socket.fd(), block, sizeof block, MSG_DONTWAIT | MSG_NOSIGNAL) > 0) continue;
}

std::string enter_own_network() {
  if (unshare(CLONE_NEWNET) != 0) return std::string("SKIP: no network namespace: unshare: ") + strerror(errno);
  const OwnSocket any(AF_INET, SOCK_DGRAM);
  ifreq request = {};
  memcpy(request.ifr_name, "lo", 3);
  request.ifr_flags = IFF_UP;
  if (ioctl(any.fd(), SIOCSIFFLAGS, &request) != 0) return std::string("SKIP: the loopback: ") + strerror(errno);
  return "";
}

}  // namespace sonde_test
