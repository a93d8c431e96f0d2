// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/span.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

// A span over an exact copy on the heap, so that a byte read beyond it is seen.
class Exact {
 public:
  explicit Exact(const std::string &text) : bytes_(text.begin(), text.end()) {}
  sondei_span span() const { return sondei_span_of(bytes_.data(), bytes_.size()); }

 private:
  std::vector<char> bytes_;
};

constexpr uint64_t kMax = UINT64_MAX;

const struct {
  const char *origin;
  const char *text;
  uint64_t max;
  bool ok;
  uint64_t value;
  const char *rest;
} kDecimals[] = {
    {"one digit", "7", kMax, true, 7, ""},
    {"stops at a blank", "42 43", kMax, true, 42, " 43"},
    {"stops at a letter", "42kB", kMax, true, 42, "kB"},
    {"zero", "0", 0, true, 0, ""},
    {"leading zeros, many", "00000000000000000000000000000000012", 12, true, 12, ""},
    {"18 digits", "999999999999999999", kMax, true, 999999999999999999u, ""},
    {"19 digits", "9999999999999999999", kMax, true, 9999999999999999999u, ""},
    {"19 digits and more text", "9999999999999999999x", kMax, true, 9999999999999999999u, "x"},
    {"the largest", "18446744073709551615", kMax, true, kMax, ""},
    {"one more", "18446744073709551616", kMax, false, 0, "18446744073709551616"},
    {"much more", "99999999999999999999999", kMax, false, 0, "99999999999999999999999"},
    {"the maximum", "255", 255, true, 255, ""},
    {"above the maximum", "256", 255, false, 0, "256"},
    {"above the maximum in 19 digits", "1000000000000000000", 255, false, 0, "1000000000000000000"},
    {"maximum below one digit", "9", 5, false, 0, "9"},
    {"maximum in the middle of a number", "18446744073709551615", kMax - 1, false, 0, "18446744073709551615"},
    {"a sign is no digit", "-1", kMax, false, 0, "-1"},
    {"nor is a plus", "+1", kMax, false, 0, "+1"},
    {"nor a blank", " 1", kMax, false, 0, " 1"},
    {"letters", "abc", kMax, false, 0, "abc"},
    {"neighbours of the digits", "/", kMax, false, 0, "/"},
    {"and", ":", kMax, false, 0, ":"},
    {"bytes with the high bit", "\xb2\xb3", kMax, false, 0, "\xb2\xb3"},
    {"empty", "", kMax, false, 0, ""},
};

TEST(Span, Decimals) {
  for (const auto &row : kDecimals) {
    const Exact text(row.text);
    sondei_span span = text.span();
    uint64_t value = 4711;
    EXPECT_EQ(sondei_span_u64(&span, &value, row.max), row.ok) << row.origin;
    EXPECT_EQ(value, row.ok ? row.value : 4711) << row.origin;
    EXPECT_EQ(Text(span), row.rest) << row.origin;
  }
}

TEST(Span, SmallDecimals) {
  sondei_span span = sondei_span_text("4294967295,4294967296");
  uint32_t value = 4711;
  EXPECT_TRUE(sondei_span_u32(&span, &value));
  EXPECT_EQ(value, 4294967295u);
  EXPECT_TRUE(sondei_span_take_char(&span, ','));
  EXPECT_FALSE(sondei_span_u32(&span, &value));
  EXPECT_EQ(value, 4294967295u);
  EXPECT_EQ(Text(span), "4294967296");
}

const struct {
  const char *origin;
  const char *text;
  int64_t min, max;
  bool ok;
  int64_t value;
  const char *rest;
} kSigned[] = {
    {"positive", "12 ", INT64_MIN, INT64_MAX, true, 12, " "},
    {"negative", "-12 ", INT64_MIN, INT64_MAX, true, -12, " "},
    {"minus zero", "-0", INT64_MIN, INT64_MAX, true, 0, ""},
    {"the largest", "9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX, ""},
    {"one more", "9223372036854775808", INT64_MIN, INT64_MAX, false, 0, "9223372036854775808"},
    {"the smallest", "-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN, ""},
    {"one less", "-9223372036854775809", INT64_MIN, INT64_MAX, false, 0, "-9223372036854775809"},
    {"below the minimum", "-21", -20, 19, false, 0, "-21"},
    {"the minimum", "-20", -20, 19, true, -20, ""},
    {"above the maximum", "20", -20, 19, false, 0, "20"},
    {"a minus alone", "-", INT64_MIN, INT64_MAX, false, 0, "-"},
    {"two", "--1", INT64_MIN, INT64_MAX, false, 0, "--1"},
    {"a blank after it", "- 1", INT64_MIN, INT64_MAX, false, 0, "- 1"},
    {"empty", "", INT64_MIN, INT64_MAX, false, 0, ""},
};

TEST(Span, SignedDecimals) {
  for (const auto &row : kSigned) {
    const Exact text(row.text);
    sondei_span span = text.span();
    int64_t value = 4711;
    EXPECT_EQ(sondei_span_i64(&span, &value, row.min, row.max), row.ok) << row.origin;
    EXPECT_EQ(value, row.ok ? row.value : 4711) << row.origin;
    EXPECT_EQ(Text(span), row.rest) << row.origin;
  }
}

const struct {
  const char *origin;
  unsigned base;
  const char *text;
  uint64_t max;
  bool ok;
  uint64_t value;
  const char *rest;
} kBases[] = {
    {"both cases", 16, "fF09aA", kMax, true, 0xff09aa, ""},
    {"stops", 16, "1g", kMax, true, 1, "g"},
    {"no prefix", 16, "0x1", kMax, true, 0, "x1"},
    {"the largest", 16, "ffffffffffffffff", kMax, true, kMax, ""},
    {"one more", 16, "10000000000000000", kMax, false, 0, "10000000000000000"},
    {"leading zeros", 16, "000000000000000000ff", kMax, true, 255, ""},
    {"limit", 16, "100", 255, false, 0, "100"},
    {"neighbours", 16, "@G`g", kMax, false, 0, "@G`g"},
    {"empty", 16, "", kMax, false, 0, ""},
    {"octal", 8, "0408", kMax, true, 32, "8"},
    {"the largest in octal", 8, "1777777777777777777777", kMax, true, kMax, ""},
    {"one more in octal", 8, "2000000000000000000000", kMax, false, 0, "2000000000000000000000"},
    {"no octal digit", 8, "8", kMax, false, 0, "8"},
    {"octal limit below one digit", 8, "7", 5, false, 0, "7"},
};

TEST(Span, OtherBases) {
  for (const auto &row : kBases) {
    const Exact text(row.text);
    sondei_span span = text.span();
    uint64_t value = 4711;
    const bool ok =
        row.base == 16 ? sondei_span_hex64(&span, &value, row.max) : sondei_span_octal64(&span, &value, row.max);
    EXPECT_EQ(ok, row.ok) << row.origin;
    EXPECT_EQ(value, row.ok ? row.value : 4711) << row.origin;
    EXPECT_EQ(Text(span), row.rest) << row.origin;
  }
}

const struct {
  const char *origin;
  const char *text;
  uint64_t scale, max;
  bool ok;
  uint64_t value;
  const char *rest;
} kFixed[] = {
    {"the contract's example", "12.34", 1000, kMax, true, 12340, ""},
    {"/proc/uptime", "350735.47 234388.90", 1000000000, kMax, true, 350735470000000, " 234388.90"},
    {"no fraction", "12 ", 100, kMax, true, 1200, " "},
    {"a dot without digits stays", "12.", 100, kMax, true, 1200, "."},
    {"a dot and a letter", "12.x", 100, kMax, true, 1200, ".x"},
    {"a dot and a letter that is a hexadecimal digit", "12.a", 100, kMax, true, 1200, ".a"},
    {"further digits are dropped", "0.123456789", 100, kMax, true, 12, ""},
    {"scale 1 drops the fraction", "7.9", 1, kMax, true, 7, ""},
    {"no digit before the dot", ".5", 100, kMax, false, 0, ".5"},
    {"the maximum", "1.00", 100, 100, true, 100, ""},
    {"above it by the fraction", "1.01", 100, 100, false, 0, "1.01"},
    {"above it by the whole", "2", 100, 100, false, 0, "2"},
    {"no overflow", "18446744073709551615", 1000, kMax, false, 0, "18446744073709551615"},
    {"just below", "18446744073709551.615", 1000, kMax, true, kMax, ""},
    {"just above", "18446744073709551.616", 1000, kMax, false, 0, "18446744073709551.616"},
    {"negative", "-1.5", 100, kMax, false, 0, "-1.5"},
    {"a comma is no dot, in any locale", "1,5", 100, kMax, true, 100, ",5"},
    {"empty", "", 100, kMax, false, 0, ""},
};

TEST(Span, FixedPoint) {
  for (const auto &row : kFixed) {
    const Exact text(row.text);
    sondei_span span = text.span();
    uint64_t value = 4711;
    EXPECT_EQ(sondei_span_fixed(&span, &value, row.scale, row.max), row.ok) << row.origin;
    EXPECT_EQ(value, row.ok ? row.value : 4711) << row.origin;
    EXPECT_EQ(Text(span), row.rest) << row.origin;
  }
}

TEST(Span, WholeNumbers) {
  const struct {
    const char *text;
    bool ok;
    int64_t value;
  } rows[] = {{"12", true, 12},    {"12\n", true, 12},     {" \t12 \n\n", true, 12}, {"\n12", true, 12},
              {"12 13", false, 0}, {"12kB", false, 0},     {"", false, 0},           {"\n", false, 0},
              {" ", false, 0},     {" \t\n \n", false, 0}, {"0x12", false, 0},       {"12\r\n", false, 0}};
  for (const auto &row : rows) {
    uint64_t value = 4711;
    int64_t signed_value = 4711;
    EXPECT_EQ(sondei_span_whole_u64(sondei_span_text(row.text), &value), row.ok) << row.text;
    EXPECT_EQ(sondei_span_whole_i64(sondei_span_text(row.text), &signed_value), row.ok) << row.text;
    EXPECT_EQ(signed_value, row.ok ? row.value : 4711);
    EXPECT_EQ(value, row.ok ? static_cast<uint64_t>(row.value) : 4711);
  }
  int64_t value = 4711;
  EXPECT_TRUE(sondei_span_whole_i64(sondei_span_text("-1\n"), &value));
  EXPECT_EQ(value, -1);
  uint64_t unsigned_value = 4711;
  EXPECT_FALSE(sondei_span_whole_u64(sondei_span_text("-1\n"), &unsigned_value));
  EXPECT_EQ(unsigned_value, 4711u);
}

TEST(Span, Comparing) {
  const sondei_span span = sondei_span_text("cpu0");
  EXPECT_TRUE(sondei_span_equals(span, "cpu0"));
  EXPECT_FALSE(sondei_span_equals(span, "cpu"));
  EXPECT_FALSE(sondei_span_equals(span, "cpu01"));
  EXPECT_TRUE(sondei_span_starts_with(span, "cpu"));
  EXPECT_TRUE(sondei_span_starts_with(span, ""));
  EXPECT_FALSE(sondei_span_starts_with(span, "cpu01"));
  EXPECT_TRUE(sondei_span_ends_with(span, "u0"));
  EXPECT_TRUE(sondei_span_ends_with(span, ""));
  EXPECT_FALSE(sondei_span_ends_with(span, "xcpu0"));
  EXPECT_FALSE(sondei_span_ends_with(span, "cpu"));
  const sondei_span empty = sondei_span_of(nullptr, 0);
  EXPECT_TRUE(sondei_span_equals(empty, ""));
  EXPECT_TRUE(sondei_span_starts_with(empty, ""));
  EXPECT_TRUE(sondei_span_ends_with(empty, ""));
  EXPECT_FALSE(sondei_span_starts_with(empty, "a"));
}

TEST(Span, Finding) {
  const Exact text("a:b:c");
  size_t at = 4711;
  EXPECT_TRUE(sondei_span_find(text.span(), ':', &at));
  EXPECT_EQ(at, 1u);
  EXPECT_TRUE(sondei_span_find_last(text.span(), ':', &at));
  EXPECT_EQ(at, 3u);
  EXPECT_TRUE(sondei_span_find_last(text.span(), 'a', &at));
  EXPECT_EQ(at, 0u);
  at = 4711;
  EXPECT_FALSE(sondei_span_find(text.span(), ';', &at));
  EXPECT_FALSE(sondei_span_find_last(text.span(), ';', &at));
  EXPECT_FALSE(sondei_span_find(sondei_span_of(nullptr, 0), ';', &at));
  EXPECT_FALSE(sondei_span_find_last(sondei_span_of(nullptr, 0), ';', &at));
  EXPECT_EQ(at, 4711u);
}

TEST(Span, Taking) {
  sondei_span span = sondei_span_text("MemTotal:  1024 kB\nnext");
  EXPECT_FALSE(sondei_span_take_text(&span, "MemFree"));
  EXPECT_TRUE(sondei_span_take_text(&span, "MemTotal"));
  EXPECT_FALSE(sondei_span_take_char(&span, ';'));
  EXPECT_TRUE(sondei_span_take_char(&span, ':'));
  sondei_span word = {nullptr, 0};
  EXPECT_TRUE(sondei_span_take_word(&span, &word));
  EXPECT_EQ(Text(word), "1024");
  EXPECT_EQ(Text(span), " kB\nnext");
  EXPECT_TRUE(sondei_span_take_word(&span, &word));
  EXPECT_EQ(Text(word), "kB");
  EXPECT_FALSE(sondei_span_take_word(&span, &word));  // not over the line end
  EXPECT_EQ(Text(word), "kB");
  EXPECT_EQ(Text(span), "\nnext");
  sondei_span line = {nullptr, 0};
  EXPECT_TRUE(sondei_span_take_line(&span, &line));
  EXPECT_EQ(line.len, 0u);
  EXPECT_TRUE(sondei_span_take_line(&span, &line));
  EXPECT_EQ(Text(line), "next");
  EXPECT_FALSE(sondei_span_take_line(&span, &line));
  EXPECT_EQ(Text(line), "next");
  EXPECT_FALSE(sondei_span_take_char(&span, 'n'));
}

TEST(Span, Lines) {
  sondei_span span = sondei_span_text("a\n\nb\n");
  std::vector<std::string> lines;
  sondei_span line;
  while (sondei_span_take_line(&span, &line)) lines.push_back(Text(line));
  EXPECT_EQ(lines, (std::vector<std::string>{"a", "", "b"}));
}

TEST(Span, Until) {
  sondei_span span = sondei_span_of("a\0\0bc", 5);
  std::vector<std::string> parts;
  sondei_span part;
  while (sondei_span_take_until(&span, '\0', &part)) parts.push_back(Text(part));
  EXPECT_EQ(parts, (std::vector<std::string>{"a", "", "bc"}));
}

TEST(Span, BlanksAndTrimming) {
  EXPECT_EQ(Text(sondei_span_trim(sondei_span_text(" \t a b\t "))), "a b");
  EXPECT_EQ(Text(sondei_span_trim(sondei_span_text(" \t "))), "");
  EXPECT_EQ(sondei_span_trim(sondei_span_of(nullptr, 0)).len, 0u);
  EXPECT_EQ(Text(sondei_span_trim(sondei_span_text("a\n"))), "a\n");  // a line end is no blank
  sondei_span span = sondei_span_text("  x");
  sondei_span_skip_blanks(&span);
  EXPECT_EQ(Text(span), "x");
  sondei_span_advance(&span, 100);
  EXPECT_EQ(span.len, 0u);
  span = sondei_span_of(nullptr, 0);
  sondei_span_advance(&span, 1);
  sondei_span_skip_blanks(&span);
  EXPECT_EQ(span.len, 0u);
}

TEST(Span, Binary) {
  uint8_t bytes[15];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = static_cast<uint8_t>(i + 1);
  const Exact text(std::string(reinterpret_cast<const char *>(bytes), sizeof bytes));
  uint16_t two = 0, want_two = 0;
  uint32_t four = 0, want_four = 0;
  uint64_t eight = 0, want_eight = 0;
  for (size_t at = 0; at <= sizeof bytes + 1; at++) {  // aligned or not
    EXPECT_EQ(sondei_span_read_u16(text.span(), at, &two), at + 2 <= sizeof bytes);
    EXPECT_EQ(sondei_span_read_u32(text.span(), at, &four), at + 4 <= sizeof bytes);
    EXPECT_EQ(sondei_span_read_u64(text.span(), at, &eight), at + 8 <= sizeof bytes);
    if (at + 2 <= sizeof bytes) memcpy(&want_two, bytes + at, 2);
    if (at + 4 <= sizeof bytes) memcpy(&want_four, bytes + at, 4);
    if (at + 8 <= sizeof bytes) memcpy(&want_eight, bytes + at, 8);
    EXPECT_EQ(two, want_two);
    EXPECT_EQ(four, want_four);
    EXPECT_EQ(eight, want_eight);
  }
  EXPECT_FALSE(sondei_span_read_u64(text.span(), SIZE_MAX, &eight));
  EXPECT_FALSE(sondei_span_read_u64(text.span(), SIZE_MAX - 7, &eight));
  EXPECT_FALSE(sondei_span_read_u16(sondei_span_of(nullptr, 0), 0, &two));
}

TEST(Span, OrderedNumbers) {
  const sondei_span bytes = sondei_span_of("\x01\x02\x03\x04\x05\x06\x07\xf8\x09", 9);
  const struct {
    size_t offset, size;
    uint64_t little, big;
  } rows[] = {
      {0, 1, 0x01, 0x01},
      {7, 1, 0xf8, 0xf8},
      {1, 2, 0x0302, 0x0203},
      {0, 3, 0x030201, 0x010203},
      {4, 4, 0xf8070605, 0x050607f8},
      {0, 8, 0xf807060504030201, 0x01020304050607f8},
      {1, 8, 0x09f8070605040302, 0x020304050607f809},
  };
  uint64_t value = 7;
  for (const auto &row : rows) {
    EXPECT_TRUE(sondei_span_read_ordered(bytes, row.offset, row.size, SONDEI_LITTLE_ENDIAN, &value));
    EXPECT_EQ(value, row.little);
    EXPECT_TRUE(sondei_span_read_ordered(bytes, row.offset, row.size, SONDEI_BIG_ENDIAN, &value));
    EXPECT_EQ(value, row.big);
  }
  value = 7;
  EXPECT_FALSE(sondei_span_read_ordered(bytes, 0, 0, SONDEI_BIG_ENDIAN, &value));
  EXPECT_FALSE(sondei_span_read_ordered(bytes, 0, 9, SONDEI_BIG_ENDIAN, &value));
  EXPECT_FALSE(sondei_span_read_ordered(bytes, 2, 8, SONDEI_BIG_ENDIAN, &value));
  EXPECT_FALSE(sondei_span_read_ordered(bytes, SIZE_MAX, 2, SONDEI_BIG_ENDIAN, &value));
  EXPECT_EQ(value, 7u);
  uint32_t host = 0, want = 0;
  memcpy(&want, bytes.data, sizeof want);
  EXPECT_TRUE(sondei_span_read_ordered(bytes, 0, sizeof want, sondei_host_byte_order(), &value));
  EXPECT_TRUE(sondei_span_read_u32(bytes, 0, &host));
  EXPECT_EQ(value, want);
  EXPECT_EQ(host, want);
}

TEST(Span, ParseErrors) {
  const sondei_span whole = sondei_span_text("one two");
  sondei_span rest = whole;
  sondei_span_advance(&rest, 4);
  sondei_parse_error err = {0, nullptr};
  EXPECT_FALSE(sondei_parse_fail(&err, whole, rest, "three"));
  EXPECT_EQ(err.position, 4u);
  EXPECT_STREQ(err.expected, "three");
  EXPECT_FALSE(sondei_parse_fail(nullptr, whole, rest, "three"));
}

}  // namespace
