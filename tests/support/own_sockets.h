// SPDX-License-Identifier: MIT
// own_sockets.h - sockets that a test makes, and what its own process knows of them.
#ifndef SONDE_TESTS_SUPPORT_OWN_SOCKETS_H
#define SONDE_TESTS_SUPPORT_OWN_SOCKETS_H

#include <cstdint>
#include <string>

namespace sonde_test {

// A descriptor that closes itself.
class OwnSocket {
 public:
  explicit OwnSocket(int fd) : fd_(fd) {}
  OwnSocket(int family, int type, int protocol = 0);
  OwnSocket(OwnSocket &&other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  OwnSocket(const OwnSocket &) = delete;
  OwnSocket &operator=(const OwnSocket &) = delete;
  ~OwnSocket() { shut(); }

  int fd() const { return fd_; }
  uint64_t inode() const { return inode_of(fd_); }
  void shut();

  static uint64_t inode_of(int fd);

 private:
  int fd_;
};

// Binds to a port of the loopback that is free (IPv4 or IPv6, by the socket); with `any` to every address. False: it
// cannot be.
bool bind_to_loopback(const OwnSocket &socket, bool any = false);
// "127.0.0.1:4711", "[::1]:4711": as sonde_address_format writes them; "" where there is none.
std::string local_of(const OwnSocket &socket);
std::string remote_of(const OwnSocket &socket);

// Connects to where the other one is bound, on the loopback; an IPv4 socket also to an IPv6 one. False, errno set.
bool connect_to(const OwnSocket &socket, const OwnSocket &other);

// Binds a unix socket to these bytes: a path, or with a NUL before it an abstract name. errno, or 0.
int bind_to_path(const OwnSocket &socket, const std::string &path);
int connect_to_path(const OwnSocket &socket, const std::string &path);

// One TCP connection over the loopback.
struct TcpPair {
  explicit TcpPair(int family = 2 /* AF_INET */);
  bool is_made() const { return accepted.fd() >= 0; }

  OwnSocket listener, client, accepted;

 private:
  static int accept_one(const OwnSocket &listener, const OwnSocket &client);
};

// Sends until no more fits; nobody may read at the other end.
void fill_up(const OwnSocket &socket);

// Puts this process into a network namespace of its own, its loopback up: for a child of the test. "SKIP: ..." where
// that is not allowed; "" when it is done.
std::string enter_own_network();

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_OWN_SOCKETS_H
