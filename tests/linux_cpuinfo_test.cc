// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_cpuinfo.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

// One line per record: only what is told.
std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_cpuinfo cpu;
  sondei_parse_error err;
  while (sondei_linux_next_cpuinfo(&cpu, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += cpu.valid & SONDEI_LINUX_CPUINFO_CPU ? std::to_string(cpu.cpu) + (cpu.is_more ? "+" : "") : "-";
    if (cpu.vendor.len > 0) all += " [" + Text(cpu.vendor) + "]";
    if (cpu.model_name.len > 0) all += " {" + Text(cpu.model_name) + "}";
    if (cpu.valid & SONDEI_LINUX_CPUINFO_FAMILY) all += " f" + std::to_string(cpu.family);
    if (cpu.valid & SONDEI_LINUX_CPUINFO_MODEL) all += " m" + std::to_string(cpu.model);
    if (cpu.valid & SONDEI_LINUX_CPUINFO_STEPPING) all += " s" + std::to_string(cpu.stepping);
    if (cpu.microcode.len > 0) all += " u" + Text(cpu.microcode);
    if (cpu.valid & SONDEI_LINUX_CPUINFO_PACKAGE) all += " p" + std::to_string(cpu.package);
    if (cpu.valid & SONDEI_LINUX_CPUINFO_CORE) all += " c" + std::to_string(cpu.core);
    if (cpu.valid & SONDEI_LINUX_CPUINFO_CURRENT) all += " " + std::to_string(cpu.current) + "Hz";
    if (cpu.valid & SONDEI_LINUX_CPUINFO_NOMINAL) all += " of " + std::to_string(cpu.nominal) + "Hz";
    sondei_span feature;
    while (sondei_linux_next_cpu_feature(&feature, &cpu.features)) all += "," + Text(feature);
    all += "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxCpuinfo, Table) {
  const Row rows[] = {
      {"x86_64, Linux 6.1",
       "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: Intel(R) Xeon(R)\n"
       "stepping\t: 8\nmicrocode\t: 0x2b000603\ncpu MHz\t\t: 2000.123\ncache size\t: 107520 KB\nphysical id\t: 1\n"
       "siblings\t: 2\ncore id\t\t: 3\ncpu cores\t: 1\nflags\t\t: fpu vme hypervisor\nbugs\t\t: spectre_v1\n\n"
       "processor\t: 1\ncpu MHz\t\t: 800.000\n\n",
       "0 [GenuineIntel] {Intel(R) Xeon(R)} f6 m143 s8 u0x2b000603 p1 c3 2000123000Hz,fpu,vme,hypervisor\n"
       "1 800000000Hz\n"},
      {"x86 that knows little", "processor\t: 0\nmodel\t\t: 0\nstepping\t: unknown\ncpu MHz\t\t: unknown\n", "0 m0\n"},
      {"arm64",
       "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\n"
       "CPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\n",
       "0 [0x41] f8 m3340 s1,fp,asimd\n"},
      {"arm64 before 3.19",
       "Processor\t: AArch64 Processor rev 3 (aarch64)\nprocessor\t: 0\nprocessor\t: 1\n"
       "Features\t: fp asimd\nCPU architecture: AArch64\n",
       "- {AArch64 Processor rev 3 (aarch64)}\n0\n1 f8,fp,asimd\n"},
      {"arm before 3.8: what is common stands behind",
       "Processor\t: ARMv7 Processor rev 4 (v7l)\nprocessor\t: 0\nBogoMIPS\t: 38.40\n\nprocessor\t: 1\nBogoMIPS\t: "
       "38.40\n\nFeatures\t: swp half\nCPU implementer\t: 0x41\nCPU architecture: 7\nCPU part\t: 0xc07\nCPU "
       "revision\t: "
       "4\n\nHardware\t: BCM2709\nRevision\t: a01041\n",
       "- {ARMv7 Processor rev 4 (v7l)}\n0\n1\n- [0x41] f7 m3079 s4,swp,half\n-\n"},
      {"arm 926", "Processor\t: ARM926EJ-S rev 5 (v5l)\nCPU architecture: 5TEJ\n", "- {ARM926EJ-S rev 5 (v5l)} f5\n"},
      {"s390x: psutil #2770; dynamic and static MHz counted twice: #2967",
       "vendor_id       : IBM/S390\n# processors    : 2\nbogomips per cpu: 3033.00\nfeatures\t: esan3 zarch\n"
       "cache0          : level=1 type=Data scope=Private size=128K\n"
       "processor 0: version = FF,  identification = 2733E8,  machine = 2964\n"
       "processor 1: version = FF,  identification = 2733E8,  machine = 2964\n\n"
       "cpu number      : 0\nphysical id     : 1\ncore id         : 2\nversion         : FF\nmachine         : 2964\n"
       "cpu MHz dynamic : 5000\ncpu MHz static  : 4500\n\n",
       "- [IBM/S390],esan3,zarch\n0 m2964\n1 m2964\n0+ p1 c2 5000000000Hz of 4500000000Hz\n"},
      {"ppc64: psutil #1726",
       "processor\t: 0\ncpu\t\t: POWER9 (architected), altivec supported\nclock\t\t: 3000.0MHz\n"
       "revision\t: 2.2 (pvr 004e 1202)\n\ntimebase\t: 512000000\nplatform\t: pSeries\nmodel\t\t: IBM,8408-44E\n"
       "machine\t\t: CHRP IBM,8408-44E\n",
       "0 {POWER9 (architected), altivec supported} 3000000000Hz\n-\n"},
      {"ia64: both kinds of numbers, tabs and blanks",
       "processor  : 0\nvendor     : GenuineIntel\narch       : IA-64\nfamily     : 31\nmodel      : 0\nmodel name : "
       "Madison\nrevision   : 5\nfeatures   : branchlong\ncpu number : 0\ncpu regs   : 4\ncpu MHz    : 1594.000000\n\n",
       "0 [GenuineIntel] {Madison} f31 m0 s5 1594000000Hz,branchlong\n"},
      {"riscv64",
       "processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc_zicsr\nmmu\t\t: sv39\nuarch\t\t: sifive,u74-mc\n"
       "mvendorid\t: 0x489\nmarchid\t\t: 0x8000000000000007\n\n",
       "0 [0x489] {sifive,u74-mc},rv64imafdc_zicsr\n"},
      {"mips",
       "system type\t\t: MT7621\nmachine\t\t: x\nprocessor\t\t: 0\ncpu model\t\t: MIPS 1004Kc V2.15\n"
       "ASEs implemented\t: mips16 dsp mt\n\n",
       "-\n0 {MIPS 1004Kc V2.15},mips16,dsp,mt\n"},
      {"loongarch64",
       "processor\t\t: 0\npackage\t\t\t: 0\ncore\t\t\t: 1\nCPU Family\t\t: Loongson-64bit\nModel Name\t\t: "
       "Loongson-3A5000\nCPU MHz\t\t\t: 2500.00\nFeatures\t\t: cpucfg lam\n\n",
       "0 {Loongson-3A5000} p0 c1 2500000000Hz,cpucfg,lam\n"},
      {"alpha: the better of two names", "cpu\t\t\t: Alpha\ncpu model\t\t: EV67\n", "- {EV67}\n"},
      {"alpha: the better of two names, whichever stands first", "cpu model : EV67\ncpu : Alpha\n", "- {EV67}\n"},
      {"x86's name before all others", "uarch : c\nmodel name : a\ncpu model : b\nProcessor : d\n", "- {a}\n"},
      {"s390x: a line is a record of its own, and no paragraph",
       "processor 0: version = FF,  machine = 2964\nphysical id : 7\n\n", "0 m2964\n- p7\n"},
      {"s390x: a line without a machine", "processor 0: version = FF\n", "0\n"},
      {"a key that begins as s390x's", "processor x: machine = 2964\nmodel : 1\n", "- m1\n"},
      {"no blank line between CPUs", "processor : 0\nprocessor : 2\n", "0\n2\n"},
      {"a CPU number beyond 2^32", "processor : 4294967296\nmodel : 1\n\nprocessor : 1\n",
       "bad at 12: a CPU number|- m1\n1\n"},
      {"a CPU number that is none", "processor : x\n", "bad at 12: a CPU number|-\n"},
      {"numbers beyond", "processor : 0\nmodel : 4294967296\nstepping : 18446744073709551616\ncpu family : 3\n",
       "bad at 22: a number below 2^32|0 f3\n"},
      {"a nine, and the greatest", "model : 9\nstepping : 4294967295\n", "- m9 s4294967295\n"},
      {"a number beyond 2^64", "stepping : 18446744073709551616\n", "bad at 11: a number|-\n"},
      {"0x and no digit", "model : 0x\n", "bad at 8: a number|-\n"},
      {"a CPU number with something behind", "processor : 0x\n", "bad at 12: a CPU number|-\n"},
      {"a number with something behind: ppc's revision", "stepping : 2.\nmodel : 7x\nphysical id : 0x1g\n", "-\n"},
      {"a frequency with something behind", "cpu MHz : 12x\nclock : 1MHzx\n", "-\n"},
      {"a frequency in words", "cpu MHz : :3\n", "-\n"},
      {"a frequency beyond, of 0 too", "cpu MHz : 018446744073709551616\n", "bad at 10: a frequency|-\n"},
      {"a frequency beyond", "cpu MHz : 18446744073709551616\n", "bad at 10: a frequency|-\n"},
      {"a frequency of 0 is unknown", "cpu MHz : 0.000\n", "-\n"},
      {"lines without a colon, values without a key, blank lines", "\n\n \nabc\n: x\nprocessor\n\n",
       "-\nbad at 9: a CPU number|-\n"},
      {"garbage", std::string("\xff\x00:\x01\n", 5), "-\n"},
      {"truncated", "processor\t: 0\nmodel na", "0\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxCpuinfo, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_cpuinfo cpu = {};
  cpu.cpu = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_of("\n \n", 3);
  EXPECT_FALSE(sondei_linux_next_cpuinfo(&cpu, &err, &in));
  EXPECT_EQ(cpu.cpu, 4711u);
}

TEST(LinuxCpuinfo, Mips) {
  const struct {
    const char *origin;
    const char *text;
    bool expected;
  } rows[] = {
      {"mips", "system type\t\t: MT7621\nprocessor\t\t: 0\nASEs implemented\t: mips16 dsp\n", true},
      {"loongarch has a system type too", "system type\t\t: generic-loongson-machine\n\nprocessor\t\t: 0\n", false},
      {"alpha has a cpu model too", "cpu\t\t\t: Alpha\ncpu model\t\t: EV56\nsystem type\t\t: Noritake\n", false},
      {"x86_64", "processor\t: 0\nmodel name\t: ASEs implemented\n", false},
      {"garbage", "\xff\n\n", false},
      {"truncated", "ASEs implemente", false},
      {"empty", "", false},
  };
  for (const auto &row : rows) {
    EXPECT_EQ(sondei_linux_cpuinfo_is_mips(sondei_span_text(row.text)), row.expected) << row.origin;
  }
}

}  // namespace
