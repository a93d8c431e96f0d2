// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>

#include "tests/support/command.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::command_output;
using sonde_test::Context;
using sonde_test::fields_of;
using sonde_test::lines_of;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

std::string Flags(uint32_t flags) {
  std::string all;
  if (flags & SONDE_MOUNT_READ_ONLY) all += " ro";
  if (flags & SONDE_MOUNT_REMOTE) all += " remote";
  if (flags & SONDE_MOUNT_VIRTUAL) all += " virtual";
  if (flags & SONDE_MOUNT_AUTO) all += " auto";
  return all;
}

// One line for each mount.
std::string Partitions(sonde *context, bool all) {
  List<sonde_disk_partition_list> list;
  const sonde_status status = sonde_disk_partition_list_get(context, &list, all);
  if (status != SONDE_OK) return sonde_test::last_error(context);
  std::string lines;
  for (const sonde_disk_partition &row : list) {
    if (row.status != SONDE_OK) lines += std::string(sonde_status_name(row.status)) + " ";
    lines += text(row.device) + "|" + text(row.mountpoint) + "|" + text(row.fstype) + "|" + text(row.opts) + "|";
    if (row.valid & SONDE_PARTITION_ROOT) lines += text(row.root);
    lines += "|";
    if (row.valid & SONDE_PARTITION_MOUNT_ID)
      lines += std::to_string(row.mount_id) + "<" + std::to_string(row.parent_id);
    lines += "|";
    if (row.valid & SONDE_PARTITION_DEV) lines += std::to_string(row.dev_major) + ":" + std::to_string(row.dev_minor);
    lines += "|" + Flags(row.flags) + "\n";
  }
  return lines;
}

const char kMountinfo[] =
    "22 28 0:21 / /proc rw,nosuid shared:5 - proc proc rw\n"
    "28 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw,errors=remount-ro\n"
    "30 28 0:30 / /mnt/a\\040b\\134c\\012d ro,relatime - nfs4 server:/x\\040y rw,vers=4.2\n"
    "31 28 0:31 /@home /home rw shared:7 master:2 - btrfs /dev/sdb2 ro,subvol=/@home\n"
    "32 28 0:32 / /misc rw - autofs auto.misc rw,fd=6\n"
    "33 28 0:33 / /var/merged rw - overlay overlay rw,lowerdir=/a:/b\n"
    "34 28 0:34 / /media/fuse rw - fuse.sshfs me@host:/ rw\n"
    "35 28 0:35 / /tank rw - zfs tank rw,xattr\n";

const char kFilesystems[] =
    "nodev\tproc\nnodev\tnfs4\nnodev\tautofs\nnodev\toverlay\nnodev\tfuse\nnodev\tzfs\n\text4\n\tbtrfs\n";

TEST(LinuxDisk, PartitionsOfAMadeUpMachine) {
  Tree tree;
  tree.write("proc/1/mountinfo", kMountinfo).write("proc/filesystems", kFilesystems);
  tree.write("sys/dev/block/254:0/uevent", "MAJOR=254\nMINOR=0\nDEVNAME=vda\nDEVTYPE=disk\n");
  Context context(tree.options());
  const std::string disks =
      "/dev/vda|/|ext4|rw,relatime,errors=remount-ro|/|28<1|254:0|\n"
      "server:/x y|/mnt/a b\\c\nd|nfs4|ro,relatime,vers=4.2|/|30<28|0:30| ro remote\n"
      "/dev/sdb2|/home|btrfs|ro,subvol=/@home|/@home|31<28|0:31| ro\n";
  const std::string more =
      "me@host:/|/media/fuse|fuse.sshfs|rw|/|34<28|0:34| remote\n"
      "tank|/tank|zfs|rw,xattr|/|35<28|0:35|\n";
  EXPECT_EQ(Partitions(context, false), disks + more);
  EXPECT_EQ(Partitions(context, true), "proc|/proc|proc|rw,nosuid|/|22<28|0:21| virtual\n" + disks +
                                           "auto.misc|/misc|autofs|rw,fd=6|/|32<28|0:32| auto\n"
                                           "overlay|/var/merged|overlay|rw,lowerdir=/a:/b|/|33<28|0:33|\n" +
                                           more);
}

// A host of containers: a table of far more than 64 KiB, which no one read takes.
TEST(LinuxDisk, ThousandsOfMounts) {
  constexpr uint32_t kMounts = 5000;
  std::string table;
  for (uint32_t i = 0; i < kMounts; i++) {
    const std::string number = std::to_string(i);
    table +=
        number + " 1 8:" + number + " / /mnt/" + number + " rw shared:" + number + " - ext4 /dev/d" + number + " rw\n";
  }
  ASSERT_GT(table.size(), 4u * 65536);
  Tree tree;
  tree.write("proc/1/mountinfo", table).write("proc/filesystems", "\text4\n");
  Context context(tree.options());
  List<sonde_disk_partition_list> list;
  ASSERT_EQ(sonde_disk_partition_list_get(context, &list, false), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, kMounts);
  for (uint32_t i = 0; i < kMounts; i++) {
    ASSERT_EQ(list[i].mount_id, i);
    ASSERT_EQ(text(list[i].mountpoint), "/mnt/" + std::to_string(i));
    ASSERT_EQ(text(list[i].device), "/dev/d" + std::to_string(i));
  }
}

TEST(LinuxDisk, PartitionsWithoutFilesystemsAndWithoutSysfs) {
  Tree tree;
  tree.write("proc/self/mountinfo", kMountinfo);
  Context context(tree.options());
  EXPECT_EQ(Partitions(context, false),
            "/dev/root|/|ext4|rw,relatime,errors=remount-ro|/|28<1|254:0|\n"
            "server:/x y|/mnt/a b\\c\nd|nfs4|ro,relatime,vers=4.2|/|30<28|0:30| ro remote\n"
            "/dev/sdb2|/home|btrfs|ro,subvol=/@home|/@home|31<28|0:31| ro\n"
            "me@host:/|/media/fuse|fuse.sshfs|rw|/|34<28|0:34| remote\n"
            "tank|/tank|zfs|rw,xattr|/|35<28|0:35|\n");
}

TEST(LinuxDisk, PartitionsFromMounts) {
  Tree tree;
  tree.write("proc/mounts", "/dev/root / squashfs ro,relatime 0 0\nproc /proc proc rw 0 0\n");
  Context context(tree.options());
  EXPECT_EQ(Partitions(context, true), "/dev/root|/|squashfs|ro,relatime|||| ro\nproc|/proc|proc|rw|||| virtual\n");
}

TEST(LinuxDisk, OneBadMountLosesNoOther) {
  Tree tree;
  tree.write(
      "proc/1/mountinfo",
      "1 0 8:1 / / rw - ext4 /dev/a rw\nx\n\n2 1 8:2 / /b rw ext4 /dev/b rw\n3 1 8:3 / /c rw - ext4 /dev/c rw\n");
  Context context(tree.options());
  EXPECT_EQ(Partitions(context, true),
            "/dev/a|/|ext4|rw|/|1<0|8:1|\n"
            "SONDE_ERR_PARSE |||||||\n"
            "SONDE_ERR_PARSE |/b||rw|/|2<1|8:2|\n"
            "/dev/c|/c|ext4|rw|/|3<1|8:3|\n");
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(error.status, SONDE_ERR_PARSE);
  EXPECT_EQ(text(error.subject), tree.at("proc/1/mountinfo"));
  EXPECT_EQ(error.position, 51u);
}

TEST(LinuxDisk, NoMountTableIsTheOperatingSystemsError) {
  Tree tree;
  Context context(tree.options());
  List<sonde_disk_partition_list> list;
  EXPECT_EQ(sonde_disk_partition_list_get(context, &list, true), SONDE_ERR_OS);
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(text(error.os_name), "ENOENT");
}

// findmnt --raw writes bytes that are no printable ASCII, blanks and backslashes as \xHH.
std::string Unescaped(const std::string &raw) {
  std::string all;
  for (size_t i = 0; i < raw.size(); i++) {
    if (raw.compare(i, 2, "\\x") == 0 && i + 4 <= raw.size()) {
      all += static_cast<char>(std::stoi(raw.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      all += raw[i];
    }
  }
  return all;
}

TEST(LinuxDisk, PartitionsAreThoseOfFindmnt) {
  const std::string command =
      "findmnt --noheadings --raw --nofsroot --output ID,PARENT,TARGET,FSTYPE,OPTIONS,MAJ:MIN,FSROOT,SOURCE";
  const std::string before = command_output(command);
  if (before.empty()) GTEST_SKIP() << "there is no findmnt";
  Context context;
  List<sonde_disk_partition_list> list;
  ASSERT_EQ(sonde_disk_partition_list_get(context, &list, true), SONDE_OK) << context.error();
  if (command_output(command) != before) GTEST_SKIP() << "mounts came or went";
  std::map<std::string, std::string> expected;
  for (const std::string &line : lines_of(before)) {
    std::vector<std::string> fields = fields_of(line);
    ASSERT_GE(fields.size(), 8u) << line;
    for (std::string &field : fields) field = Unescaped(field);
    expected[fields[0]] = fields[1] + " " + fields[2] + " " + fields[3] + " " + fields[4] + " " + fields[5] + " " +
                          fields[6] + " " + fields[7];
  }
  EXPECT_EQ(list.count, expected.size());
  EXPECT_EQ(list.bad, 0u);
  for (const sonde_disk_partition &row : list) {
    EXPECT_EQ(std::to_string(row.parent_id) + " " + text(row.mountpoint) + " " + text(row.fstype) + " " +
                  text(row.opts) + " " + std::to_string(row.dev_major) + ":" + std::to_string(row.dev_minor) + " " +
                  text(row.root) + " " + text(row.device),
              expected[std::to_string(row.mount_id)]);
  }
}

// ---- Counters

std::string Io(const sonde_disk_io &row) {
  std::string all = text(row.name) + (row.partition ? " partition" : "");
  if (row.status != SONDE_OK) return all + " " + sonde_status_name(row.status);
  const auto add = [&all](uint64_t value) { all += " " + std::to_string(value); };
  if (row.valid & SONDE_DISK_IO_COUNTS) add(row.read_count), add(row.write_count);
  if (row.valid & SONDE_DISK_IO_BYTES) add(row.read_bytes), add(row.write_bytes);
  if (row.valid & SONDE_DISK_IO_TIMES) all += " times", add(row.read_time), add(row.write_time);
  if (row.valid & SONDE_DISK_IO_MERGED) all += " merged", add(row.read_merged), add(row.write_merged);
  if (row.valid & SONDE_DISK_IO_BUSY_TIME) all += " busy", add(row.busy_time);
  if (row.valid & SONDE_DISK_IO_WEIGHTED_TIME) all += " weighted", add(row.weighted_time);
  if (row.valid & SONDE_DISK_IO_IN_FLIGHT) all += " flight", add(row.in_flight);
  if (row.valid & SONDE_DISK_IO_DISCARD) {
    all += " discard", add(row.discard_count), add(row.discard_merged), add(row.discard_bytes), add(row.discard_time);
  }
  if (row.valid & SONDE_DISK_IO_FLUSH) all += " flush", add(row.flush_count), add(row.flush_time);
  return all;
}

std::string IoList(sonde *context) {
  List<sonde_disk_io_list> list;
  const sonde_status status = sonde_disk_io_list_get(context, &list);
  if (status != SONDE_OK) return sonde_test::last_error(context);
  std::string lines;
  for (const sonde_disk_io &row : list) lines += Io(row) + "\n";
  return lines;
}

TEST(LinuxDisk, IoOfAMadeUpMachine) {
  Tree tree;
  tree.write("proc/diskstats",
             "   8       0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n"
             "   8       1 sda1 1 2 3 4 5 6 7 8 9 10 11\n"
             "   8       2 sda2 1 2 3 4\n\n"
             " 104       0 cciss/c0d0 1 0 0 0 0 0 0 0 0 0 0\n"
             " 104       1 cciss/c0d0p1 2 0 0 0 0 0 0 0 0 0 0\n"
             "   9     127 md127 1 2\n"
             "   9     128 md128 3 0 36028797018963968 0 0 0 0 0 0 0 0\n");
  tree.mkdir("sys/block/sda").mkdir("sys/block/cciss!c0d0").mkdir("sys/block/md127").mkdir("sys/block/md128");
  Context context(tree.options());
  EXPECT_EQ(IoList(context),
            "sda 1 5 1536 3584 times 4000000 8000000 merged 2 6 busy 10000000 weighted 11000000 flight 9"
            " discard 12 13 7168 15000000 flush 16 17000000\n"
            "sda1 partition 1 5 1536 3584 times 4000000 8000000 merged 2 6 busy 10000000 weighted 11000000 flight 9\n"
            "sda2 partition 1 3 1024 2048\n"
            "cciss/c0d0 1 0 0 0 times 0 0 merged 0 0 busy 0 weighted 0 flight 0\n"
            "cciss/c0d0p1 partition 2 0 0 0 times 0 0 merged 0 0 busy 0 weighted 0 flight 0\n"
            "md127 SONDE_ERR_PARSE\n"
            "md128 SONDE_ERR_PARSE\n");
}

TEST(LinuxDisk, IoWithoutSysfsTellsPartitionsByName) {
  Tree tree;
  tree.write("proc/diskstats",
             "8 0 sda 1 2 3 4\n8 1 sda1 1 2 3 4\n8 15 sda15 1 2 3 4\n259 0 nvme0n1 1 2 3 4\n259 1 nvme0n1p1 1 2 3 4\n"
             "7 1 loop1 1 2 3 4\n7 10 loop10 1 2 3 4\n179 0 mmcblk0 1 2 3 4\n179 8 mmcblk0boot0 1 2 3 4\n");
  Context context(tree.options());
  EXPECT_EQ(IoList(context),
            "sda 1 3 1024 2048\nsda1 partition 1 3 1024 2048\nsda15 partition 1 3 1024 2048\nnvme0n1 1 3 1024 2048\n"
            "nvme0n1p1 partition 1 3 1024 2048\nloop1 1 3 1024 2048\nloop10 1 3 1024 2048\nmmcblk0 1 3 1024 2048\n"
            "mmcblk0boot0 1 3 1024 2048\n");
}

TEST(LinuxDisk, IoFromSysfs) {
  Tree tree;
  tree.write("sys/class/block/cciss!c0d0/stat", " 1 0 2 0 3 0 4 0 0 0 0\n");
  tree.write("sys/class/block/cciss!c0d0p1/stat", " 5 0 6 0 7 0 8 0 0 0 0\n")
      .write("sys/class/block/cciss!c0d0p1/partition", "1\n");
  tree.write("sys/class/block/odd/stat", "what\n");
  tree.mkdir("sys/class/block/gone");
  Context context(tree.options());
  std::string sorted;
  std::vector<std::string> lines = lines_of(IoList(context));
  std::sort(lines.begin(), lines.end());
  for (const std::string &line : lines) sorted += line + "\n";
  EXPECT_EQ(sorted,
            "cciss/c0d0 1 3 1024 2048 times 0 0 merged 0 0 busy 0 weighted 0 flight 0\n"
            "cciss/c0d0p1 partition 5 7 3072 4096 times 0 0 merged 0 0 busy 0 weighted 0 flight 0\n"
            "odd SONDE_ERR_PARSE\n");
}

TEST(LinuxDisk, IoFromAnOldSysfs) {
  Tree tree;
  tree.write("sys/block/hda/stat", " 1 0 2 0 3 0 4 0 -1 0 0\n").write("sys/block/hda/hda1/stat", "1 2 3 4\n");
  Context context(tree.options());
  EXPECT_EQ(IoList(context), "hda 1 3 1024 2048 times 0 0 merged 0 0 busy 0 weighted 0\n");
}

TEST(LinuxDisk, IoOfNothing) {
  Tree tree;
  Context context(tree.options());
  List<sonde_disk_io_list> list;
  EXPECT_EQ(sonde_disk_io_list_get(context, &list), SONDE_ERR_OS);
}

// The numbers of /sys/block/X/stat: another file than the library reads, brackets its answer.
std::map<std::string, std::vector<uint64_t>> StatsInSysfs() {
  std::map<std::string, std::vector<uint64_t>> all;
  for (const std::string &line :
       lines_of(command_output("cd /sys/class/block && for d in *; do echo $d $(cat $d/stat); done"))) {
    const std::vector<std::string> fields = fields_of(line);
    for (size_t i = 1; i < fields.size(); i++) all[fields[0]].push_back(std::stoull(fields[i]));
  }
  return all;
}

TEST(LinuxDisk, IoIsBracketedBySysfs) {
  Context context;
  List<sonde_disk_io_list> list;
  auto before = StatsInSysfs();
  const sonde_status status = sonde_disk_io_list_get(context, &list);
  auto after = StatsInSysfs();
  if (before.empty()) GTEST_SKIP() << "there is no /sys/class/block";
  if (status == SONDE_ERR_OS) GTEST_SKIP() << "neither /proc/diskstats nor /sys/block: " << context.error();
  ASSERT_EQ(status, SONDE_OK) << context.error();
  EXPECT_EQ(list.bad, 0u);
  EXPECT_EQ(list.count, before.size());
  for (const sonde_disk_io &row : list) {
    std::string name = text(row.name);
    for (char &c : name) c = c == '/' ? '!' : c;
    const std::vector<uint64_t> &low = before[name], &high = after[name];
    ASSERT_GE(low.size(), 11u) << name;
    ASSERT_EQ(low.size(), high.size()) << name;
    const auto between = [&](size_t column, uint64_t unit, uint64_t value) {
      EXPECT_LE(low[column] * unit, value) << name << " column " << column;
      EXPECT_GE(high[column] * unit, value) << name << " column " << column;
    };
    between(0, 1, row.read_count), between(1, 1, row.read_merged), between(2, 512, row.read_bytes);
    between(3, 1000000, row.read_time), between(4, 1, row.write_count), between(5, 1, row.write_merged);
    between(6, 512, row.write_bytes), between(7, 1000000, row.write_time);
    EXPECT_EQ((row.valid & SONDE_DISK_IO_DISCARD) != 0, low.size() >= 15) << name;
    EXPECT_EQ((row.valid & SONDE_DISK_IO_FLUSH) != 0, low.size() >= 17) << name;
    if (low.size() >= 15) between(11, 1, row.discard_count), between(13, 512, row.discard_bytes);
    if (low.size() >= 17) between(15, 1, row.flush_count);
    EXPECT_EQ(row.partition, access(("/sys/class/block/" + name + "/partition").c_str(), F_OK) == 0) << name;
  }
}

// ---- Devices

std::string Device(const sonde_disk_device &row) {
  static const char *const kinds[] = {"-", "hdd", "ssd", "optical", "floppy", "ram", "virtual"};
  std::string all = text(row.name) + "<" + text(row.parent);
  if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
  if (row.valid & SONDE_DISK_DEVICE_DEV)
    all += " " + std::to_string(row.dev_major) + ":" + std::to_string(row.dev_minor);
  if (row.valid & SONDE_DISK_DEVICE_SIZE) all += " " + std::to_string(row.size);
  if (row.valid & SONDE_DISK_DEVICE_KIND) all += std::string(" ") + kinds[row.kind];
  if (row.valid & SONDE_DISK_DEVICE_REMOVABLE) all += row.removable ? " rm" : " fixed";
  if (row.valid & SONDE_DISK_DEVICE_READ_ONLY) all += row.read_only ? " ro" : " rw";
  if (row.valid & SONDE_DISK_DEVICE_BLOCK_SIZES) {
    all += " " + std::to_string(row.logical_block_size) + "/" + std::to_string(row.physical_block_size);
  }
  return all + " [" + text(row.vendor) + "|" + text(row.model) + "|" + text(row.serial) + "|" + text(row.firmware) +
         "|" + text(row.wwn) + "]";
}

TEST(LinuxDisk, DevicesOfAMadeUpMachine) {
  Tree tree;
  const std::string sata = "sys/devices/pci0/ata1/block/sda/";
  tree.write(sata + "uevent", "MAJOR=8\nMINOR=0\nDEVNAME=sda\nDEVTYPE=disk\n").write(sata + "size", "3907029168\n");
  tree.write(sata + "ro", "0\n").write(sata + "removable", "0\n").write(sata + "queue/rotational", "1\n");
  tree.write(sata + "queue/logical_block_size", "512\n").write(sata + "queue/physical_block_size", "4096\n");
  tree.write(sata + "device/vendor", "ATA     \n").write(sata + "device/model", "WDC WD20EFRX-68E\n");
  tree.write(sata + "device/rev", "0A82\n").write(sata + "device/wwid", "naa.50014ee2b1234567\n");
  tree.write(sata + "device/vpd_pg80", std::string("\0\x80\0\x14     WD-WCC4N1234567", 24));
  tree.write(sata + "sda1/uevent", "MAJOR=8\nMINOR=1\nDEVNAME=sda1\nDEVTYPE=partition\nPARTN=1\n");
  tree.write(sata + "sda1/size", "2048\n").write(sata + "sda1/ro", "1\n").write(sata + "sda1/partition", "1\n");
  tree.link("sys/class/block/sda", "../../devices/pci0/ata1/block/sda");
  tree.link("sys/class/block/sda1", "../../devices/pci0/ata1/block/sda/sda1");
  const std::string nvme = "sys/class/block/nvme0n1/";
  tree.write(nvme + "uevent", "MAJOR=259\nMINOR=0\nDEVNAME=nvme0n1\nDEVTYPE=disk\n")
      .write(nvme + "size", "1000215216\n");
  tree.write(nvme + "ro", "0\n").write(nvme + "removable", "0\n").write(nvme + "queue/rotational", "0\n");
  tree.write(nvme + "device/model", "Samsung SSD 970 EVO 500GB               \n");
  tree.write(nvme + "device/serial", "S466NX0K123456      \n").write(nvme + "device/firmware_rev", "2B2QEXE7\n");
  tree.write(nvme + "wwid", "eui.0025385281b12345\n");
  tree.write("sys/class/block/loop0/uevent", "MAJOR=7\nMINOR=0\n")
      .write("sys/class/block/loop0/size", "36028797018963968\n");
  tree.write("sys/class/block/sr0/removable", "1\n").write("sys/class/block/zram0/ro", "x\n");
  tree.write("sys/class/block/cciss!c0d0/uevent", "MAJOR=x\n");
  tree.write("sys/class/block/mdx/size", "0\n");
  Context context(tree.options());
  List<sonde_disk_device_list> list;
  ASSERT_EQ(sonde_disk_device_list_get(context, &list), SONDE_OK) << context.error();
  std::map<std::string, std::string> got;
  for (const sonde_disk_device &row : list) got[text(row.name)] = Device(row);
  const std::map<std::string, std::string> expected = {
      {"sda",
       "sda< 8:0 2000398934016 hdd fixed rw 512/4096 [ATA|WDC WD20EFRX-68E|WD-WCC4N1234567|0A82|naa.50014ee2b1234567]"},
      {"sda1", "sda1<sda 8:1 1048576 hdd fixed ro 512/4096 [||||]"},
      {"nvme0n1",
       "nvme0n1< 259:0 512110190592 ssd fixed rw [|Samsung SSD 970 EVO "
       "500GB|S466NX0K123456|2B2QEXE7|eui.0025385281b12345]"},
      {"loop0", "loop0< 7:0 virtual [||||]"},
      {"sr0", "sr0< optical rm [||||]"},
      {"zram0", "zram0< ram [||||]"},
      {"cciss/c0d0", "cciss/c0d0< SONDE_ERR_PARSE [||||]"},
      {"mdx", "mdx< 0 [||||]"},
  };
  EXPECT_EQ(got, expected);
  EXPECT_EQ(list.bad, 1u);
}

// name type mapped_name backing_file members
std::string Layer(const sonde_disk_device &row) {
  std::string all = text(row.type) + "|" + text(row.mapped_name) + "|" + text(row.backing_file) + "|";
  for (size_t i = 0; i < row.num_members; i++) all += (i == 0 ? "" : " ") + text(row.members[i]);
  if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
  return all;
}

TEST(LinuxDisk, WhatIsMadeOfWhat) {
  Tree tree;
  const std::string block = "sys/class/block/";
  tree.write(block + "dm-0/dm/name", "vg-root\n")
      .write(block + "dm-0/dm/uuid", "LVM-8Rs3EM9j2NkkxKYqpxHmQKS1Zp7cGdUk\n")
      .mkdir(block + "dm-0/slaves/sdb2")
      .mkdir(block + "dm-0/slaves/md0")
      .mkdir(block + "dm-0/slaves/cciss!c0d0p1")
      .write(block + "dm-1/dm/name", "luks-1\n")
      .write(block + "dm-1/dm/uuid", "CRYPT-LUKS2-0123-luks-1\n")
      .mkdir(block + "dm-1/slaves/nvme0n1p3")
      .write(block + "dm-2/dm/uuid", "\n")
      .write(block + "md0/md/level", "raid1\n")
      .mkdir(block + "md0/slaves/sda1")
      .mkdir(block + "md0/slaves/sdb1")
      .mkdir(block + "md127/slaves")
      .write(block + "loop0/loop/backing_file", "/var/a b.img (deleted)\n")
      .mkdir(block + "loop1")
      .write(block + "sr0/removable", "1\n")
      .mkdir(block + "sda/slaves/never_looked_at")
      .mkdir(block + "zram0")
      .write(block + "sda1/uevent", "DEVTYPE=partition\n")
      .write(block + "bcache0/slaves", "a file");
  Context context(tree.options());
  List<sonde_disk_device_list> list;
  ASSERT_EQ(sonde_disk_device_list_get(context, &list), SONDE_OK) << context.error();
  std::map<std::string, std::string> got;
  for (const sonde_disk_device &row : list) got[text(row.name)] = Layer(row);
  const std::map<std::string, std::string> expected = {
      {"dm-0", "lvm|vg-root||cciss/c0d0p1 md0 sdb2"},
      {"dm-1", "crypt|luks-1||nvme0n1p3"},
      {"dm-2", "dm|||"},
      {"md0", "raid1|||sda1 sdb1"},
      {"md127", "md|||"},
      {"loop0", "loop||/var/a b.img (deleted)|"},
      {"loop1", "loop|||"},
      {"sr0", "rom|||"},
      {"sda", "disk|||"},
      {"sda1", "part|||"},
      {"zram0", "disk|||"},
      {"bcache0", "disk|||"},
  };
  EXPECT_EQ(got, expected);
  EXPECT_EQ(list.bad, 0u);

  sonde_test::RefusingOs os;
  tree.options()->os_override = os.override();
  Context refused(tree.options());
  os.refuse("slaves", EACCES);
  ASSERT_EQ(sonde_disk_device_list_get(refused, &list), SONDE_OK) << refused.error();
  for (const sonde_disk_device &row : list) {
    EXPECT_EQ(row.status, row.kind == SONDE_DISK_KIND_VIRTUAL ? SONDE_ERR_ACCESS : SONDE_OK) << text(row.name);
    EXPECT_EQ(row.num_members, 0u);
  }
  os.refuse("slaves", EMFILE);
  EXPECT_EQ(sonde_disk_device_list_get(refused, &list), SONDE_ERR_OS);
}

TEST(LinuxDisk, LabelsOfUdev) {
  Tree tree;
  tree.mkdir("sys/class/block/sda").mkdir("sys/class/block/sda1").mkdir("sys/class/block/dm-0");
  tree.mkdir("sys/class/block/cciss!c0d0p1");
  tree.link("dev/disk/by-label/My\\x20Disk", "../../sda1")
      .link("dev/disk/by-label/array", "../../cciss/c0d0p1")
      .link("dev/disk/by-label/gone", "../../sdz1")
      .write("dev/disk/by-label/no link", "")
      .link("dev/disk/by-uuid/0123-ABCD", "../../sda1")
      .link("dev/disk/by-uuid/e1b2", "../../dm-0");
  Context context(tree.options());
  List<sonde_disk_device_list> list;
  const auto read = [&list] {
    std::map<std::string, std::string> got;
    for (const sonde_disk_device &row : list) got[text(row.name)] = text(row.label) + "|" + text(row.uuid);
    return got;
  };
  ASSERT_EQ(sonde_disk_device_list_get(context, &list), SONDE_OK) << context.error();
  std::map<std::string, std::string> expected = {
      {"sda", "|"}, {"sda1", "My Disk|0123-ABCD"}, {"dm-0", "|e1b2"}, {"cciss/c0d0p1", "array|"}};
  EXPECT_EQ(read(), expected);
  EXPECT_EQ(list.bad, 0u);
  sonde_test::RefusingOs os;
  os.refuse("disk/by-label", EACCES);
  tree.options()->os_override = os.override();
  Context refused(tree.options());
  ASSERT_EQ(sonde_disk_device_list_get(refused, &list), SONDE_OK) << refused.error();
  expected["sda1"] = "|0123-ABCD", expected["cciss/c0d0p1"] = "|";
  EXPECT_EQ(read(), expected);
  os.refuse("disk/by-uuid", EMFILE);
  EXPECT_EQ(sonde_disk_device_list_get(refused, &list), SONDE_ERR_OS);
}

TEST(LinuxDisk, ALoopDeviceMadeForIt) {
  Tree tree;
  const std::string image = tree.at("an image");
  tree.write("an image", std::string(1 << 20, '\0'));
  std::string device = command_output("losetup --find --show '" + image + "'");
  if (device.empty()) GTEST_SKIP() << "no loop device can be made";
  device.pop_back();
  Context context;
  List<sonde_disk_device_list> list;
  const sonde_status status = sonde_disk_device_list_get(context, &list);
  command_output("losetup --detach " + device);
  ASSERT_EQ(status, SONDE_OK) << context.error();
  bool found = false;
  for (const sonde_disk_device &row : list) {
    if ("/dev/" + text(row.name) != device) continue;
    found = true;
    EXPECT_EQ(text(row.backing_file), image);
    EXPECT_EQ(row.size, uint64_t{1} << 20);
    EXPECT_EQ(text(row.type), "loop");
  }
  EXPECT_TRUE(found) << device;
}

TEST(LinuxDisk, OneBlockSizeIsNotTold) {
  for (const char *file : {"logical_block_size", "physical_block_size"}) {
    Tree tree;
    tree.write("sys/block/a/uevent", "").write(std::string("sys/block/a/queue/") + file, "512\n");
    Context context(tree.options());
    List<sonde_disk_device_list> list;
    ASSERT_EQ(sonde_disk_device_list_get(context, &list), SONDE_OK) << context.error();
    ASSERT_EQ(list.count, 1u);
    EXPECT_FALSE(list[0].valid & SONDE_DISK_DEVICE_BLOCK_SIZES) << file;
    EXPECT_EQ(list[0].logical_block_size + list[0].physical_block_size, 0u) << file;
  }
}

TEST(LinuxDisk, NoDevices) {
  Tree tree;
  Context context(tree.options());
  List<sonde_disk_device_list> list;
  EXPECT_EQ(sonde_disk_device_list_get(context, &list), SONDE_ERR_OS);
  tree.mkdir("sys/block");
  EXPECT_EQ(sonde_disk_device_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list.count, 0u);
}

TEST(LinuxDisk, DevicesAreThoseOfLsblk) {
  const std::string told = command_output(
      "lsblk --all --bytes --raw --noheadings --output KNAME,MAJ:MIN,SIZE,RO,RM,ROTA,LOG-SEC,PHY-SEC,TYPE");
  Context context;
  List<sonde_disk_device_list> list;
  const sonde_status status = sonde_disk_device_list_get(context, &list);
  if (told.empty()) GTEST_SKIP() << "there is no lsblk, or no block device";
  ASSERT_EQ(status, SONDE_OK) << context.error();
  EXPECT_EQ(list.bad, 0u);
  std::map<std::string, std::vector<std::string>> expected;
  for (const std::string &line : lines_of(told)) expected[fields_of(line)[0]] = fields_of(line);
  size_t compared = 0;
  for (const sonde_disk_device &row : list) {
    const auto found = expected.find(text(row.name));
    if (found == expected.end()) continue; /* lsblk leaves RAM disks out */
    const std::vector<std::string> &fields = found->second;
    ASSERT_GE(fields.size(), 9u) << text(row.name);
    EXPECT_EQ(std::to_string(row.dev_major) + ":" + std::to_string(row.dev_minor), fields[1]);
    EXPECT_EQ(std::to_string(row.size), fields[2].empty() ? "0" : fields[2]) << fields[0];
    EXPECT_EQ(row.read_only, fields[3] == "1") << fields[0];
    EXPECT_EQ(row.removable, fields[4] == "1") << fields[0];
    if (row.kind == SONDE_DISK_KIND_HDD || row.kind == SONDE_DISK_KIND_SSD) {
      EXPECT_EQ(row.kind == SONDE_DISK_KIND_HDD, fields[5] == "1") << fields[0];
    }
    EXPECT_EQ(std::to_string(row.logical_block_size), fields[6]) << fields[0];
    EXPECT_EQ(std::to_string(row.physical_block_size), fields[7]) << fields[0];
    EXPECT_EQ(row.parent.len > 0, fields[8] == "part") << fields[0];
    EXPECT_EQ(text(row.type), fields[8]) << fields[0];
    compared++;
  }
  EXPECT_EQ(compared, expected.size());
}

TEST(LinuxDisk, NothingStaysOpen) {
  Context context;
  List<sonde_disk_partition_list> partitions;
  List<sonde_disk_io_list> io;
  List<sonde_disk_device_list> devices;
  const auto before = sonde_test::open_descriptors();
  for (int i = 0; i < 3; i++) {
    EXPECT_EQ(sonde_disk_partition_list_get(context, &partitions, i % 2 == 0), SONDE_OK) << context.error();
    sonde_disk_io_list_get(context, &io);
    sonde_disk_device_list_get(context, &devices);
  }
  EXPECT_EQ(sonde_test::open_descriptors(), before);
}

}  // namespace
