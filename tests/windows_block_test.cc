// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_block.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

constexpr uint64_t kBase = 0x7ff0000;

struct Block {
  explicit Block(std::string data, size_t pointer_size = 8) : bytes(std::move(data)) {
    block = {sondei_span_of(bytes.data(), bytes.size()), kBase, pointer_size};
  }
  std::string bytes;
  sondei_windows_block block;
};

std::string Number(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; i++) out.push_back(static_cast<char>(value >> 8 * i & 0xff));
  return out;
}

TEST(WindowsBlock, NumbersAreLittleEndian) {
  const Block it("\x01\x02\x03\x04\x05\x06\x07\x08\x09");
  uint16_t two = 0;
  uint32_t four = 0;
  uint64_t eight = 0;
  ASSERT_TRUE(sondei_windows_read_u16(&it.block, 1, &two));
  EXPECT_EQ(two, 0x0302u);
  ASSERT_TRUE(sondei_windows_read_u32(&it.block, 5, &four));
  EXPECT_EQ(four, 0x09080706u);
  ASSERT_TRUE(sondei_windows_read_u64(&it.block, 1, &eight));
  EXPECT_EQ(eight, 0x0908070605040302u);
  EXPECT_FALSE(sondei_windows_read_u16(&it.block, 8, &two));
  EXPECT_FALSE(sondei_windows_read_u32(&it.block, 6, &four));
  EXPECT_FALSE(sondei_windows_read_u64(&it.block, 2, &eight));
  EXPECT_FALSE(sondei_windows_read_u64(&it.block, SIZE_MAX, &eight));
  EXPECT_EQ(two, 0x0302u);
  EXPECT_EQ(four, 0x09080706u);
  EXPECT_EQ(eight, 0x0908070605040302u);
}

TEST(WindowsBlock, PointersAreAsWideAsTheProcessHasThem) {
  const std::string bytes = Number(0x1122334455667788, 8);
  const Block narrow(bytes, 4);
  const Block wide(bytes, 8);
  uint64_t address = 0;
  ASSERT_TRUE(sondei_windows_read_pointer(&narrow.block, 0, &address));
  EXPECT_EQ(address, 0x55667788u);
  ASSERT_TRUE(sondei_windows_read_pointer(&wide.block, 0, &address));
  EXPECT_EQ(address, 0x1122334455667788u);
  EXPECT_FALSE(sondei_windows_read_pointer(&wide.block, 1, &address));
}

TEST(WindowsBlock, OnlyAddressesInTheBlockAreFound) {
  const Block it(std::string(16, 'x'));
  size_t offset = 99;
  ASSERT_TRUE(sondei_windows_locate(&it.block, kBase, &offset));
  EXPECT_EQ(offset, 0u);
  ASSERT_TRUE(sondei_windows_locate(&it.block, kBase + 15, &offset));
  EXPECT_EQ(offset, 15u);
  for (const uint64_t address : {uint64_t{0}, kBase - 1, kBase + 16, UINT64_MAX}) {
    EXPECT_FALSE(sondei_windows_locate(&it.block, address, &offset)) << address;
  }
  EXPECT_EQ(offset, 15u);
}

std::string UnicodeString(size_t pointer_size, uint16_t len, uint64_t address) {
  std::string out = Number(len, 2) + Number(len, 2);
  out.resize(pointer_size);
  return out + Number(address, pointer_size);
}

TEST(WindowsBlock, UnicodeStrings) {
  const std::string text("h\0i\0", 4);
  for (const size_t width : {size_t{4}, size_t{8}}) {
    SCOPED_TRACE(width);
    const size_t header = 2 * width;
    const auto read = [&](uint16_t len, uint64_t address, sondei_span *out) {
      const Block it(UnicodeString(width, len, address) + text, width);
      const bool ok = sondei_windows_read_unicode_string(&it.block, 0, out);
      if (ok) {
        EXPECT_EQ(std::string(out->data, out->len), text.substr(0, out->len));
      }
      return ok;
    };
    sondei_span out = {nullptr, 77};
    EXPECT_TRUE(read(4, kBase + header, &out));
    EXPECT_EQ(out.len, 4u);
    EXPECT_TRUE(read(0, 0, &out));
    EXPECT_EQ(out.len, 0u);
    EXPECT_TRUE(read(0, 0xdead, &out)) << "no text: wherever it is";
    out.len = 77;
    EXPECT_FALSE(read(5, kBase + header, &out)) << "beyond the end";
    EXPECT_FALSE(read(4, kBase + header + 4, &out)) << "at the end";
    EXPECT_FALSE(read(4, kBase - 4, &out)) << "before the block";
    EXPECT_FALSE(read(4, 0, &out)) << "nowhere";
    EXPECT_EQ(out.len, 77u);
    const Block cut(UnicodeString(width, 0, 0).substr(1), width);
    EXPECT_FALSE(sondei_windows_read_unicode_string(&cut.block, 0, &out));
    EXPECT_FALSE(sondei_windows_read_unicode_string(&cut.block, SIZE_MAX, &out));
  }
}

TEST(WindowsBlock, WideTextEndsInANul) {
  const Block it(std::string("x\0a\0b\0\0\0c\0", 10));
  sondei_span out = {nullptr, 77};
  ASSERT_TRUE(sondei_windows_read_wide(&it.block, 2, &out));
  EXPECT_EQ(std::string(out.data, out.len), std::string("a\0b\0", 4));
  ASSERT_TRUE(sondei_windows_read_wide(&it.block, 6, &out));
  EXPECT_EQ(out.len, 0u);
  out.len = 77;
  EXPECT_FALSE(sondei_windows_read_wide(&it.block, 8, &out)) << "the NUL is missing";
  EXPECT_FALSE(sondei_windows_read_wide(&it.block, 10, &out));
  EXPECT_FALSE(sondei_windows_read_wide(&it.block, SIZE_MAX, &out));
  EXPECT_EQ(out.len, 77u);
}

TEST(WindowsBlock, PointersToWideText) {
  const auto read = [](uint64_t address, sondei_span *out) {
    const Block it(Number(address, 8) + std::string("a\0b\0\0\0", 6));
    return sondei_windows_read_wide_pointer(&it.block, 0, out);
  };
  sondei_span out = {nullptr, 77};
  EXPECT_TRUE(read(kBase + 8, &out));
  EXPECT_EQ(out.len, 4u);
  EXPECT_TRUE(read(0, &out));
  EXPECT_EQ(out.len, 0u);
  out.len = 77;
  EXPECT_FALSE(read(kBase + 14, &out));
  EXPECT_FALSE(read(kBase - 1, &out));
  EXPECT_EQ(out.len, 77u);
}

}  // namespace
