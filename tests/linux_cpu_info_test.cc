// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "tests/support/context.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Context;
using sonde_test::List;
using sonde_test::RefusingOs;
using sonde_test::text;
using sonde_test::Tree;

// One line per kind: only what is valid.
std::string Kinds(sonde *context) {
  List<sonde_cpu_info_list> list;
  const sonde_status status = sonde_cpu_info_list_get(context, &list);
  if (status != SONDE_OK) return sonde_status_name(status);
  std::string all;
  for (const sonde_cpu_info &kind : list) {
    all += std::to_string(kind.num_cpus) + " from " + std::to_string(kind.first_cpu) + ":";
    if (kind.status != SONDE_OK) all += std::string(" ") + sonde_status_name(kind.status);
    if (kind.valid & SONDE_CPU_INFO_VENDOR) all += " [" + text(kind.vendor) + "]";
    if (kind.valid & SONDE_CPU_INFO_MODEL_NAME) all += " {" + text(kind.model_name) + "}";
    if (kind.valid & SONDE_CPU_INFO_FAMILY) all += " f" + std::to_string(kind.family);
    if (kind.valid & SONDE_CPU_INFO_MODEL) all += " m" + std::to_string(kind.model);
    if (kind.valid & SONDE_CPU_INFO_STEPPING) all += " s" + std::to_string(kind.stepping);
    if (kind.valid & SONDE_CPU_INFO_MICROCODE) all += " u" + text(kind.microcode);
    for (size_t i = 0; i < kind.num_features; i++) all += "," + text(kind.features[i]);
    EXPECT_EQ((kind.valid & SONDE_CPU_INFO_FEATURES) != 0, kind.num_features > 0);
    all += "\n";
  }
  return all;
}

std::string X86(int cpu, const std::string &microcode) {
  return "processor\t: " + std::to_string(cpu) +
         "\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 151\nmodel name\t: 12th Gen Intel(R)\nstepping\t: "
         "2\n"
         "microcode\t: " +
         microcode + "\ncpu MHz\t\t: " + std::to_string(800 + cpu) + ".125\nflags\t\t: fpu vme\n\n";
}

std::string Arm64(int cpu, const std::string &part) {
  return "processor\t: " + std::to_string(cpu) +
         "\nBogoMIPS\t: 38.40\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x1\n"
         "CPU part\t: " +
         part + "\nCPU revision\t: 0\n\n";
}

TEST(LinuxCpuInfo, AllAlike) {
  Tree tree;
  tree.write("proc/cpuinfo", X86(0, "0x2f") + X86(1, "0x2f") + X86(5, "0x2f"));
  Context context(tree.options());
  EXPECT_EQ(Kinds(context), "3 from 0: [GenuineIntel] {12th Gen Intel(R)} f6 m151 s2 u0x2f,fpu,vme\n");
}

// The words are the same for both kinds of cores; the counters know them apart.
TEST(LinuxCpuInfo, HybridX86) {
  Tree tree;
  std::string cpuinfo;
  for (int i = 0; i < 8; i++) cpuinfo += X86(i, "0x2f");
  tree.write("proc/cpuinfo", cpuinfo)
      .write("sys/devices/cpu_core/cpus", "0-3\n")
      .write("sys/devices/cpu_atom/cpus", "4-5,7\n")
      .write("sys/devices/cpu_lowpower/cpus", "6\n");
  Context context(tree.options());
  const std::string kind = " [GenuineIntel] {12th Gen Intel(R)} f6 m151 s2 u0x2f,fpu,vme\n";
  EXPECT_EQ(Kinds(context), "4 from 0:" + kind + "3 from 4:" + kind + "1 from 6:" + kind);
  tree.write("sys/devices/cpu_atom/cpus", "\n").remove("sys/devices/cpu_lowpower");
  EXPECT_EQ(Kinds(context), "8 from 0:" + kind);
}

TEST(LinuxCpuInfo, MicrocodeUnderUpdate) {
  Tree tree;
  tree.write("proc/cpuinfo", X86(0, "0x2f") + X86(1, "0x30") + X86(2, "0x2f"));
  Context context(tree.options());
  EXPECT_EQ(Kinds(context),
            "2 from 0: [GenuineIntel] {12th Gen Intel(R)} f6 m151 s2 u0x2f,fpu,vme\n"
            "1 from 1: [GenuineIntel] {12th Gen Intel(R)} f6 m151 s2 u0x30,fpu,vme\n");
}

TEST(LinuxCpuInfo, BigLittle) {
  Tree tree;
  tree.write("proc/cpuinfo",
             Arm64(0, "0xd05") + Arm64(1, "0xd05") + Arm64(2, "0xd05") + Arm64(3, "0xd05") + Arm64(6, "0xd0b"));
  Context context(tree.options());
  EXPECT_EQ(Kinds(context), "4 from 0: [0x41] f8 m3333 s0,fp,asimd\n1 from 6: [0x41] f8 m3339 s0,fp,asimd\n");
}

TEST(LinuxCpuInfo, OldArmTellsAtTheEnd) {
  Tree tree;
  tree.write(
      "proc/cpuinfo",
      "Processor\t: ARMv7 Processor rev 4 (v7l)\nprocessor\t: 0\nBogoMIPS\t: 38.40\n\nprocessor\t: 1\n\n"
      "Features\t: swp half\nCPU implementer\t: 0x41\nCPU architecture: 7\nCPU part\t: 0xc07\n\nHardware\t: x\n");
  Context context(tree.options());
  EXPECT_EQ(Kinds(context), "2 from 0: [0x41] {ARMv7 Processor rev 4 (v7l)} f7 m3079,swp,half\n");
}

const char kS390x[] =
    "vendor_id       : IBM/S390\n# processors    : 2\nfeatures\t: esan3 zarch\n"
    "processor 0: version = FF,  identification = 2733E8,  machine = 2964\n"
    "processor 1: version = FF,  identification = 2733E8,  machine = 2964\n\n"
    "cpu number      : 0\ncpu MHz dynamic : 5000\ncpu MHz static  : 4500\n\n"
    "cpu number      : 1\ncpu MHz dynamic : 4000\ncpu MHz static  : 4500\n\n";

TEST(LinuxCpuInfo, S390x) {
  Tree tree;
  tree.write("proc/cpuinfo", kS390x);
  Context context(tree.options());
  EXPECT_EQ(Kinds(context), "2 from 0: [IBM/S390] m2964,esan3,zarch\n");
}

TEST(LinuxCpuInfo, OneCpuWithoutANumber) {
  Tree tree;
  tree.write("proc/cpuinfo", "Processor\t: ARM926EJ-S rev 5 (v5l)\nFeatures\t: swp\nCPU architecture: 5TEJ\n");
  Context context(tree.options());
  EXPECT_EQ(Kinds(context), "1 from 0: {ARM926EJ-S rev 5 (v5l)} f5,swp\n");
}

TEST(LinuxCpuInfo, BadRows) {
  Tree tree;
  tree.write("proc/cpuinfo", "processor : 0\nmodel : 4294967296\n\nprocessor : x\n\nprocessor : 2\nmodel : 7\n");
  Context context(tree.options());
  EXPECT_EQ(Kinds(context), "2 from 0: SONDE_ERR_PARSE\n1 from 2: m7\n");
  tree.write("proc/cpuinfo", "\n");
  EXPECT_EQ(Kinds(context), "SONDE_ERR_PARSE");
  tree.write("proc/cpuinfo", std::string("\xff\x00", 2));
  EXPECT_EQ(Kinds(context), "SONDE_ERR_PARSE");
  tree.remove("proc/cpuinfo");
  EXPECT_EQ(Kinds(context), "SONDE_ERR_OS");
}

/* ---- Frequencies ---- */

std::string Freqs(sonde *context) {
  List<sonde_cpu_freq_list> list;
  const sonde_status status = sonde_cpu_freq_list_get(context, &list);
  if (status != SONDE_OK) return sonde_status_name(status);
  std::string all;
  for (const sonde_cpu_freq &row : list) {
    all += std::to_string(row.cpu) + ":";
    if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
    if (row.valid & SONDE_CPU_FREQ_CURRENT) all += " now " + std::to_string(row.current);
    if (row.valid & SONDE_CPU_FREQ_MIN) all += " min " + std::to_string(row.min);
    if (row.valid & SONDE_CPU_FREQ_MAX) all += " max " + std::to_string(row.max);
    if (row.valid & SONDE_CPU_FREQ_BASE) all += " base " + std::to_string(row.base);
    if (row.governor.len > 0) all += " " + text(row.governor);
    all += "\n";
  }
  return all;
}

TEST(LinuxCpuFreq, Cpufreq) {
  Tree tree;
  const std::string policy = "sys/devices/system/cpu/cpufreq/policy0/";
  // One policy for two CPUs; CPU 2 is offline and CPU 3 has no driver.
  tree.write("sys/devices/system/cpu/online", "0-1,3\n")
      .write(policy + "scaling_cur_freq", "1800000\n")
      .write(policy + "scaling_min_freq", "600000\n")
      .write(policy + "scaling_max_freq", "2400000\n")
      .write(policy + "base_frequency", "2100000\n")
      .write(policy + "scaling_governor", "schedutil\n")
      .link("sys/devices/system/cpu/cpu0/cpufreq", "../cpufreq/policy0")
      .link("sys/devices/system/cpu/cpu1/cpufreq", "../cpufreq/policy0")
      .mkdir("sys/devices/system/cpu/cpu3");
  Context context(tree.options());
  const std::string known = " now 1800000000 min 600000000 max 2400000000 base 2100000000 schedutil\n";
  EXPECT_EQ(Freqs(context), "0:" + known + "1:" + known + "3:\n");
  // What /proc/cpuinfo tells is taken only where the driver tells nothing.
  tree.write("proc/cpuinfo", "processor : 0\ncpu MHz : 999.5\n\nprocessor : 3\ncpu MHz : 1234.5\n\nprocessor : 9\n");
  EXPECT_EQ(Freqs(context), "0:" + known + "1:" + known + "3: now 1234500000\n");
}

TEST(LinuxCpuFreq, OddDrivers) {
  Tree tree;
  const std::string cpu0 = "sys/devices/system/cpu/cpu0/";
  tree.write("sys/devices/system/cpu/online", "0\n")
      .write(cpu0 + "cpufreq/scaling_max_freq", "2400000\n")
      .write(cpu0 + "cpufreq/scaling_cur_freq", "<unknown>\n")
      .write(cpu0 + "cpufreq/cpuinfo_cur_freq", "1700000\n")
      .write(cpu0 + "acpi_cppc/nominal_freq", "2000\n");
  Context context(tree.options());
  EXPECT_EQ(Freqs(context), "0: now 1700000000 max 2400000000 base 2000000000\n");
  // Only root may read what the hardware says.
  tree.write("proc/cpuinfo", "processor : 0\ncpu MHz : 1600.000\n");
  {
    RefusingOs os;
    os.refuse("cpuinfo_cur_freq", EACCES).refuse("scaling_min_freq", EBUSY);
    tree.options()->os_override = os.override();
    Context refused(tree.options());
    EXPECT_EQ(Freqs(refused), "0: now 1600000000 max 2400000000 base 2000000000\n");
    os.refuse("scaling_cur_freq", EMFILE);
    EXPECT_EQ(Freqs(refused), "SONDE_ERR_OS");
    tree.options()->os_override = nullptr;
  }
  tree.write(cpu0 + "cpufreq/scaling_max_freq", "fast\n")
      .write(cpu0 + "cpufreq/scaling_min_freq", "18446744073709552\n");
  EXPECT_EQ(Freqs(context), "0: SONDE_ERR_PARSE now 1700000000 base 2000000000\n");
}

TEST(LinuxCpuFreq, Cpuinfo) {
  Tree tree;
  Context context(tree.options());
  tree.write("proc/cpuinfo", kS390x);
  EXPECT_EQ(Freqs(context), "0: now 5000000000 base 4500000000\n1: now 4000000000 base 4500000000\n");
  tree.write("proc/cpuinfo",
             "processor\t: 0\ncpu\t\t: POWER9\nclock\t\t: 3000.0MHz\n\nprocessor : 8\nclock : 2500MHz\n");
  EXPECT_EQ(Freqs(context), "0: now 3000000000\n8: now 2500000000\n");
  tree.write("proc/cpuinfo", Arm64(0, "0xd05"));
  EXPECT_EQ(Freqs(context), "0:\n");
  tree.remove("proc/cpuinfo").write("sys/devices/system/cpu/online", "0-1\n");
  EXPECT_EQ(Freqs(context), "0:\n1:\n");
  tree.remove("sys");
  EXPECT_EQ(Freqs(context), "SONDE_ERR_OS");
}

/* ---- Live ---- */

// key -> value of each paragraph of /proc/cpuinfo, read without the library.
std::map<std::string, std::string> FirstParagraph() {
  std::map<std::string, std::string> all;
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {
    const size_t colon = line.find(':');
    std::string key = line.substr(0, colon);
    key.erase(key.find_last_not_of(" \t") + 1);
    all[key] = colon + 2 < line.size() ? line.substr(colon + 2) : "";
  }
  return all;
}

TEST(LinuxCpuInfoLive, FirstKind) {
  auto words = FirstParagraph();
  if (words.count("processor") == 0 || words.count("flags") == 0) GTEST_SKIP() << "no x86 here";
  Context context;
  List<sonde_cpu_info_list> list;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.bad, 0u);
  ASSERT_GE(list.count, 1u);
  EXPECT_EQ(std::to_string(list[0].first_cpu), words["processor"]);
  EXPECT_EQ(text(list[0].vendor), words["vendor_id"]);
  EXPECT_EQ(text(list[0].model_name), words["model name"]);
  EXPECT_EQ(std::to_string(list[0].family), words["cpu family"]);
  EXPECT_EQ(std::to_string(list[0].model), words["model"]);
  EXPECT_EQ(std::to_string(list[0].stepping), words["stepping"]);
  EXPECT_EQ(text(list[0].microcode), words["microcode"]);
  std::string features;
  for (size_t i = 0; i < list[0].num_features; i++) features += (i > 0 ? " " : "") + text(list[0].features[i]);
  EXPECT_EQ(features, words["flags"]);
  uint32_t total = 0;
  for (const sonde_cpu_info &kind : list) total += kind.num_cpus;
  EXPECT_EQ(total, static_cast<uint32_t>(sysconf(_SC_NPROCESSORS_ONLN)));
}

TEST(LinuxCpuFreqLive, EachOnlineCpu) {
  Context context;
  List<sonde_cpu_freq_list> list;
  ASSERT_EQ(sonde_cpu_freq_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.count, static_cast<size_t>(sysconf(_SC_NPROCESSORS_ONLN)));
  EXPECT_EQ(list.bad, 0u);
  const auto told = [](uint32_t cpu, const char *name) {
    std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cpufreq/" + name);
    uint64_t value = 0;
    file >> value;
    return value * 1000;
  };
  for (const sonde_cpu_freq &row : list) {
    EXPECT_EQ(row.max, told(row.cpu, "scaling_max_freq"));
    EXPECT_EQ(row.min, told(row.cpu, "scaling_min_freq"));
    if (row.max == 0 && row.cpu == 0) {
      auto words = FirstParagraph();
      // A virtual machine's frequency does not move.
      if (words["flags"].find(" hypervisor") != std::string::npos) {
        EXPECT_NEAR(static_cast<double>(row.current), std::stod(words["cpu MHz"]) * 1e6, 1);
      }
    }
  }
}

}  // namespace
