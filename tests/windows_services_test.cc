// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_services.h"
}

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/windows_bytes.h"

namespace {

constexpr uint64_t kBase = 0x10000;

struct Service {
  std::string name, display_name;
  uint32_t state, pid;
};

bool operator==(const Service &a, const Service &b) {
  return a.name == b.name && a.display_name == b.display_name && a.state == b.state && a.pid == b.pid;
}

std::string Struct(size_t pointer_size, uint64_t name, uint64_t display_name, uint32_t state, uint32_t pid) {
  std::string out = LittleEndian(name, pointer_size) + LittleEndian(display_name, pointer_size);
  for (const uint32_t member : {0x10u, state, 0x1111u, 0x2222u, 0x3333u, 0x4444u, 0x5555u, pid, 0x6666u}) {
    out += LittleEndian(member, 4);
  }
  while (out.size() % pointer_size != 0) out.push_back('\0');
  return out;
}

// As the service control manager fills: structs from the front, text behind them.
std::string List(size_t pointer_size, const std::vector<std::pair<std::u16string, std::u16string>> &names) {
  const size_t size = Struct(pointer_size, 0, 0, 0, 0).size();
  std::string structs, texts;
  uint32_t index = 0;
  for (const auto &name : names) {
    const uint64_t first = kBase + size * names.size() + texts.size();
    texts += Utf16(name.first + u'\0');
    const uint64_t second = kBase + size * names.size() + texts.size();
    texts += Utf16(name.second + u'\0');
    structs += Struct(pointer_size, first, second, 1 + index % 7, index * 4);
    index++;
  }
  return structs + texts;
}

struct Result {
  std::vector<Service> services;
  std::vector<std::string> errors;
};

Result Parse(const std::string &bytes, size_t pointer_size, uint32_t count) {
  Result out;
  sondei_windows_services in = {{SpanOf(bytes), kBase, pointer_size}, count, 0};
  sondei_windows_service row;
  sondei_parse_error err;
  while (sondei_windows_next_service(&row, &err, &in)) {
    out.services.push_back({Utf8(row.name), Utf8(row.display_name), row.state, row.pid});
    out.errors.push_back(err.expected != nullptr ? err.expected : "");
    EXPECT_LE(err.position, bytes.size());
  }
  EXPECT_FALSE(sondei_windows_next_service(&row, &err, &in));
  return out;
}

TEST(WindowsServices, BothPointerSizes) {
  EXPECT_EQ(SONDEI_WINDOWS_SERVICE_SIZE(4), 44);
  EXPECT_EQ(SONDEI_WINDOWS_SERVICE_SIZE(8), 56);
  for (const size_t pointer_size : {4u, 8u}) {
    SCOPED_TRACE(pointer_size);
    const Result out = Parse(
        List(pointer_size, {{u"Spooler", u"Print Spooler"}, {u"\u00e4", u"\U0001f600"}, {u"x", u""}}), pointer_size, 3);
    const std::vector<Service> expected = {{"Spooler", "Print Spooler", 1, 0}, {"ä", "😀", 2, 4}, {"x", "", 3, 8}};
    EXPECT_TRUE(out.services == expected);
    EXPECT_EQ(out.errors, std::vector<std::string>(3));
  }
}

TEST(WindowsServices, Table) {
  const std::string text = Utf16(std::u16string(u"name\0", 5));
  const struct {
    const char *origin;
    std::string bytes;
    uint32_t count;
    std::vector<Service> services;
    std::vector<std::string> errors;
  } rows[] = {
      {"no display name", Struct(8, kBase + 56, 0, 4, 9) + text, 1, {{"name", "", 4, 9}}, {""}},
      {"both names are one text", Struct(8, kBase + 56, kBase + 56, 4, 9) + text, 1, {{"name", "name", 4, 9}}, {""}},
      {"less counted than filled",
       Struct(8, kBase + 112, 0, 4, 9) + Struct(8, kBase + 112, 0, 5, 9) + text,
       1,
       {{"name", "", 4, 9}},
       {""}},
      {"name outside: only that row is lost",
       Struct(8, kBase - 1, 0, 4, 9) + Struct(8, kBase + 112, 0, 5, 9) + text,
       2,
       {{"", "", 4, 9}, {"name", "", 5, 9}},
       {"lpServiceName, in the list", ""}},
      {"display name outside",
       Struct(8, kBase + 56, UINT64_MAX, 4, 9) + text,
       1,
       {{"name", "", 4, 9}},
       {"lpDisplayName, in the list"}},
      {"a name that no NUL ends",
       Struct(8, kBase + 56, 0, 4, 9) + text.substr(0, 8),
       1,
       {{"", "", 4, 9}},
       {"lpServiceName, in the list"}},
      {"half a NUL",
       Struct(8, kBase + 56, 0, 4, 9) + text.substr(0, 9),
       1,
       {{"", "", 4, 9}},
       {"lpServiceName, in the list"}},
      {"more counted than filled",
       Struct(8, kBase + 56, 0, 4, 9).substr(0, 55),
       UINT32_MAX,
       {{"", "", 0, 0}},
       {"a whole ENUM_SERVICE_STATUS_PROCESSW"}},
      {"garbage", std::string(56, '\xff'), 1, {{"", "", UINT32_MAX, UINT32_MAX}}, {"lpServiceName, in the list"}},
      {"empty, and one counted", "", 1, {{"", "", 0, 0}}, {"a whole ENUM_SERVICE_STATUS_PROCESSW"}},
      {"empty", "", 0, {}, {}},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    const Result out = Parse(row.bytes, 8, row.count);
    EXPECT_TRUE(out.services == row.services);
    EXPECT_EQ(out.errors, row.errors);
  }
}

TEST(WindowsServices, NamesHaveABound) {
  const std::u16string longest(1024, u'n');
  Result out = Parse(List(8, {{longest, u"d"}}), 8, 1);
  ASSERT_EQ(out.services.size(), 1u);
  EXPECT_EQ(out.services[0].name.size(), 1024u);
  out = Parse(List(8, {{longest + u'n', u"d"}}), 8, 1);
  EXPECT_EQ(out.errors, std::vector<std::string>{"lpServiceName, in the list"});
}

}  // namespace
