// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <cstring>
#include <set>
#include <string>

#include "tests/support/context.h"
#include "tests/support/fake_backend.h"

namespace sonde_test {
namespace {

TEST(Capability, NamesAreThoseOfTheSlots) {
  EXPECT_STREQ(sonde_capability_name(SONDE_CAP_CPU_TIMES), "cpu.times");
  EXPECT_STREQ(sonde_capability_name(SONDE_CAP_PROCESS_WAIT), "process.wait");
  std::set<std::string> names;
  for (int i = 0; i < SONDE_CAP_COUNT; i++) {
    const char *const name = sonde_capability_name(static_cast<sonde_capability>(i));
    ASSERT_NE(name, nullptr);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(sonde_capability_name(SONDE_CAP_COUNT), nullptr);
}

TEST(Capability, NothingIsSupportedWithoutAContextOrACapability) {
  EXPECT_FALSE(sonde_supports(nullptr, SONDE_CAP_CPU_TIMES));
  EXPECT_EQ(sonde_backend_of(nullptr, SONDE_CAP_CPU_TIMES), nullptr);
  const Context context;
  EXPECT_FALSE(sonde_supports(context, SONDE_CAP_COUNT));
  EXPECT_EQ(sonde_backend_of(context, SONDE_CAP_COUNT), nullptr);
}

// Adds the companion slots, of which there is no capability.
template <class Ops>
void Complete(Ops &) {}
void Complete(sonde_process_ops &ops) {
  if (ops.open == nullptr) return;
  ops.close = fake_backend()->process->close;
  ops.is_running = fake_backend()->process->is_running;
  ops.read = fake_backend()->process->read;
}

// Each capability is read off its own slot: a backend that fills one slot has one capability.
TEST(Capability, EachFollowsItsSlot) {
#define XX(NAME, domain, slot)                                                                 \
  {                                                                                            \
    auto ops = *fake_backend()->domain;                                                        \
    const auto filled = ops.slot;                                                              \
    memset(static_cast<void *>(&ops), 0, sizeof ops);                                          \
    ops.slot = filled;                                                                         \
    Complete(ops);                                                                             \
    sonde_backend backend = {};                                                                \
    backend.abi = SONDE_BACKEND_ABI;                                                           \
    backend.name = "one";                                                                      \
    backend.domain = &ops;                                                                     \
    const sonde_backend *const backends[] = {&backend};                                        \
    sonde_options options = {};                                                                \
    options.backends = backends;                                                               \
    options.num_backends = 1;                                                                  \
    const Context context(&options);                                                           \
    for (int i = 0; i < SONDE_CAP_COUNT; i++) {                                                \
      const sonde_capability capability = static_cast<sonde_capability>(i);                    \
      EXPECT_EQ(sonde_supports(context, capability), capability == SONDE_CAP_##NAME) << #NAME; \
    }                                                                                          \
    EXPECT_STREQ(sonde_backend_of(context, SONDE_CAP_##NAME), "one");                          \
  }
  SONDE_CAPABILITY_MAP(XX)
#undef XX
}

}  // namespace
}  // namespace sonde_test
