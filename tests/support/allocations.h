// SPDX-License-Identifier: MIT
// allocations.h - a call whose requests for memory fail, one after the other.
#ifndef SONDE_TESTS_SUPPORT_ALLOCATIONS_H
#define SONDE_TESTS_SUPPORT_ALLOCATIONS_H

#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <cstdint>

#include "tests/support/allocator.h"
#include "tests/support/context.h"

namespace sonde_test {

// Calls call(context), which asks for memory at least once, with a context of these options for each of its requests:
// the one that fails is SONDE_ERR_NO_MEMORY, the last call succeeds, and nothing stays allocated.
template <typename Call>
void expect_no_memory_each_time(sonde_options options, Call call) {
  for (uint64_t n = 1;; n++) {
    ASSERT_LT(n, 1000u);
    Allocator allocator;
    options.allocator = allocator.hooks();
    bool has_failed = false;
    {
      const Context context(&options);
      allocator.fail(n);
      const sonde_status status = call(context.get());
      has_failed = allocator.failures() > 0;
      allocator.fail(0);
      EXPECT_EQ(status, has_failed ? SONDE_ERR_NO_MEMORY : SONDE_OK) << "request " << n << ": " << context.error();
    }
    EXPECT_EQ(allocator.live_blocks(), 0u) << "request " << n;
    if (!has_failed) {
      EXPECT_GT(n, 1u) << "it needs none";
      return;
    }
  }
}

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_ALLOCATIONS_H
