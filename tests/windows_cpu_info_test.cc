// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <string>

#include "tests/support/context.h"
#include "tests/support/windows_machine.h"

namespace {

using sonde_test::Context;
using sonde_test::last_error;
using sonde_test::List;
using sonde_test::text;
using windows_machine::machine;
using windows_machine::Machine;
using windows_machine::MadeUp;

constexpr uint64_t kAll = SONDE_CPU_INFO_FAMILY | SONDE_CPU_INFO_MODEL | SONDE_CPU_INFO_STEPPING |
                          SONDE_CPU_INFO_VENDOR | SONDE_CPU_INFO_MODEL_NAME;

/* ---- This machine ---- */

// A value of CPU 0, by the oldest way to ask; without NULs at the end.
std::string Registry(const char *name) {
  HKEY key = nullptr;
  char value[512] = "";
  DWORD size = sizeof value - 1;
  EXPECT_EQ(
      RegOpenKeyExA(HKEY_LOCAL_MACHINE, "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0", 0, KEY_QUERY_VALUE, &key),
      ERROR_SUCCESS);
  EXPECT_EQ(RegQueryValueExA(key, name, nullptr, nullptr, reinterpret_cast<BYTE *>(value), &size), ERROR_SUCCESS);
  RegCloseKey(key);
  return value;
}

TEST(WindowsCpuInfo, IsWhatTheRegistryHolds) {
  Context context;
  List<sonde_cpu_info_list> list;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_GE(list.count, 1u);
  EXPECT_EQ(list.bad, 0u) << context.error();
  EXPECT_EQ(list[0].first_cpu, 0u);
  EXPECT_EQ(list[0].valid, kAll);
  EXPECT_EQ(text(list[0].vendor), Registry("VendorIdentifier"));
  EXPECT_EQ(text(list[0].model_name), Registry("ProcessorNameString"));
  const std::string identifier = Registry("Identifier");
  const std::string numbers = "Family " + std::to_string(list[0].family) + " Model ";
  EXPECT_NE(identifier.find(numbers), std::string::npos) << identifier;
  uint32_t cpus = 0;
  for (const sonde_cpu_info &kind : list) cpus += kind.num_cpus;
  EXPECT_EQ(cpus, GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
}

TEST(WindowsCpuInfo, FamilyIsThatOfTheSystemInfo) {
  SYSTEM_INFO info;
  GetNativeSystemInfo(&info);
  if (info.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_ARM64) GTEST_SKIP() << "tells a part number";
  Context context;
  List<sonde_cpu_info_list> list;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list[0].family & 0xff, uint32_t{info.wProcessorLevel} & 0xff);
  EXPECT_EQ(list[0].stepping, info.wProcessorRevision & 0xffu);
  EXPECT_EQ(list[0].model & 0xff, uint32_t{info.wProcessorRevision} >> 8);
}

/* ---- Machines made up ---- */

void Add(Machine *made, const std::wstring &cpu, const wchar_t *vendor, const wchar_t *name,
         const wchar_t *identifier) {
  if (vendor != nullptr) made->registry[{cpu, L"VendorIdentifier"}] = vendor;
  if (name != nullptr) made->registry[{cpu, L"ProcessorNameString"}] = name;
  if (identifier != nullptr) made->registry[{cpu, L"Identifier"}] = identifier;
}

TEST(WindowsCpuInfo, TwoKindsOfCoresOnArm) {
  Machine made;
  made.groups = {{8, 8}};
  for (int i = 0; i < 8; i++) {
    Add(&made, std::to_wstring(i), L"Qualcomm Technologies Inc", i < 4 ? L"Kryo Silver" : L"Kryo Gold",
        i < 4 ? L"ARMv8 (64-bit) Family 8 Model 805 Revision D0E" : L"ARMv8 (64-bit) Family 8 Model 804 Revision D0E");
  }
  MadeUp context(made);
  List<sonde_cpu_info_list> list;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 2u);
  EXPECT_EQ(text(list[0].vendor), "Qualcomm Technologies Inc");
  EXPECT_EQ(text(list[0].model_name), "Kryo Silver");
  EXPECT_EQ(list[0].family, 8u);
  EXPECT_EQ(list[0].model, 0x805u);
  EXPECT_EQ(list[0].stepping, 0xd0eu);
  EXPECT_EQ(list[0].num_cpus, 4u);
  EXPECT_EQ(list[1].model, 0x804u);
  EXPECT_EQ(list[1].first_cpu, 4u);
  EXPECT_EQ(list[1].valid, kAll);
  EXPECT_EQ(machine.calls.count("RegCloseKey"), 1u);
}

TEST(WindowsCpuInfo, TheRegistryCountsActiveCpusOfAllGroups) {
  Machine made;
  made.groups = {{8, 1}, {16, 11}};
  for (int i = 0; i < 12; i++) {
    Add(&made, std::to_wstring(i), L"GenuineIntel", i == 11 ? L"another \u00ae" : L"a Xeon",
        L"Intel64 Family 6 Model 143 Stepping 8");
  }
  MadeUp context(made);
  List<sonde_cpu_info_list> list;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 2u);
  EXPECT_EQ(list[0].num_cpus, 11u);
  EXPECT_EQ(list[1].first_cpu, 18u) << "number 10 of the second group";
  EXPECT_EQ(text(list[1].model_name), "another \xc2\xae");
}

TEST(WindowsCpuInfo, ValuesThatAreMissing) {
  Machine made;
  made.groups = {{3, 3}};
  Add(&made, L"0", nullptr, L"only a name", nullptr);
  Add(&made, L"1", L"", L"", L"x86 Family 4 Model 3");
  MadeUp context(made);
  List<sonde_cpu_info_list> list;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 3u);
  EXPECT_EQ(list.bad, 0u);
  EXPECT_EQ(list[0].valid, uint64_t{SONDE_CPU_INFO_MODEL_NAME});
  EXPECT_EQ(list[1].valid, uint64_t{SONDE_CPU_INFO_FAMILY | SONDE_CPU_INFO_MODEL});
  EXPECT_EQ(list[2].valid, 0u) << "a CPU that came after the start of Windows";
  EXPECT_EQ(list[2].first_cpu, 2u);
}

TEST(WindowsCpuInfo, ValuesThatAreNotUnderstood) {
  Machine made;
  made.groups = {{2, 2}};
  Add(&made, L"0", L"GenuineIntel", L"a", L"Intel64 Family six Model 1 Stepping 1");
  Add(&made, L"1", L"GenuineIntel", std::wstring(400, L'x').c_str(), L"Intel64 Family 6 Model 1 Stepping 1");
  MadeUp context(made);
  List<sonde_cpu_info_list> list;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_OK);
  ASSERT_EQ(list.count, 2u);
  EXPECT_EQ(list.bad, 2u);
  EXPECT_EQ(list[0].status, SONDE_ERR_PARSE);
  EXPECT_EQ(text(list[0].vendor), "GenuineIntel");
  EXPECT_EQ(list[0].valid & SONDE_CPU_INFO_FAMILY, 0u);
  EXPECT_EQ(list[1].status, SONDE_ERR_OS) << "a name that does not fit is not cut";
  EXPECT_EQ(list[1].family, 6u);
  EXPECT_EQ(list[1].valid & SONDE_CPU_INFO_MODEL_NAME, 0u);
}

TEST(WindowsCpuInfo, EachFailureIsTold) {
  Machine made;
  MadeUp context(made);
  List<sonde_cpu_info_list> list;
  machine.failures["RegGetValueW"] = ERROR_ACCESS_DENIED;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_OK);
  ASSERT_EQ(list.count, 1u);
  EXPECT_EQ(list[0].status, SONDE_ERR_ACCESS);
  EXPECT_EQ(list[0].num_cpus, 2u);
  machine.failures["RegOpenKeyExW"] = ERROR_ACCESS_DENIED;
  EXPECT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_ERR_ACCESS);
  EXPECT_NE(last_error(context).find("CentralProcessor"), std::string::npos);
  machine.failures["GetMaximumProcessorGroupCount"] = ERROR_PROC_NOT_FOUND;
  EXPECT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_ERR_UNSUPPORTED);
}

TEST(WindowsCpuInfo, EveryAllocationThatFails) {
  Machine made;
  made.groups = {{64, 40}};
  for (int i = 0; i < 40; i++) {
    Add(&made, std::to_wstring(i), L"vendor", std::to_wstring(i).c_str(), L"x86 Family 4 Model 3");
  }
  windows_machine::EveryAllocationFails(made, windows_machine::Os(), [](sonde *context) {
    List<sonde_cpu_info_list> list;
    return sonde_cpu_info_list_get(context, &list);
  });
}

}  // namespace
