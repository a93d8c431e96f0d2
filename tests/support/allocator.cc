// SPDX-License-Identifier: MIT
#include "tests/support/allocator.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace sonde_test {

namespace {

// Stands before each block: its size and owner. What is freed or moved is overwritten, so that a pointer kept to it
// shows.
struct alignas(std::max_align_t) Header {
  Allocator *owner;
  size_t size;
};

[[noreturn]] void die(const char *what) {
  std::fprintf(stderr, "allocator: %s\n", what);
  std::abort();
}

}  // namespace

void *Allocator::reallocate(void *user, void *block, size_t old_size, size_t new_size) {
  Allocator *const self = static_cast<Allocator *>(user);
  Header *const old_header = block == nullptr ? nullptr : static_cast<Header *>(block) - 1;
  if (old_header != nullptr) {
    if (old_header->owner != self) die("the block is none of this allocator's");
    if (old_header->size != old_size) die("old_size is not what was asked for");
  } else if (old_size != 0) {
    die("old_size without a block");
  }

  Header *new_header = nullptr;
  if (new_size > 0) {
    self->requests_++;
    const bool due = self->fail_at_ != 0 &&
                     (self->for_good_ ? self->requests_ >= self->fail_at_ : self->requests_ == self->fail_at_);
    if (due || new_size > SIZE_MAX / 4) {
      self->failures_++;
      return nullptr;
    }
    new_header = static_cast<Header *>(std::malloc(sizeof(Header) + new_size));
    if (new_header == nullptr) return nullptr;
    *new_header = {self, new_size};
    const size_t kept = old_size < new_size ? old_size : new_size;
    if (kept > 0) std::memcpy(new_header + 1, block, kept);
    std::memset(reinterpret_cast<char *>(new_header + 1) + kept, 0xA5, new_size - kept);
    self->blocks_++;
    self->bytes_ += new_size;
    if (self->bytes_ > self->peak_bytes_) self->peak_bytes_ = self->bytes_;
  }
  if (old_header != nullptr) {
    self->blocks_--;
    self->bytes_ -= old_size;
    std::memset(static_cast<void *>(old_header), 0x5A, sizeof(Header) + old_size);
    std::free(old_header);
  }
  return new_header == nullptr ? nullptr : new_header + 1;
}

}  // namespace sonde_test
