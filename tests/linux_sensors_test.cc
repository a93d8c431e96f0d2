// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/command.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Context;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

std::string Number(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

// "chip|label|kind|current|high|critical|low", a dash for what is not valid, and the status where it is not OK.
std::string Rows(const sonde_sensor_list &list) {
  std::string all;
  for (size_t i = 0; i < list.count; i++) {
    const sonde_sensor &row = list.rows[i];
    const auto value = [&row](uint64_t bit, double number) {
      if (!(row.valid & bit)) {
        EXPECT_EQ(number, 0);
        return std::string("|-");
      }
      return "|" + Number(number);
    };
    all += text(row.chip) + "|" + text(row.label) + "|" + std::to_string(row.kind) +
           value(SONDE_SENSOR_VALID_CURRENT, row.current) + value(SONDE_SENSOR_VALID_HIGH, row.high) +
           value(SONDE_SENSOR_VALID_CRITICAL, row.critical) + value(SONDE_SENSOR_VALID_LOW, row.low);
    if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
    all += "\n";
  }
  return all;
}

TEST(LinuxSensors, Hwmon) {
  Tree tree;
  const std::string chips = "sys/class/hwmon/";
  tree.write(chips + "hwmon10/name", "late\n")
      .write(chips + "hwmon10/temp1_input", "-5500\n")
      .write(chips + "hwmon2/name", "board\n")
      .write(chips + "hwmon2/temp10_input", "30000\n")
      .write(chips + "hwmon2/temp2_input", "29000\n")
      .write(chips + "hwmon2/temp2_label", "CPU  Socket\n")
      .write(chips + "hwmon2/temp2_max", "80000\n")
      .write(chips + "hwmon2/temp2_crit", "100000\n")
      .write(chips + "hwmon2/temp2_min", "garbage\n")
      .write(chips + "hwmon2/temp2_crit_alarm", "0\n")
      .write(chips + "hwmon2/temp7_max", "80000\n")
      .write(chips + "hwmon2/fan1_input", "1200\n")
      .write(chips + "hwmon2/fan1_min", "300\n")
      .write(chips + "hwmon2/in0_input", "3312\n")
      .write(chips + "hwmon2/curr1_input", "-250\n")
      .write(chips + "hwmon2/power1_average", "12500000\n")
      .write(chips + "hwmon2/power2_input", "1000000\n")
      .write(chips + "hwmon2/power2_average", "9000000\n")
      .write(chips + "hwmon2/energy1_input", "1500000\n")
      .write(chips + "hwmon2/humidity1_input", "45600\n")
      .write(chips + "hwmon3/device/name", "old\n")
      .write(chips + "hwmon3/device/temp1_input", "1000\n")
      .write(chips + "hwmon4/temp1_input", "2000\n")
      .write("sys/class/thermal/thermal_zone0/type", "zone\n")
      .write("sys/class/thermal/thermal_zone0/temp", "1\n");
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got),
            "board|CPU  Socket|1|29|80|100|-\n"
            "board||1|30|-|-|-\n"
            "board||2|1200|-|-|300\n"
            "board||4|3.312|-|-|-\n"
            "board||8|-0.25|-|-|-\n"
            "board||16|12.5|-|-|-\n"
            "board||16|1|-|-|-\n"
            "board||32|1.5|-|-|-\n"
            "board||64|45.6|-|-|-\n"
            "old||1|1|-|-|-\n"
            "||1|2|-|-|-\n"
            "late||1|-5.5|-|-|-\n"
            "zone||1|0.001|-|-|-\n");
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_FAN | SONDE_SENSOR_VOLTAGE, nullptr), SONDE_OK);
  EXPECT_EQ(Rows(got), "board||2|1200|-|-|300\nboard||4|3.312|-|-|-\n");
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_TEMPERATURE, "late"), SONDE_OK);
  EXPECT_EQ(Rows(got), "late||1|-5.5|-|-|-\n");
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, "zone"), SONDE_OK);
  EXPECT_EQ(Rows(got), "zone||1|0.001|-|-|-\n") << "no chip shows it";
  EXPECT_EQ(sonde_sensor_list_get(context, &got, 0, nullptr), SONDE_ERR_INVALID);
}

TEST(LinuxSensors, BadInputsLoseOnlyTheirRow) {
  Tree tree;
  const std::string chip = "sys/class/hwmon/hwmon0/";
  tree.write(chip + "name", "x\n")
      .write(chip + "temp1_input", "garbage\n")
      .write(chip + "temp1_label", "one\n")
      .write(chip + "temp1_crit", "90000\n")
      .write(chip + "temp2_input", "")
      .mkdir(chip + "temp3_input")  // read(2) fails with EISDIR
      .link(chip + "temp4_input", "gone")
      .write(chip + "temp5_input", "9223372036854775808\n")
      .write(chip + "temp6_input", "41000\n");
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got),
            "x|one|1|-|-|90|- SONDE_ERR_PARSE\n"
            "x||1|-|-|-|- SONDE_ERR_PARSE\n"
            "x||1|-|-|-|- SONDE_ERR_OS\n"
            "x||1|-|-|-|- SONDE_ERR_OS\n"
            "x||1|-|-|-|- SONDE_ERR_PARSE\n"
            "x||1|41|-|-|-\n");
  EXPECT_EQ(got.bad, 5u);
}

// Chips that sleep, are slow or are gone: psutil #2477.
TEST(LinuxSensors, ChipsThatDoNotAnswer) {
  Tree tree;
  const std::string chip = "sys/class/hwmon/hwmon0/";
  const int codes[] = {EAGAIN, EIO, EINVAL, ENODATA, ENXIO, ENODEV, ETIMEDOUT, EACCES};
  sonde_test::RefusingOs os;
  tree.write(chip + "name", "x\n").write(chip + "temp9_input", "9000\n");
  for (int i = 0; i < 8; i++) {
    const std::string file = "temp" + std::to_string(i + 1) + "_input";
    tree.write(chip + file, "1000\n");
    os.refuse(file, codes[i]);
  }
  tree.options()->os_override = os.override();
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 9u);
  EXPECT_EQ(got.bad, 8u);
  for (int i = 0; i < 8; i++) {
    EXPECT_EQ(got[i].status, codes[i] == EACCES ? SONDE_ERR_ACCESS : SONDE_ERR_OS) << codes[i];
    EXPECT_EQ(got[i].valid, 0u);
  }
  EXPECT_EQ(got[8].current, 9);

  os.refuse("temp5_input", EMFILE);
  EXPECT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_ERR_OS);
  EXPECT_EQ(got.count, 9u) << "untouched, never shorter";
}

TEST(LinuxSensors, OtherChipsAreNotRead) {
  Tree tree;
  tree.write("sys/class/hwmon/hwmon0/name", "slow\n")
      .write("sys/class/hwmon/hwmon0/temp1_input", "2000\n")
      .write("sys/class/hwmon/hwmon1/name", "fast\n")
      .write("sys/class/hwmon/hwmon1/temp1_input", "1000\n");
  sonde_test::RefusingOs os;
  os.refuse("hwmon0/temp1_input", EMFILE); /* would fail the call */
  tree.options()->os_override = os.override();
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, "fast"), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got), "fast||1|1|-|-|-\n");
  EXPECT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_ERR_OS);
}

TEST(LinuxSensors, ThermalZones) {
  Tree tree;
  const std::string zones = "sys/class/thermal/";
  tree.write("sys/class/hwmon/hwmon0/name", "fans\n")
      .write("sys/class/hwmon/hwmon0/fan1_input", "900\n")
      .write(zones + "cooling_device0/type", "Processor\n")
      .write(zones + "thermal_zone1/type", "acpitz\n")
      .write(zones + "thermal_zone1/temp", "garbage\n")
      .write(zones + "thermal_zone0/type", "x86_pkg_temp\n")
      .write(zones + "thermal_zone0/temp", "48500\n")
      .write(zones + "thermal_zone0/trip_point_0_type", "passive\n")
      .write(zones + "thermal_zone0/trip_point_0_temp", "70000\n")
      .write(zones + "thermal_zone0/trip_point_1_type", "hot\n")
      .write(zones + "thermal_zone0/trip_point_1_temp", "95000\n")
      .write(zones + "thermal_zone0/trip_point_2_type", "critical\n")
      .write(zones + "thermal_zone0/trip_point_2_temp", "105000\n");
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got),
            "fans||2|900|-|-|-\n"
            "x86_pkg_temp||1|48.5|95|105|-\n"
            "acpitz||1|-|-|-|- SONDE_ERR_PARSE\n");
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, "x86_pkg_temp"), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got), "x86_pkg_temp||1|48.5|95|105|-\n");
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_FAN, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got), "fans||2|900|-|-|-\n");
}

TEST(LinuxSensors, NoneAtAll) {
  Tree tree;
  Context context(tree.options());
  List<sonde_sensor_list> sensors;
  List<sonde_battery_list> batteries;
  List<sonde_gpu_list> gpus;
  EXPECT_EQ(sonde_sensor_list_get(context, &sensors, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(sensors.count, 0u);
  EXPECT_EQ(sonde_battery_list_get(context, &batteries), SONDE_OK) << context.error();
  EXPECT_EQ(batteries.count, 0u);
  EXPECT_EQ(sonde_gpu_list_get(context, &gpus), SONDE_ERR_UNSUPPORTED);
}

// Boards show some temperatures as chips and others as thermal zones: each once. The kernel names the chip that it
// makes of a zone after the zone, with _ for each dash.
TEST(LinuxSensors, ThermalZonesBesideChips) {
  Tree tree;
  const auto zone = [&tree](int number, const std::string &type, const std::string &temp) {
    const std::string folder = "sys/class/thermal/thermal_zone" + std::to_string(number) + "/";
    tree.write(folder + "type", type + "\n").write(folder + "temp", temp + "\n");
  };
  const auto chip = [&tree](int number, const std::string &name, const std::string &input) {
    const std::string folder = "sys/class/hwmon/hwmon" + std::to_string(number) + "/";
    tree.write(folder + "name", name + "\n").write(folder + input, "30000\n");
  };
  chip(0, "acpitz", "temp1_input"), chip(1, "cpu_thermal", "temp1_input"), chip(2, "gpu_thermal", "fan1_input");
  chip(3, "coretemp", "temp1_input"), chip(4, "nvme", "temp1_input");
  zone(0, "acpitz", "27800"), zone(1, "cpu-thermal", "42000"), zone(2, "gpu-thermal", "43000");
  zone(3, "x86_pkg_temp", "50000"), zone(4, "pmic", "51000"), zone(10, "acpitz", "29800");
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_TEMPERATURE, nullptr), SONDE_OK) << context.error();
  const std::string all = Rows(got);
  EXPECT_EQ(all,
            "acpitz||1|30|-|-|-\ncpu_thermal||1|30|-|-|-\ncoretemp||1|30|-|-|-\nnvme||1|30|-|-|-\n"
            "gpu-thermal||1|43|-|-|-\npmic||1|51|-|-|-\n");
  // A filter picks of that list, and makes nothing appear that was not in it.
  for (const char *name : {"acpitz", "cpu_thermal", "cpu-thermal", "gpu-thermal", "gpu_thermal", "coretemp", "nvme",
                           "x86_pkg_temp", "pmic", "none"}) {
    std::string expected;
    for (const std::string &line : sonde_test::lines_of(all)) {
      if (line.rfind(std::string(name) + "|", 0) == 0) expected += line + "\n";
    }
    ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_TEMPERATURE, name), SONDE_OK) << context.error();
    EXPECT_EQ(Rows(got), expected) << name;
  }
}

// What the chip itself says of a sensor.
TEST(LinuxSensors, FaultyAndSwitchedOff) {
  Tree tree;
  const std::string chip = "sys/class/hwmon/hwmon0/";
  tree.write(chip + "name", "x\n");
  for (int i = 1; i <= 5; i++) tree.write(chip + "temp" + std::to_string(i) + "_input", "41000\n");
  tree.write(chip + "temp1_fault", "0\n")
      .write(chip + "temp1_enable", "1\n")
      .write(chip + "temp1_lcrit", "-10000\n")
      .write(chip + "temp2_fault", "1\n")
      .write(chip + "temp2_label", "open\n")
      .write(chip + "temp2_max", "90000\n")
      .write(chip + "temp3_enable", "0\n")
      .write(chip + "temp3_fault", "1\n")
      .write(chip + "temp4_fault", "x\n")
      .write(chip + "temp5_enable", "what\n");
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got),
            "x||1|41|-|-|-\n"
            "x|open|1|-|90|-|- SONDE_ERR_OS\n"
            "x||1|-|-|-|- SONDE_ERR_UNSUPPORTED\n"
            "x||1|41|-|-|-\n"
            "x||1|41|-|-|-\n")
      << "a mark that is not understood says nothing";
  EXPECT_EQ(got.bad, 2u);
  EXPECT_TRUE(got[0].valid & SONDE_SENSOR_VALID_LOW_CRITICAL);
  EXPECT_EQ(got[0].low_critical, -10);
  EXPECT_EQ(got[1].current, 0) << "what a broken sensor says is no value";

  tree.remove(chip + "temp3_input").write(chip + "temp4_fault", "0\n").write(chip + "temp5_enable", "1\n");
  tree.mkdir("sys/class/thermal");
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_TEMPERATURE, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(got.bad, 1u);
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(text(error.text).find("faulty " + tree.at("sys/class/hwmon/hwmon0/temp2_fault")), 0u) << text(error.text);
}

TEST(LinuxSensors, Alarms) {
  Tree tree;
  const std::string chip = "sys/class/hwmon/hwmon0/";
  tree.write(chip + "name", "x\n");
  const char *const suffixes[] = {"alarm", "min_alarm", "max_alarm", "lcrit_alarm", "crit_alarm", "emergency_alarm"};
  for (int i = 1; i <= 8; i++) tree.write(chip + "in" + std::to_string(i) + "_input", "1000\n");
  for (int i = 0; i < 6; i++) {
    tree.write(chip + "in" + std::to_string(i + 1) + "_" + suffixes[i], "1\n");
    tree.write(chip + "in" + std::to_string(i + 1) + "_" + suffixes[(i + 1) % 6], "0\n");
  }
  tree.write(chip + "in7_alarm", "0\n");
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 8u);
  for (size_t i = 0; i < 8; i++) {
    EXPECT_EQ(got[i].status, SONDE_OK);
    EXPECT_EQ(got[i].current, 1);
    EXPECT_EQ((got[i].valid & SONDE_SENSOR_VALID_ALARM) != 0, i < 7) << i;
    EXPECT_EQ(got[i].alarm, i < 6) << i;
  }
}

// A chip behind a slow bus: a made-up clock in which each read of its inputs takes a second.
uint64_t made_up_now;
std::set<int> slow_fds;
int SlowOpenat(int dirfd, const char *path, int flags) {
  const int fd = sondei_linux_os.openat(dirfd, path, flags);
  const std::string name = path;
  const bool is_slow = name.find("hwmon1/") != std::string::npos && name.find("_input") != std::string::npos;
  if (fd >= 0 && is_slow) slow_fds.insert(fd);
  return fd;
}
int SlowClose(int fd) {
  slow_fds.erase(fd);
  return sondei_linux_os.close(fd);
}
ssize_t SlowRead(int fd, void *buffer, size_t size) {
  if (slow_fds.count(fd) == 1) made_up_now += 1100 * 1000 * 1000;
  return sondei_linux_os.read(fd, buffer, size);
}
int SlowClock(clockid_t, struct timespec *out) {
  out->tv_sec = static_cast<time_t>(made_up_now / SONDE_NSEC_PER_SEC);
  out->tv_nsec = static_cast<long>(made_up_now % SONDE_NSEC_PER_SEC);
  return 0;
}

TEST(LinuxSensors, ASlowChipCostsNoMoreThanItsTime) {
  Tree tree;
  for (int chip = 0; chip < 3; chip++) {
    const std::string folder = "sys/class/hwmon/hwmon" + std::to_string(chip) + "/";
    tree.write(folder + "name", "chip" + std::to_string(chip) + "\n");
    for (int i = 1; i <= 8; i++) tree.write(folder + "temp" + std::to_string(i) + "_input", "1000\n");
  }
  struct linux_os os = sondei_linux_os;
  os.openat = SlowOpenat;
  os.close = SlowClose;
  os.read = SlowRead;
  os.clock_gettime = SlowClock;
  const struct sonde_os_override override = {"linux", &os};
  tree.options()->os_override = &override;
  Context context(tree.options());
  List<sonde_sensor_list> got;
  made_up_now = 1;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 24u);
  EXPECT_LT(made_up_now, 7 * SONDE_NSEC_PER_SEC);
  for (size_t i = 0; i < 24; i++) {
    const bool is_late = i / 8 == 1 && i % 8 >= 5; /* five reads take 5.5 s */
    EXPECT_EQ(got[i].status, is_late ? SONDE_ERR_TIMEOUT : SONDE_OK) << i;
    EXPECT_EQ(got[i].current, is_late ? 0 : 1) << i;
    EXPECT_EQ(text(got[i].chip), "chip" + std::to_string(i / 8));
  }
  EXPECT_EQ(got.bad, 3u);
}

// A file that nobody ever writes to: a FIFO, opened so that it does not wait.
TEST(LinuxSensors, AnInputThatNeverAnswers) {
  Tree tree;
  const std::string chip = "sys/class/hwmon/hwmon0/";
  tree.write(chip + "name", "x\n").fifo(chip + "temp1_input").write(chip + "temp2_input", "2000\n");
  tree.fifo(chip + "temp2_label").fifo(chip + "temp2_crit").fifo(chip + "temp2_fault").fifo(chip + "temp2_alarm");
  tree.fifo("sys/class/thermal/thermal_zone0/type").fifo("sys/class/thermal/thermal_zone0/temp");
  tree.fifo("sys/class/powercap/intel-rapl:0/name").fifo("sys/class/powercap/intel-rapl:0/energy_uj");
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got),
            "x||1|-|-|-|- SONDE_ERR_PARSE\nx||1|2|-|-|-\n||1|-|-|-|- SONDE_ERR_PARSE\n"
            "intel-rapl|intel-rapl:0|32|-|-|-|- SONDE_ERR_PARSE\n");
}

// ---- Power zones --------------------------------------------------------------------------------------------------

TEST(LinuxSensors, Powercap) {
  Tree tree;
  const std::string zones = "sys/class/powercap/";
  tree.write(zones + "intel-rapl/enabled", "1\n")
      .write(zones + "intel-rapl:1/name", "package-1\n")
      .write(zones + "intel-rapl:1/energy_uj", "9223372036854775807\n")
      .write(zones + "intel-rapl:0:1/name", "dram\n")
      .write(zones + "intel-rapl:0:1/energy_uj", "x\n")
      .write(zones + "intel-rapl:0/name", "package-0\n")
      .write(zones + "intel-rapl:0/energy_uj", "123456789\n")
      .write(zones + "intel-rapl:0/max_energy_range_uj", "262143328850\n")
      .write(zones + "intel-rapl:0:0/name", "core\n")
      .write(zones + "intel-rapl:0:0/energy_uj", "500000\n")
      .write(zones + "intel-rapl-mmio:0/name", "package-0\n")
      .write(zones + "intel-rapl-mmio:0/energy_uj", "1000000\n")
      .write(zones + "dtpm:0:2/name", "cpu\n")
      .write(zones + "dtpm:0:2/power_uw", "2500000\n")
      .mkdir(zones + "nothing:0");
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got),
            "dtpm|dtpm:0/cpu|16|2.5|-|-|-\n"
            "intel-rapl|package-0|32|123.457|-|-|-\n"
            "intel-rapl|package-0/core|32|0.5|-|-|-\n"
            "intel-rapl|package-0/dram|32|-|-|-|- SONDE_ERR_PARSE\n"
            "intel-rapl|package-1|32|9.22337e+12|-|-|-\n"
            "intel-rapl-mmio|package-0|32|1|-|-|-\n");
  ASSERT_EQ(got.count, 6u);
  EXPECT_TRUE(got[1].valid & SONDE_SENSOR_VALID_WRAP);
  EXPECT_DOUBLE_EQ(got[1].current, 123.456789);
  EXPECT_DOUBLE_EQ(got[1].wrap, 262143.32885);
  EXPECT_FALSE(got[2].valid & SONDE_SENSOR_VALID_WRAP);
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_POWER, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(got.count, 1u);
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ENERGY, "intel-rapl-mmio"), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got), "intel-rapl-mmio|package-0|32|1|-|-|-\n");
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_TEMPERATURE, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(got.count, 0u);
}

// Since Linux 5.10 only root may read the energy: each row says so.
TEST(LinuxSensors, PowercapForOthersThanRoot) {
  Tree tree;
  tree.write("sys/class/powercap/intel-rapl:0/name", "package-0\n")
      .write("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "1000000\n")
      .write("sys/class/powercap/intel-rapl:0/energy_uj", "1\n");
  sonde_test::RefusingOs os;
  os.refuse("energy_uj", EACCES);
  tree.options()->os_override = os.override();
  Context context(tree.options());
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got), "intel-rapl|package-0|32|-|-|-|- SONDE_ERR_ACCESS\n");
  EXPECT_EQ(got[0].wrap, 1);
  os.refuse("energy_uj", EMFILE);
  EXPECT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_ERR_OS);
}

TEST(LinuxSensors, ManyChipsAndSensors) {
  Tree tree;
  std::string expected;
  for (int chip = 0; chip < 80; chip++) {
    const std::string folder = "sys/class/hwmon/hwmon" + std::to_string(chip);
    tree.write(folder + "/name", "c" + std::to_string(chip) + "\n");
    for (int i = 1; i <= 12; i++) {
      tree.write(folder + "/temp" + std::to_string(i) + "_input", std::to_string(i * 1000) + "\n");
      expected += "c" + std::to_string(chip) + "||1|" + std::to_string(i) + "|-|-|-\n";
    }
  }
  Context context(tree.options());
  const size_t before = sonde_test::count_descriptors();
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_ALL, nullptr), SONDE_OK) << context.error();
  EXPECT_EQ(Rows(got), expected);
  EXPECT_EQ(sonde_test::count_descriptors(), before);
}

// ---- Batteries ----------------------------------------------------------------------------------------------------

const std::string kSupplies = "sys/class/power_supply/";

TEST(LinuxSensors, BatteryOfEnergies) {
  Tree tree;
  tree.write(kSupplies + "AC/type", "Mains\n")
      .write(kSupplies + "AC/online", "0\n")
      .write(kSupplies + "BAT0/type", "Battery\n")
      .write(kSupplies + "BAT0/status", "Discharging\n")
      .write(kSupplies + "BAT0/present", "1\n")
      .write(kSupplies + "BAT0/energy_now", "25000000\n")
      .write(kSupplies + "BAT0/energy_full", "50000000\n")
      .write(kSupplies + "BAT0/energy_full_design", "57000000\n")
      .write(kSupplies + "BAT0/power_now", "12500000\n")
      .write(kSupplies + "BAT0/voltage_now", "11400000\n")
      .write(kSupplies + "BAT0/capacity", "49\n")
      .write(kSupplies + "BAT0/cycle_count", "312\n");
  Context context(tree.options());
  List<sonde_battery_list> got;
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 1u);
  EXPECT_EQ(got[0].status, SONDE_OK);
  EXPECT_EQ(got[0].valid, (uint64_t{1} << 7) - 1) << "everything is told";
  EXPECT_EQ(text(got[0].name), "BAT0");
  EXPECT_EQ(got[0].state, SONDE_BATTERY_DISCHARGING);
  EXPECT_DOUBLE_EQ(got[0].percent, 50);
  EXPECT_EQ(got[0].time_left, 7200 * SONDE_NSEC_PER_SEC);
  EXPECT_FALSE(got[0].power_plugged);
  EXPECT_DOUBLE_EQ(got[0].energy, 25);
  EXPECT_DOUBLE_EQ(got[0].energy_full, 50);
  EXPECT_DOUBLE_EQ(got[0].energy_design, 57);
  EXPECT_DOUBLE_EQ(got[0].power, 12.5);
  EXPECT_DOUBLE_EQ(got[0].voltage, 11.4);
  EXPECT_EQ(got[0].cycles, 312u);

  tree.write(kSupplies + "AC/online", "1\n");
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_TRUE(got[0].power_plugged);
  EXPECT_EQ(got[0].time_left, SONDE_UNLIMITED);
}

TEST(LinuxSensors, BatteryOfCharges) {
  Tree tree;
  tree.write(kSupplies + "cw2015-battery/type", "Battery\n")
      .write(kSupplies + "cw2015-battery/status", "Discharging\n")
      .write(kSupplies + "cw2015-battery/charge_now", "3000000\n")
      .write(kSupplies + "cw2015-battery/charge_full", "4000000\n")
      .write(kSupplies + "cw2015-battery/charge_full_design", "5000000\n")
      .write(kSupplies + "cw2015-battery/current_now", "-1500000\n")
      .write(kSupplies + "cw2015-battery/voltage_now", "4000000\n");
  Context context(tree.options());
  List<sonde_battery_list> got;
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 1u);
  EXPECT_EQ(got[0].valid, ((uint64_t{1} << 7) - 1) & ~uint64_t{SONDE_BATTERY_VALID_CYCLES});
  EXPECT_DOUBLE_EQ(got[0].percent, 75);
  EXPECT_DOUBLE_EQ(got[0].energy, 12);
  EXPECT_DOUBLE_EQ(got[0].energy_full, 16);
  EXPECT_DOUBLE_EQ(got[0].energy_design, 20);
  EXPECT_DOUBLE_EQ(got[0].power, 6) << "psutil #2605: the current flows out";
  EXPECT_EQ(got[0].time_left, 7200 * SONDE_NSEC_PER_SEC);
  EXPECT_FALSE(got[0].power_plugged) << "as its state says";
}

TEST(LinuxSensors, BatteryThatTellsLittle) {
  Tree tree;
  const std::string battery = kSupplies + "BAT1/";
  tree.write(battery + "type", "Battery\n").write(battery + "capacity", "101\n");
  Context context(tree.options());
  List<sonde_battery_list> got;
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 1u);
  EXPECT_EQ(got[0].valid, uint64_t{SONDE_BATTERY_VALID_PERCENT});
  EXPECT_EQ(got[0].percent, 100);
  EXPECT_EQ(got[0].state, SONDE_BATTERY_UNKNOWN);

  tree.write(battery + "status", "Draining furiously\n")
      .write(battery + "capacity", "-1\n")
      .write(battery + "energy_now", "1\n")
      .write(battery + "energy_full", "0\n")
      .write(battery + "power_now", "garbage\n")
      .write(battery + "time_to_empty_now", "600\n");
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got[0].valid, uint64_t{SONDE_BATTERY_VALID_ENERGY | SONDE_BATTERY_VALID_TIME_LEFT});
  EXPECT_EQ(got[0].state, SONDE_BATTERY_UNKNOWN);
  EXPECT_EQ(got[0].time_left, 600 * SONDE_NSEC_PER_SEC);

  tree.write(battery + "energy_now", "9223372036854775807\n").write(battery + "power_now", "1\n");
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_FALSE(got[0].valid & SONDE_BATTERY_VALID_TIME_LEFT) << "longer than a century";

  tree.write(battery + "status", "Full\n");
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_TRUE(got[0].valid & SONDE_BATTERY_VALID_POWER_PLUGGED);
  EXPECT_TRUE(got[0].power_plugged);
}

TEST(LinuxSensors, WhatIsNotTheMachinesBattery) {
  Tree tree;
  tree.write(kSupplies + "hidpp_battery_0/type", "Battery\n")
      .write(kSupplies + "hidpp_battery_0/scope", "Device\n")
      .write(kSupplies + "BAT2/type", "Battery\n")
      .write(kSupplies + "BAT2/present", "0\n")
      .write(kSupplies + "ups/type", "UPS\n")
      .mkdir(kSupplies + "nothing")
      .mkdir(kSupplies + "BAT3/type")  // read(2) fails with EISDIR
      .write(kSupplies + "BAT1/type", "Battery\n")
      .write(kSupplies + "BAT0/type", "Battery\n")
      .write(kSupplies + "BAT0/scope", "System\n")
      .write(kSupplies + "ucsi/type", "USB\n")
      .write(kSupplies + "ucsi/online", "1\n")
      .write(kSupplies + "AC/type", "Mains\n")
      .write(kSupplies + "AC/online", "0\n");
  Context context(tree.options());
  List<sonde_battery_list> got;
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 3u);
  EXPECT_EQ(text(got[0].name), "BAT0");
  EXPECT_EQ(text(got[1].name), "BAT1");
  EXPECT_TRUE(got[0].power_plugged) << "one source is enough";
  EXPECT_TRUE(got[1].power_plugged);
  EXPECT_EQ(text(got[2].name), "BAT3");
  EXPECT_EQ(got[2].status, SONDE_ERR_OS);
  EXPECT_EQ(got[2].valid, 0u);
  EXPECT_EQ(got.bad, 1u);
}

// ---- The running kernel -------------------------------------------------------------------------------------------

std::set<std::string> Names(const std::string &path) {
  std::set<std::string> all;
  DIR *const folder = opendir(path.c_str());
  if (folder == nullptr) return all;
  while (const dirent *entry = readdir(folder)) {
    if (entry->d_name[0] != '.') all.insert(entry->d_name);
  }
  closedir(folder);
  return all;
}

std::string Line(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

TEST(LinuxSensorsLive, EveryInputHasARow) {
  std::multiset<std::string> expected;
  for (const std::string &chip : Names("/sys/class/hwmon")) {
    const std::string folder = "/sys/class/hwmon/" + chip;
    for (const std::string &name : Names(folder)) {
      if (name.size() > 6 && name.compare(name.size() - 6, 6, "_input") == 0) {
        if (name.compare(0, 3, "fan") == 0) expected.insert(Line(folder + "/name"));
      }
    }
  }
  if (Names("/sys/class/hwmon").empty()) GTEST_SKIP() << "no sensors in this machine";
  Context context;
  List<sonde_sensor_list> got;
  ASSERT_EQ(sonde_sensor_list_get(context, &got, SONDE_SENSOR_FAN, nullptr), SONDE_OK) << context.error();
  std::multiset<std::string> told;
  for (const sonde_sensor &row : got) told.insert(text(row.chip));
  EXPECT_EQ(told, expected);
}

TEST(LinuxSensorsLive, Batteries) {
  size_t expected = 0;
  for (const std::string &name : Names("/sys/class/power_supply")) {
    const std::string folder = "/sys/class/power_supply/" + name;
    expected +=
        Line(folder + "/type") == "Battery" && Line(folder + "/scope") != "Device" && Line(folder + "/present") != "0";
  }
  Context context;
  List<sonde_battery_list> got;
  ASSERT_EQ(sonde_battery_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.count, expected);
  for (const sonde_battery &row : got) {
    if (row.valid & SONDE_BATTERY_VALID_PERCENT) {
      EXPECT_GE(row.percent, 0);
      EXPECT_LE(row.percent, 100);
    }
  }
}

}  // namespace
