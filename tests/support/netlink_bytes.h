// SPDX-License-Identifier: MIT
// netlink_bytes.h - netlink answers, made up in the byte order of the machine.
#ifndef SONDE_TESTS_SUPPORT_NETLINK_BYTES_H
#define SONDE_TESTS_SUPPORT_NETLINK_BYTES_H

#include <cstdint>
#include <cstring>
#include <string>

namespace sonde_test {

template <typename T>
std::string bytes_of(T value) {
  std::string bytes(sizeof value, '\0');
  memcpy(&bytes[0], &value, sizeof value);
  return bytes;
}

inline std::string padded(std::string bytes) { return bytes.append((4 - bytes.size() % 4) % 4, '\0'); }

// struct nlattr and its payload.
inline std::string attribute(uint16_t type, const std::string &payload) {
  return padded(bytes_of(static_cast<uint16_t>(4 + payload.size())) + bytes_of(type) + payload);
}

// struct nlmsghdr and its payload.
inline std::string message(uint16_t type, const std::string &payload, uint32_t sequence = 1, uint16_t flags = 2) {
  return padded(bytes_of(static_cast<uint32_t>(16 + payload.size())) + bytes_of(type) + bytes_of(flags) +
                bytes_of(sequence) + bytes_of(uint32_t{0}) + payload);
}

// struct ifinfomsg.
inline std::string link_header(uint32_t index, uint32_t flags) {
  return bytes_of(uint32_t{0}) + bytes_of(index) + bytes_of(flags) + bytes_of(uint32_t{0});
}

// struct ifaddrmsg.
inline std::string addr_header(uint8_t family, uint8_t prefix_len, uint32_t index) {
  return std::string({static_cast<char>(family), static_cast<char>(prefix_len), 0, 0}) + bytes_of(index);
}

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_NETLINK_BYTES_H
