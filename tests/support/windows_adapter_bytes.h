// SPDX-License-Identifier: MIT
// windows_adapter_bytes.h - the answer of GetAdaptersAddresses, made up byte by byte for pointers of either width.
#ifndef SONDE_TESTS_SUPPORT_WINDOWS_ADAPTER_BYTES_H
#define SONDE_TESTS_SUPPORT_WINDOWS_ADAPTER_BYTES_H

#include <cstdint>
#include <string>

#include "tests/support/windows_bytes.h"

namespace sonde_test {

// ASCII as UTF-16, with its NUL.
inline std::string wide(const std::string &text) {
  std::string out;
  for (const char c : text) out += {c, '\0'};
  return out + std::string(2, '\0');
}

// struct sockaddr_in, and struct sockaddr_in6.
inline std::string sockaddr4(const std::string &address) {
  return LittleEndian(2, 2) + std::string(2, '\0') + address + std::string(8, '\0');
}
inline std::string sockaddr6(const std::string &address, uint32_t scope) {
  return LittleEndian(23, 2) + std::string(6, '\0') + address + LittleEndian(scope, 4);
}

// Everything lies one after the other; what was put first lies at base.
class AdapterBytes {
 public:
  AdapterBytes(uint64_t base, size_t pointer_size) : base_(base), pointer_size_(pointer_size) {}

  struct Adapter {
    uint32_t index = 1, ipv6_index = 0, type = 6;
    std::string name = "eth0", hwaddr = std::string("\x52\x54\0\x12\x34\x56", 6);
    uint32_t hwaddr_len = 6;
    uint32_t extra = 0;  // bytes that a newer Windows has at the end
  };

  // Returns where it lies. The one before leads to it.
  size_t add(const Adapter &adapter) {
    const size_t at = bytes.size();
    const size_t len = 8 + 9 * pointer_size_ + 32 + adapter.extra;
    if (last_adapter_ != kNone) set(last_adapter_ + 8, base_ + at, pointer_size_);
    last_adapter_ = at;
    last_address_ = kNone;
    bytes +=
        LittleEndian(len, 4) + LittleEndian(adapter.index, 4) + std::string(9 * pointer_size_, '\0') + adapter.hwaddr;
    bytes.resize(at + 8 + 9 * pointer_size_ + 8);
    bytes += LittleEndian(adapter.hwaddr_len, 4) + LittleEndian(0, 4) + LittleEndian(1500, 4) +
             LittleEndian(adapter.type, 4) + LittleEndian(1, 4) + LittleEndian(adapter.ipv6_index, 4) +
             std::string(adapter.extra, '\xee');
    if (adapter.name != kNull) {
      set(at + 8 + 8 * pointer_size_, base_ + bytes.size(), pointer_size_);
      bytes += wide(adapter.name);
    }
    return at;
  }

  // The next address of the adapter that was put last.
  size_t add_address(const std::string &sockaddr, uint8_t prefix_len, int sockaddr_len = -1) {
    const size_t at = bytes.size();
    const size_t len = 8 + 3 * pointer_size_ + 24 + 8;
    set(last_address_ != kNone ? last_address_ + 8 : last_adapter_ + 8 + 2 * pointer_size_, base_ + at, pointer_size_);
    last_address_ = at;
    bytes += LittleEndian(len, 4) + LittleEndian(0, 4) + std::string(pointer_size_, '\0') +
             LittleEndian(base_ + at + len, pointer_size_);
    bytes += LittleEndian(sockaddr_len < 0 ? sockaddr.size() : static_cast<size_t>(sockaddr_len), pointer_size_);
    bytes += std::string(24, '\x11');
    bytes.push_back(static_cast<char>(prefix_len));
    bytes.resize(at + len);
    bytes += sockaddr;
    return at;
  }

  void set(size_t at, uint64_t value, size_t size) { bytes.replace(at, size, LittleEndian(value, size)); }

  static constexpr const char *kNull = "no name at all";
  std::string bytes;

 private:
  static constexpr size_t kNone = SIZE_MAX;
  uint64_t base_;
  size_t pointer_size_;
  size_t last_adapter_ = kNone, last_address_ = kNone;
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_WINDOWS_ADAPTER_BYTES_H
