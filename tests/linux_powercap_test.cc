// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_powercap.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

TEST(LinuxPowercap, Zones) {
  const struct {
    const char *origin, *name, *type, *zones;
  } rows[] = {
      {"a package", "intel-rapl:0", "intel-rapl", "intel-rapl:0 "},
      {"the cores in it", "intel-rapl:0:1", "intel-rapl", "intel-rapl:0 intel-rapl:0:1 "},
      {"another way to ask", "intel-rapl-mmio:0", "intel-rapl-mmio", "intel-rapl-mmio:0 "},
      {"deep", "dtpm:0:1:22", "dtpm", "dtpm:0 dtpm:0:1 dtpm:0:1:22 "},
      {"the control type itself", "intel-rapl", "-", ""},
      {"no number", "intel-rapl:", "-", "intel-rapl: "},
      {"no number between", "intel-rapl::1", "-", "intel-rapl: intel-rapl::1 "},
      {"no type", ":0", "-", ":0 "},
      {"not a number", "a:x", "-", "a:x "},
      {"a number that does not fit", "a:4294967296", "-", "a:4294967296 "},
      {"garbage", "\xff", "-", ""},
      {"empty", "", "-", ""},
  };
  for (const auto &row : rows) {
    const sondei_span name = sondei_span_text(row.name);
    sondei_span type = sondei_span_text("-"), zone;
    EXPECT_EQ(sondei_linux_powercap_type_of(&type, name), std::string(row.type) != "-") << row.origin;
    EXPECT_EQ(Text(type), row.type) << row.origin;
    std::string zones;
    size_t level = 0;
    while (sondei_linux_next_powercap_zone(&zone, name, &level)) zones += Text(zone) + " ";
    EXPECT_EQ(zones, row.zones) << row.origin;
  }
}

}  // namespace
