// SPDX-License-Identifier: MIT
// allocator.h - an allocator that counts, checks what it is told, and can fail.
#ifndef SONDE_TESTS_SUPPORT_ALLOCATOR_H
#define SONDE_TESTS_SUPPORT_ALLOCATOR_H

#include <sonde/sonde.h>

#include <cstddef>
#include <cstdint>

namespace sonde_test {

class Allocator {
 public:
  Allocator() = default;
  Allocator(const Allocator &) = delete;
  Allocator &operator=(const Allocator &) = delete;

  // For sonde_options.allocator; valid as long as this object.
  sonde_allocator hooks() { return {&Allocator::reallocate, this}; }

  // The n-th request for memory from now on (1: the next) fails, once or with all that follow it. 0: none fails.
  void fail(uint64_t n, bool for_good = false) {
    fail_at_ = n == 0 ? 0 : requests_ + n;
    for_good_ = for_good;
    failures_ = 0;
  }

  uint64_t requests() const { return requests_; }    // for memory, granted or not; a free is none
  uint64_t failures() const { return failures_; }    // since the last call of fail
  size_t live_blocks() const { return blocks_; }     // not freed yet
  size_t live_bytes() const { return bytes_; }       //
  size_t peak_bytes() const { return peak_bytes_; }  //

 private:
  static void *reallocate(void *user, void *block, size_t old_size, size_t new_size);

  uint64_t requests_ = 0, failures_ = 0, fail_at_ = 0;
  bool for_good_ = false;
  size_t blocks_ = 0, bytes_ = 0, peak_bytes_ = 0;
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_ALLOCATOR_H
