// SPDX-License-Identifier: MIT
// How the command words numbers, how wide it takes text to be, and that what it writes as JSON is JSON.
extern "C" {
#include "tools/field_text.h"
#include "tools/json_out.h"
#include "tools/text_buffer.h"
#include "tools/text_escape.h"
#include "tools/text_table.h"
#include "tools/text_width.h"
}

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace {

std::string Words(const std::function<void(text_buffer *)> &add) {
  text_buffer buffer = {};
  add(&buffer);
  std::string text(buffer.data == nullptr ? "" : buffer.data, buffer.len);
  text_buffer_free(&buffer);
  return text;
}

std::string Escape(const std::string &bytes, size_t room = 100) {
  std::string out(room, '?');
  const size_t needed = text_escape_as(&out[0], room, bytes.data(), bytes.size(), true);
  EXPECT_EQ(needed, text_escape_as(nullptr, 0, bytes.data(), bytes.size(), true));
  return std::string(out.c_str()) + (needed < room ? "" : " and more");
}

TEST(Text, BackslashesOfPathsStay) {
  EXPECT_EQ(Escape(""), "");
  EXPECT_EQ(Escape("C:\\dir\\a b\n\\\x1b"), "C:\\dir\\a b\\n\\\\x1b");
  EXPECT_EQ(Escape("\\\\server\\"), "\\\\server\\");
  EXPECT_EQ(Escape("C:\\dir\\x", 8), "C:\\dir\\ and more");
  EXPECT_EQ(Escape("C:\\dir\\x", 7), "C:\\dir and more");
  EXPECT_EQ(Escape("C:\\", 3), "C: and more");
  EXPECT_EQ(Escape("C:\\", 1), " and more");
  char out[20];
  EXPECT_EQ(text_escape_as(out, sizeof out, "C:\\", 3, false), 4u);
  EXPECT_STREQ(out, "C:\\\\");
}

struct NumberCase {
  uint64_t value;
  const char *expected;
};

TEST(Text, Bytes) {
  const NumberCase cases[] = {
      {0, "0B"},
      {1, "1B"},
      {1023, "1023B"},
      {1024, "1.0K"},
      {1536, "1.5K"},
      {1024 * 1024 - 1, "1.0M"},  // not 1024.0K
      {1024 * 1024, "1.0M"},
      {UINT64_C(1) << 40, "1.0T"},
      {UINT64_C(1) << 60, "1.0E"},
      {UINT64_MAX - 1, "16.0E"},
      {UINT64_MAX, "unlimited"},
  };
  for (const NumberCase &c : cases) {
    EXPECT_EQ(Words([&](text_buffer *b) { text_add_bytes(b, c.value); }), c.expected) << c.value;
  }
}

TEST(Text, Durations) {
  const uint64_t second = SONDE_NSEC_PER_SEC;
  const NumberCase cases[] = {
      {0, "0ns"},
      {999, "999ns"},
      {1000, "1.0us"},
      {1500000, "1.5ms"},
      {second, "1.00s"},
      {second * 59 + second - 1, "59.99s"},
      {second * 60, "0:01:00"},
      {second * 3661, "1:01:01"},
      {second * 86399, "23:59:59"},
      {second * 86400, "1d 0:00:00"},
      {UINT64_MAX - 1, "213503d 23:34:33"},
      {UINT64_MAX, "unlimited"},
  };
  for (const NumberCase &c : cases) {
    EXPECT_EQ(Words([&](text_buffer *b) { text_add_duration(b, c.value); }), c.expected) << c.value;
  }
}

// The expected values are those of date -u -d @SECONDS.
TEST(Text, Moments) {
  const NumberCase cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {UINT64_C(68169599), "1972-02-28T23:59:59Z"},
      {UINT64_C(68169600), "1972-02-29T00:00:00Z"},
      {UINT64_C(68255999), "1972-02-29T23:59:59Z"},
      {UINT64_C(951782400), "2000-02-29T00:00:00Z"},
      {UINT64_C(978307199), "2000-12-31T23:59:59Z"},
      {UINT64_C(1795363120), "2026-11-22T15:58:40Z"},
      {UINT64_C(4107542400), "2100-03-01T00:00:00Z"},
      {UINT64_C(18446744073), "2554-07-21T23:34:33Z"},
  };
  for (const NumberCase &c : cases) {
    EXPECT_EQ(Words([&](text_buffer *b) { text_add_moment(b, c.value * SONDE_NSEC_PER_SEC); }), c.expected) << c.value;
  }
}

TEST(Text, OtherNumbers) {
  EXPECT_EQ(Words([](text_buffer *b) { text_add_hertz(b, 2400000000); }), "2.40GHz");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_hertz(b, 999); }), "999Hz");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_bit_rate(b, 1000000000); }), "1.0Gbit/s");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_byte_rate(b, 0); }), "0B/s");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_byte_rate(b, 1536.4); }), "1.5K/s");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_percent(b, 12.34); }), "12.3%");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_hex(b, UINT64_MAX); }), "0xffffffffffffffff");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_octal(b, 022); }), "0022");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_i64(b, INT64_MIN); }), "-9223372036854775808");
  EXPECT_EQ(Words([](text_buffer *b) { text_add_double(b, -1.7976931348623157e308, 2); }).size(), 1u + 309 + 3);
}

TEST(Text, LongStringsAreEscapedWhole) {
  const std::string in(100000, '\x1b');
  EXPECT_EQ(Words([&](text_buffer *b) { text_add_escaped(b, in.data(), in.size()); }).size(), 4 * in.size());
}

TEST(Text, ListsOfNumbersAreRanges) {
  const uint32_t cpus[] = {0, 1, 2, 3, 5, 7, 8};
  sonde_numa_node node = {};
  node.valid = SONDE_NUMA_NODE_CPUS;
  node.cpus = cpus;
  node.num_cpus = 7;
  const field *const entry = record_find(&record_numa_node, "cpus");
  EXPECT_EQ(Words([&](text_buffer *b) { field_text(b, entry, &node); }), "0-3,5,7,8");
}

TEST(Text, Width) {
  const struct {
    const char *text;
    size_t columns;
  } cases[] = {
      {"", 0},
      {"abc", 3},
      {"\xc3\xa9", 1},                  // e acute
      {"e\xcc\x81", 1},                 // e and a combining acute
      {"\xe6\xbc\xa2\xe5\xad\x97", 4},  // two Han characters
      {"\xf0\x9f\x98\x80", 2},          // an emoji
      {"\xff\xe6", 2},                  // no UTF-8
  };
  for (const auto &c : cases) EXPECT_EQ(text_width(c.text, strlen(c.text)), c.columns) << c.text;
}

TEST(Text, CutsAtAWholeCharacter) {
  const char *const han = "a\xe6\xbc\xa2\xe5\xad\x97";
  const size_t lengths[] = {0, 1, 1, 4, 4, 7, 7};
  for (size_t columns = 0; columns < 7; columns++) EXPECT_EQ(text_cut(han, 7, columns, nullptr), lengths[columns]);
}

std::string Printed(const std::function<void(output *)> &print) {
  char *data = nullptr;
  size_t len = 0;
  FILE *const stream = open_memstream(&data, &len);
  output out = {};
  out.stream = stream;
  print(&out);
  EXPECT_TRUE(output_flush(&out));
  fclose(stream);
  std::string text(data, len);
  free(data);
  return text;
}

TEST(Text, Table) {
  text_table table = {};
  text_table_column(&table, "left", false);
  text_table_column(&table, "empty", false);
  text_table_column(&table, "right", true);
  text_table_column(&table, "last", false);
  for (const char *cell : {"\xe6\xbc\xa2", "", "1", "x", "abcdef", "", "1234567", ""}) {
    text_add(text_table_cell_begin(&table), cell);
    text_table_cell_end(&table, COLOUR_NONE);
  }
  EXPECT_EQ(Printed([&](output *out) { text_table_print(&table, out, true); }),
            "left      right  last\n"
            "\xe6\xbc\xa2            1  x\n"
            "abcdef  1234567\n");
  EXPECT_EQ(Printed([&](output *out) {
              out->width = 9;
              text_table_print(&table, out, true);
            }),
            "left     \n\xe6\xbc\xa2       \nabcdef  1\n");
  text_table_free(&table);
}

// Writes a record with this hostname, and reads it back by yyjson's parser.
void RoundTrip(const std::string &bytes) {
  sonde_host_info info = {};
  info.hostname = {bytes.data(), bytes.size()};
  yyjson_mut_doc *const doc = json_open();
  json_add(doc, yyjson_mut_doc_get_root(doc), "host_info", json_record(doc, &record_host_info, &info, nullptr));
  const std::string text = Printed([&](output *out) { json_print(doc, out, false); });
  for (const char c : text) ASSERT_TRUE((c >= 0x20 && c < 0x7f) || c == '\n') << text;

  yyjson_doc *const read = yyjson_read(text.data(), text.size(), 0);
  ASSERT_NE(read, nullptr) << text;
  yyjson_val *const host = yyjson_obj_get(yyjson_doc_get_root(read), "host_info");
  yyjson_val *const name = yyjson_obj_get(host, "hostname");
  const std::string value(yyjson_get_str(name), yyjson_get_len(name));
  yyjson_doc_free(read);
  if (value != bytes) {
    std::string escaped(4 * bytes.size() + 1, '\0');
    escaped.resize(sonde_escape(&escaped[0], escaped.size(), bytes.data(), bytes.size()));
    EXPECT_EQ(value, escaped);
    EXPECT_NE(escaped.find("\\x"), std::string::npos) << "valid UTF-8 was changed: " << text;
  }
}

TEST(Json, AnyBytesAreValidJson) {
  const unsigned char edges[] = {0x00, 0x0a, 0x1b, 0x22, 0x5c, 0x7f, 0x80, 0x8f, 0x90, 0x9b, 0x9f, 0xa0, 0xbf, 0xc0,
                                 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff};
  for (const unsigned char a : edges) {
    RoundTrip(std::string(1, static_cast<char>(a)));
    for (const unsigned char b : edges) {
      RoundTrip({static_cast<char>(a), static_cast<char>(b)});
      for (const unsigned char c : edges) {
        RoundTrip({static_cast<char>(a), static_cast<char>(b), static_cast<char>(c)});
        if (a >= 0xf0) RoundTrip({static_cast<char>(a), static_cast<char>(b), static_cast<char>(c), '\x80'});
      }
    }
  }
}

TEST(Json, ValidTextIsItself) {
  for (const char *text : {"plain", "back\\slash \"quote\"", "gr\xc3\xbc\xc3\x9f", "\xe2\x80\xae bidi", "\x7f",
                           "\x1b[0m", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"}) {
    sonde_user user = {};
    user.name = {text, strlen(text)};
    yyjson_mut_doc *const doc = json_open();
    yyjson_mut_val *const row = json_record(doc, &record_user, &user, nullptr);
    EXPECT_STREQ(yyjson_mut_get_str(yyjson_mut_obj_get(row, "name")), text);
    yyjson_mut_doc_free(doc);
  }
}

TEST(Json, NumbersAreExact) {
  sonde_cgroup cgroup = {};
  cgroup.valid = UINT64_MAX;
  cgroup.memory_limit = UINT64_MAX;
  cgroup.cpu_limit = INFINITY;
  cgroup.pids_limit = (UINT64_C(1) << 53) + 1;
  yyjson_mut_doc *const doc = json_open();
  json_add(doc, yyjson_mut_doc_get_root(doc), "cgroup", json_record(doc, &record_cgroup, &cgroup, nullptr));
  const std::string text = Printed([&](output *out) { json_print(doc, out, false); });
  EXPECT_NE(text.find("\"memory_limit\": 18446744073709551615,"), std::string::npos) << text;
  EXPECT_NE(text.find("\"pids_limit\": 9007199254740993,"), std::string::npos) << text;
  EXPECT_NE(text.find("\"cpu_limit\": null,"), std::string::npos) << text;
  EXPECT_NE(text.find("\"cpuset\": []"), std::string::npos) << text;
}

}  // namespace
