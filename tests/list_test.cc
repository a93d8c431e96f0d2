// SPDX-License-Identifier: MIT
extern "C" {
#include "core/list.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "tests/support/allocator.h"

namespace sonde_test {
namespace {

struct Row {
  uint64_t number;
  sonde_status status;
  sonde_string name;
};

const Row kEmpty = {7, SONDE_OK, {"", 0}};
const sondei_row_type kType = {sizeof(Row), offsetof(Row, status), &kEmpty};

class ListTest : public testing::Test {
 protected:
  ListTest() : hooks_(allocator_.hooks()) {}
  ~ListTest() override {
    sondei_memory_free(list_.memory);
    EXPECT_EQ(allocator_.live_blocks(), 0u);
    EXPECT_EQ(allocator_.live_bytes(), 0u);
  }

  sonde_fill *Begin(const sondei_row_type *type = &kType) {
    sonde_fill *fill = nullptr;
    EXPECT_EQ(sondei_list_begin(&fill, &list_.memory, &hooks_, type), SONDE_OK);
    return fill;
  }
  void Commit() { sondei_list_commit(&list_, &kType); }
  const Row &At(size_t i) const { return static_cast<const Row *>(list_.rows)[i]; }

  Allocator allocator_;
  sonde_allocator hooks_;
  sondei_list list_ = {nullptr, 0, 0, nullptr};
};

Row *Add(sonde_fill *fill) { return static_cast<Row *>(sonde_fill_row(fill)); }

TEST_F(ListTest, RowsBeginEmptyAndKeepTheirOrder) {
  sonde_fill *const fill = Begin();
  EXPECT_EQ(sonde_fill_count(fill), 0u);
  for (uint64_t i = 0; i < 1000; i++) {
    Row *const row = Add(fill);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->number, 7u);
    EXPECT_STREQ(row->name.data, "");
    row->number = i;
    if (i % 10 == 3) row->status = SONDE_ERR_ACCESS;
    EXPECT_EQ(sonde_fill_count(fill), i + 1);
    EXPECT_EQ(sonde_fill_at(fill, i), row);
  }
  Commit();
  ASSERT_EQ(list_.count, 1000u);
  EXPECT_EQ(list_.bad, 100u);
  for (uint64_t i = 0; i < 1000; i++) EXPECT_EQ(At(i).number, i);
}

TEST_F(ListTest, TheFirstRowAndTheLastMayBeBad) {
  sonde_fill *const fill = Begin();
  Add(fill)->status = SONDE_ERR_ACCESS;
  Add(fill);
  Add(fill)->status = SONDE_ERR_PARSE;
  Commit();
  EXPECT_EQ(list_.bad, 2u);
}

// 20,000 strings of 100 bytes: the requests grow with the logarithm.
TEST_F(ListTest, MemoryGrowsByDoubling) {
  sonde_fill *const fill = Begin();
  const std::string text(99, 'x');
  for (int i = 0; i < 20000; i++) {
    Row *const row = Add(fill);
    ASSERT_NE(row, nullptr);
    ASSERT_EQ(sonde_fill_string(fill, &row->name, text.data(), text.size()), SONDE_OK);
  }
  Commit();
  EXPECT_LE(allocator_.requests(), 30u);
  EXPECT_LT(allocator_.live_bytes(), 3 * 20000 * (100 + sizeof(Row)));
}

TEST_F(ListTest, DroppedRowsLeaveNoTrace) {
  sonde_fill *const fill = Begin();
  Add(fill)->number = 1;
  Add(fill)->number = 2;
  sonde_fill_drop_row(fill);
  EXPECT_EQ(Add(fill)->number, 7u);
  sonde_fill_drop_row(fill);
  sonde_fill_drop_row(fill);
  sonde_fill_drop_row(fill);  // nothing left to drop
  EXPECT_EQ(sonde_fill_count(fill), 0u);
  Commit();
  EXPECT_EQ(list_.count, 0u);
}

TEST_F(ListTest, ARowTypeWithoutStatusIsNeverBad) {
  static const uint32_t none = 0;
  const sondei_row_type type = {sizeof(uint32_t), SIZE_MAX, &none};
  sonde_fill *const fill = Begin(&type);
  for (uint32_t i = 0; i < 5; i++) *static_cast<uint32_t *>(sonde_fill_row(fill)) = i;
  sondei_list_commit(&list_, &type);
  EXPECT_EQ(list_.count, 5u);
  EXPECT_EQ(list_.bad, 0u);
  EXPECT_EQ(static_cast<uint32_t *>(list_.rows)[4], 4u);
}

TEST_F(ListTest, TheCallersRowsStayUntilACommit) {
  sonde_fill *fill = Begin();
  Row *row = Add(fill);
  row->number = 1;
  ASSERT_EQ(sonde_fill_string(fill, &row->name, "first", 5), SONDE_OK);
  Commit();
  for (int failed = 0; failed < 3; failed++) {  // calls that did not succeed
    fill = Begin();
    row = Add(fill);
    row->number = 99;
    ASSERT_EQ(sonde_fill_string(fill, &row->name, "other", 5), SONDE_OK);
    ASSERT_EQ(list_.count, 1u);
    EXPECT_EQ(At(0).number, 1u);
    EXPECT_STREQ(At(0).name.data, "first");
  }
  Commit();
  EXPECT_EQ(At(0).number, 99u);
  EXPECT_STREQ(At(0).name.data, "other");
}

TEST_F(ListTest, StringsHoldAnyBytesAndNeverMove) {
  sonde_fill *const fill = Begin();
  std::mt19937_64 random(1);
  std::vector<std::string> expected;
  std::vector<sonde_string> strings;
  for (int i = 0; i < 3000; i++) {
    std::string text(i % 100 == 99 ? 20000 + random() % 2000000 % 50000 : random() % 80, '\0');
    for (char &c : text) c = static_cast<char>(random());
    sonde_string out = {nullptr, 0};
    ASSERT_EQ(sonde_fill_string(fill, &out, text.data(), text.size()), SONDE_OK);
    expected.push_back(text);
    strings.push_back(out);
  }
  for (size_t i = 0; i < strings.size(); i++) {
    ASSERT_EQ(std::string(strings[i].data, strings[i].len), expected[i]);
    ASSERT_EQ(strings[i].data[strings[i].len], '\0');
  }
  sonde_string empty = {nullptr, 4711};
  EXPECT_EQ(sonde_fill_string(fill, &empty, nullptr, 0), SONDE_OK);
  EXPECT_STREQ(empty.data, "");
  EXPECT_EQ(empty.len, 0u);
}

TEST_F(ListTest, ArraysAreAlignedAndZero) {
  sonde_fill *fill = nullptr;
  for (int round = 0; round < 3; round++) {  // also in memory that was used before
    fill = Begin();
    for (size_t i = 0; i < 500; i++) {
      sonde_string string;
      ASSERT_EQ(sonde_fill_string(fill, &string, "abcdefghijklmnopqrstuvwxyz", i % 27), SONDE_OK);
      const size_t count = i % 7;
      char *const array = static_cast<char *>(sonde_fill_array(fill, count, sizeof(long double)));
      ASSERT_NE(array, nullptr);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(array) % alignof(max_align_t), 0u);
      for (size_t k = 0; k < count * sizeof(long double); k++) {
        EXPECT_EQ(array[k], 0);
        array[k] = 1;
      }
    }
    Commit();
  }
}

TEST_F(ListTest, SizesThatOverflowAreNoMemory) {
  sonde_fill *const fill = Begin();
  const uint64_t before = allocator_.requests();
  for (size_t size : {size_t{2}, size_t{8}, size_t{1000}}) {
    for (size_t count : {SIZE_MAX, SIZE_MAX / 2 + 1, SIZE_MAX / size, SIZE_MAX / size + 1, SIZE_MAX / size - 1}) {
      if (count * size / size == count && count * size < SIZE_MAX - 64) continue;  // no overflow, only a lot
      EXPECT_EQ(sonde_fill_array(fill, count, size), nullptr) << count << " x " << size;
    }
  }
  sonde_string string = {"before", 6};
  EXPECT_EQ(sonde_fill_string(fill, &string, "", SIZE_MAX), SONDE_ERR_NO_MEMORY);
  EXPECT_STREQ(string.data, "before");
  EXPECT_EQ(allocator_.requests(), before);  // none of these asked for anything
  EXPECT_NE(sonde_fill_array(fill, SIZE_MAX, 0), nullptr);
  EXPECT_NE(sonde_fill_array(fill, 0, SIZE_MAX), nullptr);
}

void FillAlike(sonde_fill *fill, size_t count, size_t text_len) {
  const std::string text(text_len, 'x');
  for (size_t i = 0; i < count; i++) {
    Row *const row = Add(fill);
    ASSERT_NE(row, nullptr);
    ASSERT_EQ(sonde_fill_string(fill, &row->name, text.data(), text.size()), SONDE_OK);
    ASSERT_NE(sonde_fill_array(fill, i % 5, 8), nullptr);
  }
}

TEST_F(ListTest, TwoCallsGrowItAndThenNothingIsAllocated) {
  for (size_t text_len : {size_t{5}, size_t{300}, size_t{5000}, size_t{3000000}}) {
    const size_t count = text_len > 1000000 ? 3 : 400;
    for (int i = 0; i < 2; i++) {
      FillAlike(Begin(), count, text_len);
      Commit();
    }
    const uint64_t before = allocator_.requests();
    for (int i = 0; i < 10; i++) {
      FillAlike(Begin(), i % 2 == 0 ? count : count / 2, text_len);
      Commit();
    }
    EXPECT_EQ(allocator_.requests(), before) << text_len;
  }
}

TEST_F(ListTest, MemoryStaysBoundedWhenTheContentsVary) {
  std::mt19937_64 random(1);
  size_t after_warm_up = 0;
  for (int i = 0; i < 2000; i++) {
    sonde_fill *const fill = Begin();
    for (int k = 0; k < 40; k++) {
      Row *const row = Add(fill);
      const std::string text(random() % 10 == 0 ? random() % 100000 : random() % 50, 'x');
      ASSERT_EQ(sonde_fill_string(fill, &row->name, text.data(), text.size()), SONDE_OK);
    }
    Commit();
    if (i == 100) after_warm_up = allocator_.live_bytes();
  }
  EXPECT_LT(allocator_.live_bytes(), 4 * after_warm_up);
}

// Every allocation fails once, in turn: what was there stays, and the next call works.
TEST_F(ListTest, OutOfMemoryAtEachPlace) {
  FillAlike(Begin(), 3, 10);
  Commit();
  const size_t before = list_.count;
  for (uint64_t n = 1;; n++) {
    allocator_.fail(n);
    sonde_fill *fill = nullptr;
    sonde_status status = sondei_list_begin(&fill, &list_.memory, &hooks_, &kType);
    for (size_t i = 0; status == SONDE_OK && i < 200; i++) {
      Row *const row = Add(fill);
      if (row == nullptr) status = SONDE_ERR_NO_MEMORY;
      if (status == SONDE_OK) status = sonde_fill_string(fill, &row->name, "some text", 9);
      if (status == SONDE_OK && sonde_fill_array(fill, 100, 8) == nullptr) status = SONDE_ERR_NO_MEMORY;
    }
    if (allocator_.failures() == 0) {
      EXPECT_EQ(status, SONDE_OK);
      allocator_.fail(0);
      break;
    }
    EXPECT_EQ(status, SONDE_ERR_NO_MEMORY);
    EXPECT_EQ(list_.count, before);
    EXPECT_EQ(At(2).name.len, 10u);
    ASSERT_LT(n, 100u);
    // Begin anew, so that the next round meets the same allocations less those that succeeded.
  }
  Commit();
  EXPECT_EQ(list_.count, 200u);
}

TEST(List, NoMemoryForTheFirstBlock) {
  Allocator allocator;
  const sonde_allocator hooks = allocator.hooks();
  allocator.fail(1);
  sonde_fill *fill = nullptr;
  sonde_memory_block *memory = nullptr;
  EXPECT_EQ(sondei_list_begin(&fill, &memory, &hooks, &kType), SONDE_ERR_NO_MEMORY);
  EXPECT_EQ(memory, nullptr);
  sondei_memory_free(nullptr);
}

// A list belongs to the allocator that made it, whichever context refills it.
TEST(List, RefilledWithAnotherAllocator) {
  Allocator first;
  Allocator second;
  const sonde_allocator first_hooks = first.hooks();
  const sonde_allocator second_hooks = second.hooks();
  sondei_list list = {nullptr, 0, 0, nullptr};
  sonde_fill *fill = nullptr;
  ASSERT_EQ(sondei_list_begin(&fill, &list.memory, &first_hooks, &kType), SONDE_OK);
  FillAlike(fill, 10, 10);
  sondei_list_commit(&list, &kType);
  ASSERT_EQ(sondei_list_begin(&fill, &list.memory, &second_hooks, &kType), SONDE_OK);
  FillAlike(fill, 100, 1000);
  sondei_list_commit(&list, &kType);
  EXPECT_EQ(second.requests(), 0u);
  EXPECT_GT(first.live_blocks(), 0u);
  sondei_memory_free(list.memory);
  EXPECT_EQ(first.live_blocks(), 0u);
}

// An allocator that aligns no better than to 8, as 32-bit ones do.
void *Misaligned(void *, void *block, size_t old_size, size_t new_size) {
  char *made = nullptr;
  if (new_size > 0) {
    char *const base = static_cast<char *>(::operator new(new_size + 64));
    made = base + 32 - reinterpret_cast<uintptr_t>(base) % 16 + 8;
    made[-1] = static_cast<char>(made - base);
    if (block != nullptr) memcpy(made, block, old_size < new_size ? old_size : new_size);
  }
  if (block != nullptr) {
    char *const old = static_cast<char *>(block);
    ::operator delete(old - old[-1]);
  }
  return made;
}

TEST(List, AnAllocatorThatAlignsTo8) {
  const sonde_allocator hooks = {Misaligned, nullptr};
  sondei_list list = {nullptr, 0, 0, nullptr};
  for (int round = 0; round < 3; round++) {
    sonde_fill *fill = nullptr;
    ASSERT_EQ(sondei_list_begin(&fill, &list.memory, &hooks, &kType), SONDE_OK);
    for (size_t i = 0; i < 100; i++) {
      Row *const row = Add(fill);
      ASSERT_EQ(sonde_fill_string(fill, &row->name, "abcdef", i % 7), SONDE_OK);
      void *const array = sonde_fill_array(fill, 3, 16);
      ASSERT_NE(array, nullptr);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(array) % alignof(max_align_t), 0u);
    }
    sondei_list_commit(&list, &kType);
    EXPECT_EQ(list.count, 100u);
  }
  sondei_memory_free(list.memory);
}

TEST(List, RecordsHaveStringsButNoRows) {
  Allocator allocator;
  const sonde_allocator hooks = allocator.hooks();
  sonde_memory_block *memory = nullptr;
  sonde_fill *fill = nullptr;
  sonde_string kept = {nullptr, 0};
  for (int i = 0; i < 2; i++) {
    ASSERT_EQ(sondei_list_begin(&fill, &memory, &hooks, nullptr), SONDE_OK);
    ASSERT_EQ(sonde_fill_string(fill, &kept, i == 0 ? "one" : "two", 3), SONDE_OK);
    if (i == 0) sondei_record_commit(memory);
  }
  ASSERT_EQ(sondei_list_begin(&fill, &memory, &hooks, nullptr), SONDE_OK);
  sondei_memory_free(memory);
  EXPECT_EQ(allocator.live_blocks(), 0u);
}

}  // namespace
}  // namespace sonde_test
