// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
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

constexpr uint64_t kSecond = SONDE_NSEC_PER_SEC;

std::string FirstLine(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

void WriteKernel(Tree &tree) {
  tree.write("proc/sys/kernel/hostname", "web-1\n")
      .write("proc/sys/kernel/ostype", "Linux\n")
      .write("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n")
      .write("proc/sys/kernel/version", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1\n");
}

/* ---- Names ---- */

TEST(LinuxHost, Info) {
  Tree tree;
  WriteKernel(tree);
  tree.write("proc/sys/kernel/arch", "x86_64\n")
      .write("proc/sys/kernel/random/boot_id", "0f3b2a11-2222-4333-8444-555566667777\n")
      .write("etc/os-release",
             "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n"
             "BROKEN=\"x\nID=debian\n")
      .write("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
  Context context(tree.options());
  List<sonde_host_info> info;
  ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK) << context.error();
  EXPECT_EQ(text(info.hostname), "web-1");
  EXPECT_EQ(text(info.kernel_name), "Linux");
  EXPECT_EQ(text(info.kernel_release), "6.1.0-18-amd64");
  EXPECT_EQ(text(info.kernel_version), "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1");
  EXPECT_EQ(text(info.architecture), "x86_64");
  EXPECT_EQ(text(info.boot_id), "0f3b2a11-2222-4333-8444-555566667777");
  EXPECT_EQ(text(info.os_name), "Debian GNU/Linux");
  EXPECT_EQ(text(info.os_id), "debian");
  EXPECT_EQ(text(info.os_version), "12");
  EXPECT_EQ(text(info.os_pretty_name), "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(text(info.machine_id), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(text(info.virtualization), "");
  EXPECT_EQ(text(info.container), "");
}

// A recording of an older kernel says nothing of its architecture; that of this machine would be wrong.
TEST(LinuxHost, InfoWithLittle) {
  Tree tree;
  Context context(tree.options());
  List<sonde_host_info> info;
  EXPECT_EQ(sonde_host_info_get(context, &info), SONDE_ERR_OS);
  tree.write("etc/hostname", "recorded\n");
  ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK) << context.error();
  EXPECT_EQ(text(info.hostname), "recorded");
  EXPECT_EQ(text(info.architecture), "");
  EXPECT_EQ(text(info.kernel_name), "");
  EXPECT_EQ(text(info.os_name), "");
  ASSERT_NE(info.boot_id.data, nullptr);
}

TEST(LinuxHost, OsReleaseBelowUsr) {
  Tree tree;
  tree.write("usr/lib/os-release", "ID=tiny\nID='tinier'\nVERSION_ID=1\\.2\n");
  Context context(tree.options());
  List<sonde_host_info> info;
  ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK) << context.error();
  EXPECT_EQ(text(info.os_id), "tinier");
  EXPECT_EQ(text(info.os_version), "1.2");
  EXPECT_EQ(text(info.os_name), "Linux");  // as os-release(5) has it
  EXPECT_EQ(text(info.os_pretty_name), "Linux");
}

TEST(LinuxHost, MachineIdOfDbus) {
  for (const char *first : {"uninitialized\n", "\n", ""}) {
    Tree tree;
    tree.write("etc/machine-id", first).write("var/lib/dbus/machine-id", "fedcba9876543210fedcba9876543210\n");
    Context context(tree.options());
    List<sonde_host_info> info;
    ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK);
    EXPECT_EQ(text(info.machine_id), "fedcba9876543210fedcba9876543210") << first;
  }
}

TEST(LinuxHost, ExhaustionIsNoEmptyString) {
  const char *const paths[] = {"sys/kernel/arch", "/os-release", "machine-id",     "class/dmi/id/board_vendor",
                               "sysinfo",         ".dockerenv",  "1/environ",      "proc/cpuinfo",
                               "self/cgroup",     "proc/vz",     "hypervisor/type"};
  for (const char *path : paths) {
    Tree tree;
    WriteKernel(tree);
    RefusingOs os;
    tree.options()->os_override = os.override();
    Context context(tree.options());
    os.refuse(path, EMFILE);
    List<sonde_host_info> info;
    EXPECT_EQ(sonde_host_info_get(context, &info), SONDE_ERR_OS) << path;
    EXPECT_NE(context.error().find("EMFILE"), std::string::npos) << context.error();
  }
}

/* ---- What it runs on and in ---- */

struct Made {
  const char *origin;
  const char *files[8][2];  // path, bytes
  const char *expected;
};

std::string Virtualization(const Made &made) {
  Tree tree;
  WriteKernel(tree);
  for (const auto &file : made.files) {
    if (file[0] != nullptr) tree.write(file[0], file[1]);
  }
  Context context(tree.options());
  List<sonde_host_info> info;
  EXPECT_EQ(sonde_host_info_get(context, &info), SONDE_OK) << context.error();
  return text(info.virtualization);
}

#define CLOCKS "sys/devices/system/clocksource/clocksource0/available_clocksource"
#define DMI "sys/class/dmi/id/"

TEST(LinuxHost, Virtualization) {
  const char kFlags[] = "processor : 0\nflags : fpu hypervisor\n";
  const Made rows[] = {
      {"a server",
       {{DMI "sys_vendor", "Dell Inc.\n"}, {DMI "product_name", "PowerEdge\n"}, {CLOCKS, "tsc hpet\n"}},
       ""},
      {"QEMU with KVM", {{DMI "sys_vendor", "QEMU\n"}, {CLOCKS, "kvm-clock tsc\n"}, {"proc/cpuinfo", kFlags}}, "kvm"},
      {"QEMU without", {{DMI "sys_vendor", "QEMU\n"}, {CLOCKS, "tsc hpet\n"}, {"proc/cpuinfo", kFlags}}, "qemu"},
      {"Firecracker: no firmware tables", {{CLOCKS, "tsc kvm-clock \n"}, {"proc/cpuinfo", kFlags}}, "kvm"},
      {"VMware", {{DMI "sys_vendor", "VMware, Inc.\n"}, {CLOCKS, "tsc\n"}}, "vmware"},
      {"Hyper-V", {{DMI "sys_vendor", "Microsoft Corporation\n"}, {DMI "product_name", "Virtual Machine\n"}}, "hyperv"},
      {"WSL 2", {{CLOCKS, "hyperv_clocksource_tsc_page\n"}, {"proc/cpuinfo", kFlags}}, "hyperv"},
      {"only the BIOS tells", {{DMI "bios_vendor", "BHYVE\n"}}, "bhyve"},
      {"a guest of Xen", {{"sys/hypervisor/type", "xen\n"}, {"proc/xen/capabilities", ""}}, "xen"},
      {"Xen's control domain",
       {{"sys/hypervisor/type", "xen\n"}, {"proc/xen/capabilities", "control_d\n"}, {CLOCKS, "xen tsc\n"}},
       ""},
      {"arm64 with a device tree", {{"proc/device-tree/compatible", "linux,dummy-virt"}}, "qemu"},
      {"arm64 with KVM's hint", {{"proc/device-tree/hypervisor/compatible", "linux,kvm"}}, "kvm"},
      {"z/VM", {{"proc/sysinfo", "LPAR Number: 1\nVM00 Control Program: z/VM    6.4.0\n"}}, "zvm"},
      {"an unknown hypervisor", {{"proc/cpuinfo", kFlags}}, "vm"},
      {"User Mode Linux", {{"proc/cpuinfo", "processor : 0\nvendor_id : User Mode Linux\n"}}, "uml"},
      {"nothing to go by", {}, ""},
  };
  for (const Made &row : rows) EXPECT_EQ(Virtualization(row), row.expected) << row.origin;
}

std::string ContainerOf(const Made &made) {
  Tree tree;
  WriteKernel(tree);
  for (const auto &file : made.files) {
    if (file[0] != nullptr) tree.write(file[0], file[1]);
  }
  Context context(tree.options());
  List<sonde_host_info> info;
  EXPECT_EQ(sonde_host_info_get(context, &info), SONDE_OK) << context.error();
  return text(info.container);
}

TEST(LinuxHost, Container) {
  const Made rows[] = {
      {"docker", {{".dockerenv", ""}}, "docker"},
      {"podman, whose environment agrees",
       {{"run/.containerenv", ""}, {"proc/1/environ", "container=podman"}},
       "podman"},
      {"podman, by its mark alone", {{"run/.containerenv", ""}}, "podman"},
      {"systemd in lxc", {{"run/systemd/container", "lxc\n"}}, "lxc"},
      {"nspawn by the environment of its init", {{"proc/1/environ", "container=systemd-nspawn"}}, "systemd-nspawn"},
      {"kubernetes by cgroup", {{"proc/self/cgroup", "0::/kubepods/burstable/pod1/x\n"}}, "kubernetes"},
      {"docker by cgroup of the first process",
       {{"proc/self/cgroup", "0::/\n"}, {"proc/1/cgroup", "4:cpu:/docker/1\n"}},
       "docker"},
      {"WSL 1", {{"proc/sys/kernel/osrelease", "4.4.0-19041-Microsoft\n"}}, "wsl"},
      {"OpenVZ", {{"proc/vz/veinfo", ""}}, "openvz"},
      {"a host of OpenVZ", {{"proc/vz/veinfo", ""}, {"proc/bc/resources", ""}}, ""},
      {"a host", {{"proc/self/cgroup", "0::/user.slice\n"}, {"proc/1/environ", "HOME=/"}}, ""},
  };
  for (const Made &row : rows) EXPECT_EQ(ContainerOf(row), row.expected) << row.origin;
}

TEST(LinuxHostLive, InfoIsThatOfTheKernel) {
  struct utsname names;
  ASSERT_EQ(uname(&names), 0);
  Context context;
  List<sonde_host_info> info;
  ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK) << context.error();
  EXPECT_EQ(text(info.hostname), names.nodename);
  EXPECT_EQ(text(info.kernel_name), names.sysname);
  EXPECT_EQ(text(info.kernel_release), names.release);
  EXPECT_EQ(text(info.kernel_version), names.version);
  EXPECT_EQ(text(info.architecture), names.machine);
  EXPECT_EQ(text(info.machine_id), FirstLine("/etc/machine-id"));
  EXPECT_EQ(text(info.boot_id), FirstLine("/proc/sys/kernel/random/boot_id"));
  if (access("/.dockerenv", F_OK) == 0 && access("/run/.containerenv", F_OK) != 0) {
    EXPECT_EQ(text(info.container), "docker");
  }
  // A shell reads os-release as it is meant.
  FILE *pipe =
      popen(". /etc/os-release && printf '%s|%s|%s|%s' \"$NAME\" \"$ID\" \"$VERSION_ID\" \"$PRETTY_NAME\"", "r");
  ASSERT_NE(pipe, nullptr);
  char line[4096] = "";
  const bool told = fgets(line, sizeof line, pipe) != nullptr;
  pclose(pipe);
  if (!told) GTEST_SKIP() << "no /etc/os-release";
  EXPECT_EQ(text(info.os_name) + "|" + text(info.os_id) + "|" + text(info.os_version) + "|" + text(info.os_pretty_name),
            line);
}

// lscpu asks the processor itself.
TEST(LinuxHostLive, VirtualizationIsThatOfLscpu) {
  FILE *pipe = popen("LC_ALL=C lscpu 2>/dev/null", "r");
  if (pipe == nullptr) GTEST_SKIP() << "no lscpu";
  std::string vendor;
  char line[65536];
  while (fgets(line, sizeof line, pipe) != nullptr) {
    static const char key[] = "Hypervisor vendor:";
    if (strncmp(line, key, sizeof key - 1) != 0) continue;
    std::istringstream words(line + sizeof key - 1);
    words >> vendor;
  }
  pclose(pipe);
  Context context;
  List<sonde_host_info> info;
  ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK);
  if (vendor == "KVM") {
    EXPECT_EQ(text(info.virtualization), "kvm");
  } else if (vendor == "VMware") {
    EXPECT_EQ(text(info.virtualization), "vmware");
  } else if (vendor == "Microsoft") {
    EXPECT_EQ(text(info.virtualization), "hyperv");
  } else {
    GTEST_SKIP() << "lscpu knows no hypervisor that this test knows: " << vendor;
  }
}

/* ---- Times ---- */

TEST(LinuxHost, Times) {
  Tree tree;
  tree.write("proc/stat", "cpu  1 2 3 4\nbtime 1700000000\n").write("proc/uptime", "350735.47 234388.90\n");
  Context context(tree.options());
  sonde_host_times times = {};
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK) << context.error();
  EXPECT_EQ(times.valid, uint64_t{SONDE_HOST_TIMES_BOOT_TIME | SONDE_HOST_TIMES_UPTIME});
  EXPECT_EQ(times.boot_time, 1700000000 * kSecond);
  EXPECT_EQ(times.uptime, 350735470000000u);
  EXPECT_EQ(times.now, 0u);
  tree.write("proc/stat", "btime 18446744074\n").write("proc/uptime", "x\n");
  EXPECT_EQ(sonde_host_times_get(context, &times), SONDE_ERR_PARSE);
  tree.write("proc/stat", "btime 5\n");
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK);
  EXPECT_EQ(times.valid, uint64_t{SONDE_HOST_TIMES_BOOT_TIME});
  tree.remove("proc");
  EXPECT_EQ(sonde_host_times_get(context, &times), SONDE_ERR_OS);
  EXPECT_EQ(times.boot_time, 5 * kSecond);
}

uint64_t Clock(clockid_t clock) {
  struct timespec now;
  EXPECT_EQ(clock_gettime(clock, &now), 0);
  return static_cast<uint64_t>(now.tv_sec) * kSecond + static_cast<uint64_t>(now.tv_nsec);
}

TEST(LinuxHostLive, Times) {
  Context context;
  sonde_host_times times = {};
  struct sysinfo info;
  const uint64_t now = Clock(CLOCK_REALTIME), monotonic = Clock(CLOCK_MONOTONIC), since_boot = Clock(CLOCK_BOOTTIME);
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK) << context.error();
  EXPECT_EQ(times.valid, uint64_t{SONDE_HOST_TIMES_BOOT_TIME | SONDE_HOST_TIMES_UPTIME | SONDE_HOST_TIMES_NOW |
                                  SONDE_HOST_TIMES_MONOTONIC});
  EXPECT_LE(now, times.now);
  EXPECT_LE(times.now, Clock(CLOCK_REALTIME));
  EXPECT_LE(monotonic, times.monotonic);
  EXPECT_LE(times.monotonic, Clock(CLOCK_MONOTONIC));
  // /proc/uptime is cut to 10 ms; the kernel may add up to a second when it makes whole seconds of the time of boot.
  EXPECT_LE(since_boot, times.uptime + 10000000);
  EXPECT_LE(times.uptime, Clock(CLOCK_BOOTTIME));
  ASSERT_EQ(sysinfo(&info), 0);
  EXPECT_NEAR(static_cast<double>(times.uptime) / 1e9, static_cast<double>(info.uptime), 2);
  EXPECT_NEAR(static_cast<double>(times.boot_time) / 1e9, static_cast<double>(now - since_boot) / 1e9, 2);
  EXPECT_EQ(times.boot_time % kSecond, 0u) << "the kernel's, which does not move from call to call";
}

TEST(LinuxHostLive, TimesWhereProcMayNotBeRead) {
  RefusingOs os;
  os.refuse("/proc/stat", EACCES).refuse("/proc/uptime", EACCES);
  sonde_options options = {};
  options.size = sizeof options;
  options.os_override = os.override();
  Context context(&options);
  sonde_host_times times = {};
  const uint64_t since_boot = Clock(CLOCK_BOOTTIME);
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK) << context.error();
  EXPECT_LE(since_boot, times.uptime);
  EXPECT_LE(times.uptime, Clock(CLOCK_BOOTTIME));
  EXPECT_NEAR(static_cast<double>(times.boot_time) / 1e9, static_cast<double>(times.now - since_boot) / 1e9, 1);
  os.refuse("/proc/uptime", EMFILE);
  EXPECT_EQ(sonde_host_times_get(context, &times), SONDE_ERR_OS);
}

/* ---- Users ---- */

// A record as the C library of this machine's kind writes it.
std::string Record(int16_t type, int32_t pid, const std::string &line, const std::string &user, const std::string &host,
                   uint32_t seconds, uint32_t microseconds) {
  std::string record(384, '\0');
  const uint32_t time[2] = {seconds, microseconds};
  std::memcpy(&record[0], &type, sizeof type);
  std::memcpy(&record[4], &pid, sizeof pid);
  std::memcpy(&record[8], line.data(), line.size());
  std::memcpy(&record[44], user.data(), user.size());
  std::memcpy(&record[76], host.data(), host.size());
  std::memcpy(&record[340], time, sizeof time);
  return record;
}

std::string Users(sonde *context) {
  List<sonde_user_list> list;
  const sonde_status status = sonde_user_list_get(context, &list);
  if (status != SONDE_OK) return sonde_status_name(status);
  std::string all;
  for (const sonde_user &user : list) {
    if (user.status != SONDE_OK) all += std::string(sonde_status_name(user.status)) + " ";
    all += text(user.name) + "@" + text(user.host) + " on " + text(user.terminal);
    if (user.valid & SONDE_USER_STARTED) all += " since " + std::to_string(user.started);
    all += " " + std::to_string(user.pid) + "\n";
  }
  return all;
}

TEST(LinuxHost, Users) {
  const std::string user32(32, 'u'), host256(256, 'h');
  const std::string utmp = Record(2, 0, "~", "reboot", "6.1.0", 1700000000, 0) +
                           Record(7, 4711, "pts/0", "root", "192.0.2.1", 1700000001, 5) +
                           Record(8, 12, "tty1", "", "", 3, 0) + Record(7, 5, "tty2", user32, host256, 3, 0) +
                           Record(7, 0, "tty3", "x", "", 3, 1000000);
  const std::string expected = "root@192.0.2.1 on pts/0 since 1700000001000005000 4711\n" + user32 + "@" + host256 +
                               " on tty2 since 3000000000 5\nx@ on tty3 -1\n";
  for (const char *path : {"run/utmp", "var/run/utmp"}) {
    Tree tree;
    tree.write(path, utmp);
    Context context(tree.options());
    EXPECT_EQ(Users(context), expected) << path;
    tree.write(path, utmp + Record(7, 1, "a", "b", "c", 1, 0).substr(0, 100));
    EXPECT_EQ(Users(context), expected + "SONDE_ERR_PARSE @ on  -1\n") << path;
    tree.write(path, "");
    EXPECT_EQ(Users(context), "") << path;
  }
}

TEST(LinuxHost, UsersOfLogind) {
  Tree tree;
  Context context(tree.options());
  EXPECT_EQ(Users(context), "SONDE_ERR_UNSUPPORTED");
  const std::string sessions = "run/systemd/sessions/";
  tree.mkdir(sessions);
  EXPECT_EQ(Users(context), "");
  tree.write(sessions + "7",
             "# This is private data. Do not parse.\nUID=1000\nUSER=ann\nACTIVE=1\nSTATE=active\nREMOTE=1\n"
             "TYPE=tty\nCLASS=user\nTTY=pts/3\nREMOTE_HOST=192.0.2.7\nSERVICE=sshd\nLEADER=4711\n"
             "REALTIME=1700000000000001\nMONOTONIC=5\n")
      .write(sessions + "c1", "USER=gdm\nCLASS=greeter\nLEADER=1\n")
      .write(sessions + "8", "USER=bob\nCLASS=user\nSTATE=closing\nLEADER=2\n")
      .write(sessions + "9", "USER=eve\nCLASS=manager\nLEADER=2\n")
      .fifo(sessions + "7.ref");
  EXPECT_EQ(Users(context), "ann@192.0.2.7 on pts/3 since 1700000000000001000 4711\n");
  // What a session does not tell, or tells as 0, is not told.
  tree.remove("run").write(sessions + "1", "USER=dan\nCLASS=user\n");
  EXPECT_EQ(Users(context), "dan@ on  -1\n");
  tree.write(sessions + "1", "USER=dan\nCLASS=user\nLEADER=0\nREALTIME=0\n");
  EXPECT_EQ(Users(context), "dan@ on  -1\n");
  tree.write(sessions + "1", "USER=dan\nCLASS=user\nLEADER=2147483647\nREALTIME=18446744073709551\n");
  EXPECT_EQ(Users(context), "dan@ on  since 18446744073709551000 2147483647\n");
  tree.write(sessions + "1", "USER=dan\nCLASS=user\nLEADER=2147483648\nREALTIME=18446744073709552\n");
  EXPECT_EQ(Users(context), "dan@ on  -1\n");
  // utmp is asked first.
  tree.write("run/utmp", Record(7, 5, "tty1", "root", "", 3, 0));
  EXPECT_EQ(Users(context), "root@ on tty1 since 3000000000 5\n");
}

TEST(LinuxHost, UsersThatMayNotBeSeen) {
  Tree tree;
  tree.write("run/utmp", Record(7, 5, "tty1", "root", "", 3, 0)).write("var/run/utmp", "");
  RefusingOs os;
  os.refuse("/run/utmp", EACCES);
  tree.options()->os_override = os.override();
  Context context(tree.options());
  EXPECT_EQ(Users(context), "SONDE_ERR_ACCESS");
  os.refuse("/run/utmp", ENOENT).refuse("sessions", EMFILE);
  EXPECT_EQ(Users(context), "SONDE_ERR_OS");
}

TEST(LinuxHostLive, UsersAreThoseOfWho) {
  FILE *pipe = popen("LC_ALL=C who 2>/dev/null", "r");
  if (pipe == nullptr) GTEST_SKIP() << "no who";
  std::string theirs;
  char line[4096];
  while (fgets(line, sizeof line, pipe) != nullptr) {
    std::istringstream words(line);
    std::string name, terminal;
    words >> name >> terminal;
    theirs += name + " " + terminal + "\n";
  }
  pclose(pipe);
  Context context;
  List<sonde_user_list> list;
  const sonde_status status = sonde_user_list_get(context, &list);
  if (status == SONDE_ERR_UNSUPPORTED) GTEST_SKIP() << "nobody keeps a list of users here";
  ASSERT_EQ(status, SONDE_OK) << context.error();
  std::string ours;
  for (const sonde_user &user : list) ours += text(user.name) + " " + text(user.terminal) + "\n";
  EXPECT_EQ(ours, theirs);
}

}  // namespace
