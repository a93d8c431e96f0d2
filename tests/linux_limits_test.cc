// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sonde/sonde.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Child;
using sonde_test::Context;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

const char kMountsV2[] = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
const char kMountsV1[] =
    "31 23 0:28 / /sys/fs/cgroup ro shared:5 - tmpfs tmpfs ro,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:6 - cgroup cgroup rw,cpu,cpuacct\n"
    "33 31 0:31 / /sys/fs/cgroup/cpuset rw shared:7 - cgroup cgroup rw,cpuset\n"
    "34 31 0:32 / /sys/fs/cgroup/memory rw shared:8 - cgroup cgroup rw,memory\n"
    "35 31 0:35 / /sys/fs/cgroup/blkio rw shared:9 - cgroup cgroup rw,blkio\n"
    "36 31 0:36 / /sys/fs/cgroup/pids rw shared:10 - cgroup cgroup rw,pids\n"
    "37 31 0:37 / /sys/fs/cgroup/systemd rw shared:11 - cgroup cgroup rw,xattr,name=systemd\n";
const char kUnlimitedV1[] = "9223372036854771712\n";

TEST(LinuxLimits, Version2) {
  Tree tree;
  tree.write("proc/self/mountinfo", kMountsV2)
      .write("proc/42/cgroup", "0::/work.slice/job a/leaf\n")
      .write("sys/fs/cgroup/cpuset.cpus.effective", "0-63\n")
      .write("sys/fs/cgroup/work.slice/memory.max", "1000000\n")
      .write("sys/fs/cgroup/work.slice/memory.high", "max\n")
      .write("sys/fs/cgroup/work.slice/memory.swap.max", "5000\n")
      .write("sys/fs/cgroup/work.slice/cpu.max", "150000 100000\n")
      .write("sys/fs/cgroup/work.slice/pids.max", "max\n")
      .write("sys/fs/cgroup/work.slice/cpuset.cpus.effective", "0-3,8\n")
      .write("sys/fs/cgroup/work.slice/job a/memory.max", "2000000\n")
      .write("sys/fs/cgroup/work.slice/job a/memory.high", "900000\n")
      .write("sys/fs/cgroup/work.slice/job a/cpu.max", "max 100000\n")
      .write("sys/fs/cgroup/work.slice/job a/pids.max", "77\n");
  const std::string leaf = "sys/fs/cgroup/work.slice/job a/leaf/";
  tree.write(leaf + "memory.max", "max\n")
      .write(leaf + "memory.high", "max\n")
      .write(leaf + "memory.swap.max", "0\n")
      .write(leaf + "memory.current", "12345\n")
      .write(leaf + "memory.swap.current", "17\n")
      .write(leaf + "memory.stat", "anon 1\nfile 2\nkernel 9\ninactive_file 3\n")
      .write(leaf + "memory.events", "low 0\nhigh 0\nmax 8\noom 2\noom_kill 1\n")
      .write(leaf + "cpu.max", "400000 200000\n")
      .write(leaf + "cpu.stat",
             "usage_usec 5000\nuser_usec 3000\nsystem_usec 2000\nnr_periods 10\nnr_throttled 4\nthrottled_usec 6\n")
      .write(leaf + "pids.current", "3\n")
      .write(leaf + "pids.max", "100\n")
      .write(leaf + "io.stat", "8:0 rbytes=10 wbytes=20 rios=1 wios=2\n8:16 \n8:32 rbytes=1 wbytes=2 rios=3 wios=4\n");
  Context context(tree.options());
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.version, 2u);
  EXPECT_EQ(text(got.path), "/work.slice/job a/leaf");
  EXPECT_EQ(got.valid, (uint64_t{1} << 14) - 1) << "everything is told";
  EXPECT_EQ(got.memory_usage, 12345u);
  EXPECT_EQ(got.memory_limit, 1000000u) << "the grandparent's";
  EXPECT_EQ(got.memory_high, 900000u) << "the parent's";
  EXPECT_EQ(got.memory_anon, 1u);
  EXPECT_EQ(got.memory_file, 2u);
  EXPECT_EQ(got.memory_inactive_file, 3u);
  EXPECT_EQ(got.swap_usage, 17u);
  EXPECT_EQ(got.swap_limit, 0u);
  EXPECT_EQ(got.cpu_limit, 1.5);
  EXPECT_EQ(got.cpu_usage, 5000000u);
  EXPECT_EQ(got.cpu_user, 3000000u);
  EXPECT_EQ(got.cpu_system, 2000000u);
  EXPECT_EQ(got.cpu_periods, 10u);
  EXPECT_EQ(got.cpu_throttled_periods, 4u);
  EXPECT_EQ(got.cpu_throttled_time, 6000u);
  EXPECT_EQ(got.pids_current, 3u);
  EXPECT_EQ(got.pids_limit, 77u);
  EXPECT_EQ(got.oom_kills, 1u);
  EXPECT_EQ(std::vector<uint32_t>(got.cpuset, got.cpuset + got.cpuset_len), (std::vector<uint32_t>{0, 1, 2, 3, 8}))
      << "the grandparent's: the controller is not enabled further down";
  EXPECT_EQ(got.io_read_bytes, 11u);
  EXPECT_EQ(got.io_write_bytes, 22u);
  EXPECT_EQ(got.io_read_count, 4u);
  EXPECT_EQ(got.io_write_count, 6u);
}

TEST(LinuxLimits, Version1) {
  Tree tree;
  tree.write("proc/self/mountinfo", kMountsV1)
      .write("proc/42/cgroup",
             "9:name=systemd:/x\n8:pids:/p/q\n7:blkio:/b\n4:memory:/m/n\n3:cpuset:/s\n2:cpu,cpuacct:/c/d\n")
      .write("sys/fs/cgroup/pids/p/pids.max", "50\n")
      .write("sys/fs/cgroup/pids/p/q/pids.max", "max\n")
      .write("sys/fs/cgroup/pids/p/q/pids.current", "2\n")
      .write("sys/fs/cgroup/cpuset/s/cpuset.cpus", "1,3\n")
      .write("sys/fs/cgroup/cpu,cpuacct/cpu.shares", "1024\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "50000\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us", "100000\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/d/cpu.cfs_quota_us", "-1\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/d/cpu.cfs_period_us", "100000\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/d/cpu.stat", "nr_periods 5\nnr_throttled 1\nthrottled_time 999\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/d/cpuacct.usage", "123456789\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/d/cpuacct.stat", "user 7\nsystem 5\n")
      .write("sys/fs/cgroup/blkio/b/blkio.throttle.io_service_bytes",
             "8:0 Read 100\n8:0 Write 200\n8:0 Total 300\n8:16 Read 1\nTotal 301\n")
      .write("sys/fs/cgroup/blkio/b/blkio.throttle.io_serviced", "8:0 Read 3\n8:0 Write 4\n8:0 Total 7\nTotal 7\n")
      .write("sys/fs/cgroup/memory/m/memory.limit_in_bytes", "500000\n")
      .write("sys/fs/cgroup/memory/m/n/memory.limit_in_bytes", kUnlimitedV1)
      .write("sys/fs/cgroup/memory/m/n/memory.usage_in_bytes", "777\n")
      .write("sys/fs/cgroup/memory/m/n/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 6\n")
      .write("sys/fs/cgroup/memory/m/n/memory.stat",
             "cache 1\nrss 2\ninactive_file 3\nhierarchical_memory_limit 500000\nhierarchical_memsw_limit 700000\n"
             "total_cache 11\ntotal_rss 12\ntotal_swap 14\ntotal_inactive_file 13\n");
  Context context(tree.options());
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.version, 1u);
  EXPECT_EQ(text(got.path), "/m/n");
  EXPECT_EQ(got.valid, ((uint64_t{1} << 14) - 1) & ~uint64_t{SONDE_CGROUP_MEMORY_HIGH});
  EXPECT_EQ(got.memory_usage, 777u);
  EXPECT_EQ(got.memory_limit, 500000u);
  EXPECT_EQ(got.memory_anon, 12u);
  EXPECT_EQ(got.memory_file, 11u);
  EXPECT_EQ(got.memory_inactive_file, 13u);
  EXPECT_EQ(got.swap_usage, 14u);
  EXPECT_EQ(got.swap_limit, 200000u) << "of memory and swap together, what is not memory";
  EXPECT_EQ(got.cpu_limit, 0.5);
  EXPECT_EQ(got.cpu_usage, 123456789u);
  const uint64_t tick = SONDE_NSEC_PER_SEC / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  EXPECT_EQ(got.cpu_user, 7 * tick);
  EXPECT_EQ(got.cpu_system, 5 * tick);
  EXPECT_EQ(got.cpu_periods, 5u);
  EXPECT_EQ(got.cpu_throttled_periods, 1u);
  EXPECT_EQ(got.cpu_throttled_time, 999u);
  EXPECT_EQ(got.pids_current, 2u);
  EXPECT_EQ(got.pids_limit, 50u);
  EXPECT_EQ(got.oom_kills, 6u);
  EXPECT_EQ(std::vector<uint32_t>(got.cpuset, got.cpuset + got.cpuset_len), (std::vector<uint32_t>{1, 3}));
  EXPECT_EQ(got.io_read_bytes, 101u);
  EXPECT_EQ(got.io_write_bytes, 200u);
  EXPECT_EQ(got.io_read_count, 3u);
  EXPECT_EQ(got.io_write_count, 4u);

  // A kernel whose memory.stat does not tell the lowest limit: the way up does.
  tree.write("sys/fs/cgroup/memory/m/n/memory.stat", "cache 1\nrss 2\ninactive_file 3\n");
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.memory_limit, 500000u);
  EXPECT_EQ(got.valid & (SONDE_CGROUP_SWAP_LIMIT | SONDE_CGROUP_SWAP_USAGE), 0u);
  EXPECT_EQ(got.memory_anon, 2u);
  EXPECT_EQ(got.memory_file, 1u);

  // Nothing limits.
  tree.write("sys/fs/cgroup/memory/m/n/memory.stat",
             std::string("hierarchical_memory_limit ") + kUnlimitedV1 + "hierarchical_memsw_limit " + kUnlimitedV1);
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid & (SONDE_CGROUP_MEMORY_LIMIT | SONDE_CGROUP_SWAP_LIMIT | SONDE_CGROUP_MEMORY_DETAIL), 0u);
  EXPECT_EQ(got.memory_limit, 0u);
}

TEST(LinuxLimits, HybridTakesEachControllerWhereItIs) {
  Tree tree;
  tree.write("proc/self/mountinfo",
             "34 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
             "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
      .write("proc/42/cgroup", "4:memory:/m\n1:name=systemd:/u\n0::/u\n")
      .write("sys/fs/cgroup/memory/m/memory.usage_in_bytes", "10\n")
      .write("sys/fs/cgroup/unified/u/memory.current", "99\n")
      .write("sys/fs/cgroup/unified/u/pids.current", "5\n")
      .write("sys/fs/cgroup/unified/u/cpu.stat", "usage_usec 2\nuser_usec 1\nsystem_usec 1\n");
  Context context(tree.options());
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.version, 12u);
  EXPECT_EQ(text(got.path), "/u");
  EXPECT_EQ(got.valid, uint64_t{SONDE_CGROUP_MEMORY_USAGE | SONDE_CGROUP_PIDS_CURRENT | SONDE_CGROUP_CPU_USAGE});
  EXPECT_EQ(got.memory_usage, 10u);
  EXPECT_EQ(got.pids_current, 5u);
  EXPECT_EQ(got.cpu_usage, 2000u);
}

TEST(LinuxLimits, PathsAreRelativeToWhatIsMounted) {
  Tree tree;
  tree.write("sys/fs/cgroup/memory.max", "100\n")
      .write("sys/fs/cgroup/memory.current", "1\n")
      .write("sys/fs/cgroup/below/memory.max", "50\n")
      .write("sys/fs/cgroup/below/memory.current", "2\n")
      .write("host/cg roup/docker/x/below/memory.max", "70\n")
      .write("host/cg roup/docker/x/below/memory.current", "3\n")
      .write("host/cg roup/docker/memory.max", "20\n");
  const auto mounts = [](const std::string &root) {
    return "30 23 0:26 " + root + " /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
  };
  const struct {
    const char *origin;
    std::string mounts, path;
    uint64_t valid, usage, limit;
  } rows[] = {
      {"a private namespace", mounts("/"), "/", SONDE_CGROUP_MEMORY_USAGE | SONDE_CGROUP_MEMORY_LIMIT, 1, 100},
      {"a container without a namespace", mounts("/docker/x"), "/docker/x",
       SONDE_CGROUP_MEMORY_USAGE | SONDE_CGROUP_MEMORY_LIMIT, 1, 100},
      {"the same, a group further down", mounts("/docker/x"), "/docker/x/below",
       SONDE_CGROUP_MEMORY_USAGE | SONDE_CGROUP_MEMORY_LIMIT, 2, 50},
      {"another container's process", mounts("/docker/x"), "/docker/y", 0, 0, 0},
      {"a process outside of the namespace", mounts("/"), "/../y", 0, 0, 0},
      {"a mount from outside of the namespace", mounts("/.."), "/", 0, 0, 0},
      {"the mount that shows most ancestors, with a blank in its name",
       mounts("/docker/x") + "31 23 0:26 / /host/cg\\040roup rw - cgroup2 cgroup2 rw\n", "/docker/x/below",
       SONDE_CGROUP_MEMORY_USAGE | SONDE_CGROUP_MEMORY_LIMIT, 3, 20},
      {"a group that is gone: its ancestors' limits still hold", mounts("/"), "/below/gone/too (deleted)",
       SONDE_CGROUP_MEMORY_LIMIT, 0, 50},
      {"nothing mounted", "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n", "/", 0, 0, 0},
      {"no mountinfo at all", "", "/", 0, 0, 0},
  };
  Context context(tree.options());
  for (const auto &row : rows) {
    tree.remove("proc").write("proc/42/cgroup", "0::" + row.path + "\n");
    if (!row.mounts.empty()) tree.write("proc/1/mountinfo", row.mounts);
    List<sonde_cgroup> got;
    ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << row.origin << ": " << context.error();
    EXPECT_EQ(got.valid, row.valid) << row.origin;
    EXPECT_EQ(got.memory_usage, row.usage) << row.origin;
    EXPECT_EQ(got.memory_limit, row.limit) << row.origin;
    EXPECT_EQ(text(got.path), row.path) << row.origin;
  }
}

// What is mounted below /sys lies below our sysfs; a name that only begins so, and all else, below our root.
TEST(LinuxLimits, WhatIsMountedBelowSys) {
  Tree tree;
  tree.write("elsewhere/memory.current", "1\n")
      .write("elsewhere/fs/cgroup/memory.current", "2\n")
      .write("system/cgroup/memory.current", "3\n")
      .write("sys/memory.current", "4\n")
      .write("sys/fs/cgroup/memory.current", "5\n")
      .write("elsewheretem/cgroup/memory.current", "6\n")
      .write("proc/42/cgroup", "0::/\n");
  const std::string sysfs = tree.path() + "/elsewhere";
  tree.options()->sysfs = sysfs.c_str();
  Context context(tree.options());
  const std::pair<const char *, uint64_t> rows[] = {{"/sys", 1}, {"/sys/fs/cgroup", 2}, {"/system/cgroup", 3}};
  for (const auto &row : rows) {
    tree.write("proc/1/mountinfo", std::string("30 23 0:26 / ") + row.first + " rw - cgroup2 cgroup2 rw\n");
    List<sonde_cgroup> got;
    ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
    EXPECT_EQ(got.memory_usage, row.second) << row.first;
  }
}

TEST(LinuxLimits, TimesOfUserAndSystemAloneAreNoUsage) {
  Tree tree;
  tree.write("proc/self/mountinfo", kMountsV1)
      .write("proc/42/cgroup", "2:cpu,cpuacct:/c\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/cpuacct.stat", "user 7\nsystem 5\n");
  Context context(tree.options());
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, 0u);
  EXPECT_EQ(got.cpu_user + got.cpu_system, 0u);
}

TEST(LinuxLimits, BadFilesLoseOnlyTheirFields) {
  Tree tree;
  tree.write("proc/self/mountinfo", std::string("garbage\n") + kMountsV2)
      .write("proc/42/cgroup", "garbage\n0::/a\n")
      .write("sys/fs/cgroup/a/memory.current", "what\n")
      .write("sys/fs/cgroup/a/memory.max", "64M\n")
      .write("sys/fs/cgroup/memory.max", "5000\n")
      .write("sys/fs/cgroup/a/cpu.max", "1 0\n")
      .write("sys/fs/cgroup/a/cpu.stat", "usage_usec 18446744073709551615\nnr_periods 1\n")
      .write("sys/fs/cgroup/a/io.stat", "8:0 rbytes=18446744073709551615\n8:1 rbytes=1\n")
      .write("sys/fs/cgroup/a/cpuset.cpus.effective", "3-1\n")
      .write("sys/fs/cgroup/a/memory.stat", "anon 1\n")
      .write("sys/fs/cgroup/a/pids.current", "4\n");
  Context context(tree.options());
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, uint64_t{SONDE_CGROUP_PIDS_CURRENT | SONDE_CGROUP_MEMORY_LIMIT});
  EXPECT_EQ(got.pids_current, 4u);
  EXPECT_EQ(got.memory_limit, 5000u);

  tree.write("sys/fs/cgroup/a/io.stat", "8:0 rbytes=1\n8:1 rbytes=x\n");
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_FALSE(got.valid & SONDE_CGROUP_IO) << "half a sum is none";

  tree.write("proc/self/mountinfo", kMountsV1)
      .write("proc/42/cgroup", "7:blkio:/b\n2:cpu,cpuacct:/c\n")
      .write("sys/fs/cgroup/blkio/b/blkio.throttle.io_service_bytes", "8:0 Read 1\n8:0 Write\n")
      .write("sys/fs/cgroup/blkio/b/blkio.throttle.io_serviced", "8:0 Read 1\n8:0 Write 1\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "1\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us", "0\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/cpuacct.usage", "1\n")
      .write("sys/fs/cgroup/cpu,cpuacct/c/cpuacct.stat", "user\nsystem 18446744073709551615\n");
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, uint64_t{SONDE_CGROUP_CPU_USAGE});
  EXPECT_EQ(got.cpu_usage, 1u);
  EXPECT_EQ(got.cpu_user + got.cpu_system, 0u);
}

// What only the OS's errors can tell: limits that may not be read are no limits that are not there, and running out of
// descriptors fails the call.
TEST(LinuxLimits, RefusedFiles) {
  Tree tree;
  tree.write("proc/self/mountinfo", kMountsV2)
      .write("proc/42/cgroup", "0::/a/b\n")
      .write("sys/fs/cgroup/a/memory.max", "100\n")
      .write("sys/fs/cgroup/a/b/memory.max", "50\n")
      .write("sys/fs/cgroup/a/b/memory.current", "7\n")
      .write("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n")
      .write("proc/pressure/io", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n");
  sonde_test::RefusingOs os;
  tree.options()->os_override = os.override();
  Context context(tree.options());
  List<sonde_cgroup> got;
  os.refuse("b/memory.max", EACCES).refuse("memory.max", EACCES);
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, uint64_t{SONDE_CGROUP_MEMORY_USAGE});
  os.refuse("memory.max", EMFILE);
  EXPECT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_ERR_OS);
  EXPECT_EQ(got.memory_usage, 7u) << "untouched";
  os.refuse("/a/b", EACCES).refuse("memory.max", ENOENT);
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, 0u);
  os.refuse("42/cgroup", EACCES);
  EXPECT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_ERR_ACCESS);

  List<sonde_pressure_list> pressure;
  os.refuse("pressure/cpu", EOPNOTSUPP).refuse("pressure/io", EACCES);
  ASSERT_EQ(sonde_pressure_list_get(context, &pressure, nullptr), SONDE_OK) << context.error();
  ASSERT_EQ(pressure.count, 1u);
  EXPECT_EQ(pressure[0].resource, SONDE_PRESSURE_IO);
  EXPECT_EQ(pressure[0].status, SONDE_ERR_ACCESS);
  os.refuse("pressure/io", EOPNOTSUPP);
  EXPECT_EQ(sonde_pressure_list_get(context, &pressure, nullptr), SONDE_ERR_UNSUPPORTED) << "psi=0";
}

TEST(LinuxLimits, NoProcessNoCgroups) {
  Tree tree;
  tree.write("proc/42/stat", "").write("proc/43/cgroup", "").write("proc/44/cgroup", "garbage\n");
  Context context(tree.options());
  List<sonde_cgroup> got;
  EXPECT_EQ(sonde_cgroup_get(context, &got, 41), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_ERR_UNSUPPORTED) << "a kernel without cgroups";
  EXPECT_EQ(sonde_cgroup_get(context, &got, 43), SONDE_ERR_UNSUPPORTED) << "none mounted";
  EXPECT_EQ(sonde_cgroup_get(context, &got, 44), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_cgroup_get(context, &got, 0), SONDE_ERR_UNSUPPORTED) << "a recording has no caller";
  EXPECT_EQ(sonde_cgroup_get(context, &got, -1), SONDE_ERR_INVALID);
  EXPECT_EQ(got.valid, 0u);
}

// A recording tells of its own process, if it holds one.
TEST(LinuxLimits, CpuCount) {
  Tree tree;
  tree.write("sys/devices/system/cpu/online", "0-7\n")
      .write("proc/stat", "cpu  1 1 1 1\ncpu0 1 1 1 1\n")
      .write("proc/1/mountinfo", kMountsV2)
      .write("sys/fs/cgroup/a/cpu.max", "50000 100000\n")
      .write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  Context context(tree.options());
  sonde_cpu_count got = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &got), SONDE_OK) << context.error();
  EXPECT_FALSE(got.valid & SONDE_CPU_COUNT_LIMIT) << "no process of its own";
  tree.write("proc/self/cgroup", "0::/a/b\n");
  ASSERT_EQ(sonde_cpu_count_get(context, &got), SONDE_OK) << context.error();
  EXPECT_TRUE(got.valid & SONDE_CPU_COUNT_LIMIT);
  EXPECT_EQ(got.limit, 0.5);
  tree.write("sys/fs/cgroup/a/cpu.max", "max 100000\n");
  ASSERT_EQ(sonde_cpu_count_get(context, &got), SONDE_OK) << context.error();
  EXPECT_FALSE(got.valid & SONDE_CPU_COUNT_LIMIT) << "nothing limits";
  tree.write("proc/self/cgroup", "garbage\n");
  ASSERT_EQ(sonde_cpu_count_get(context, &got), SONDE_OK) << context.error();
  EXPECT_FALSE(got.valid & SONDE_CPU_COUNT_LIMIT);
}

TEST(LinuxLimits, DeepPath) {
  Tree tree;
  std::string path;
  for (int i = 0; i < 300; i++) path += "/d" + std::to_string(i);
  tree.write("proc/self/mountinfo", kMountsV2)
      .write("proc/42/cgroup", "0::" + path + "\n")
      .write("sys/fs/cgroup/d0/memory.max", "12\n")
      .write("sys/fs/cgroup" + path + "/memory.max", "13\n");
  Context context(tree.options());
  const size_t before = sonde_test::count_descriptors();
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, 42), SONDE_OK) << context.error();
  EXPECT_EQ(got.memory_limit, 12u);
  EXPECT_EQ(sonde_test::count_descriptors(), before);
}

TEST(LinuxLimits, Pressure) {
  Tree tree;
  tree.write("proc/pressure/cpu", "some avg10=1.10 avg60=3.61 avg300=100.00 total=97850176\n")
      .write("proc/pressure/memory",
             "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.50 avg60=0.25 avg300=0.01 total=7\n")
      .write("proc/pressure/io", "garbage\n")
      .write("proc/pressure/irq", "full avg10=2.00 avg60=0.00 avg300=0.00 total=1\n");
  Context context(tree.options());
  List<sonde_pressure_list> got;
  ASSERT_EQ(sonde_pressure_list_get(context, &got, nullptr), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 4u);
  EXPECT_EQ(got.bad, 1u);
  EXPECT_EQ(got[0].resource, SONDE_PRESSURE_CPU);
  EXPECT_EQ(got[0].valid, uint64_t{SONDE_PRESSURE_SOME});
  EXPECT_DOUBLE_EQ(got[0].some_avg10_ratio, 0.011);
  EXPECT_DOUBLE_EQ(got[0].some_avg60_ratio, 0.0361);
  EXPECT_DOUBLE_EQ(got[0].some_avg300_ratio, 1.0);
  EXPECT_EQ(got[0].some_total, 97850176000u);
  EXPECT_EQ(got[1].resource, SONDE_PRESSURE_MEMORY);
  EXPECT_EQ(got[1].valid, uint64_t{SONDE_PRESSURE_SOME | SONDE_PRESSURE_FULL});
  EXPECT_DOUBLE_EQ(got[1].full_avg10_ratio, 0.005);
  EXPECT_DOUBLE_EQ(got[1].full_avg60_ratio, 0.0025);
  EXPECT_DOUBLE_EQ(got[1].full_avg300_ratio, 0.0001);
  EXPECT_EQ(got[1].full_total, 7000u);
  EXPECT_EQ(got[2].resource, SONDE_PRESSURE_IO);
  EXPECT_EQ(got[2].status, SONDE_ERR_PARSE);
  EXPECT_EQ(got[2].valid, 0u);
  EXPECT_EQ(got[3].resource, SONDE_PRESSURE_IRQ);
  EXPECT_EQ(got[3].valid, uint64_t{SONDE_PRESSURE_FULL});

  tree.remove("proc/pressure");
  EXPECT_EQ(sonde_pressure_list_get(context, &got, nullptr), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(got.count, 4u) << "untouched";
}

TEST(LinuxLimits, PressureOfACgroup) {
  Tree tree;
  tree.write("sys/fs/cgroup/a b/memory.pressure", "some avg10=50.00 avg60=0.00 avg300=0.00 total=3\n")
      .mkdir("sys/fs/cgroup/off");
  Context context(tree.options());
  List<sonde_pressure_list> got;
  EXPECT_EQ(sonde_pressure_list_get(context, &got, "/a b"), SONDE_ERR_UNSUPPORTED) << "no version 2";
  tree.write("proc/1/mountinfo", kMountsV2);
  ASSERT_EQ(sonde_pressure_list_get(context, &got, "/a b"), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 1u);
  EXPECT_EQ(got[0].resource, SONDE_PRESSURE_MEMORY);
  EXPECT_DOUBLE_EQ(got[0].some_avg10_ratio, 0.5);
  EXPECT_EQ(sonde_pressure_list_get(context, &got, "/off"), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_pressure_list_get(context, &got, "/gone"), SONDE_ERR_OS);
  EXPECT_EQ(sonde_pressure_list_get(context, &got, "/a b/../../../proc"), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_pressure_list_get(context, &got, "a b"), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_pressure_list_get(context, &got, ""), SONDE_ERR_INVALID);
}

// ---- The running kernel -------------------------------------------------------------------------------------------

std::string Slurp(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

bool Write(const std::string &path, const std::string &bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  close(fd);
  return done;
}

// Where a hierarchy is mounted whole: a word of the super options, or "" for version 2.
std::string MountOf(const std::string &controller) {
  std::istringstream mounts(Slurp("/proc/self/mountinfo"));
  std::string line;
  while (std::getline(mounts, line)) {
    std::istringstream words(line);
    std::string id, parent, device, root, mountpoint, word, fstype, source, options;
    words >> id >> parent >> device >> root >> mountpoint;
    while (words >> word && word != "-") {
    }
    words >> fstype >> source >> options;
    if (root != "/") continue;
    if (controller.empty()
            ? fstype == "cgroup2"
            : fstype == "cgroup" && ("," + options + ",").find("," + controller + ",") != std::string::npos)
      return mountpoint;
  }
  return "";
}

// A directory in a cgroup file system, as long as this object lives.
class Group {
 public:
  explicit Group(std::string path) : path_(std::move(path)) { made_ = mkdir(path_.c_str(), 0755) == 0; }
  Group(const Group &) = delete;
  Group &operator=(const Group &) = delete;
  ~Group() {
    // A process that was reaped leaves its cgroup a moment later.
    for (int i = 0; made_ && rmdir(path_.c_str()) != 0 && errno == EBUSY && i < 1000; i++) usleep(1000);
  }
  bool made() const { return made_; }
  const std::string &path() const { return path_; }
  bool write(const std::string &file, const std::string &bytes) const { return Write(path_ + "/" + file, bytes); }
  std::string read(const std::string &file) const { return Slurp(path_ + "/" + file); }
  uint64_t number(const std::string &file) const { return std::strtoull(read(file).c_str(), nullptr, 10); }

 private:
  std::string path_;
  bool made_ = false;
};

std::string Name() { return "sonde_test_" + std::to_string(getpid()); }

TEST(LinuxLimitsLive, MemoryVersion1) {
  const std::string mount = MountOf("memory");
  if (mount.empty()) GTEST_SKIP() << "no version 1 memory controller is mounted whole";
  Group outer(mount + "/" + Name());
  Group inner(outer.path() + "/in ner:x");
  if (!inner.made()) GTEST_SKIP() << "no right to make cgroups in " << mount;
  Child child = Child::sleeping();
  ASSERT_TRUE(inner.write("cgroup.procs", std::to_string(child.pid())));
  Context context;
  List<sonde_cgroup> got;

  ASSERT_TRUE(inner.write("memory.limit_in_bytes", "134217728"));
  ASSERT_TRUE(outer.write("memory.limit_in_bytes", "67108864"));
  const uint64_t before = inner.number("memory.usage_in_bytes");
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  const uint64_t after = inner.number("memory.usage_in_bytes");
  EXPECT_TRUE(got.valid & SONDE_CGROUP_MEMORY_LIMIT);
  EXPECT_EQ(got.memory_limit, 67108864u) << "the parent's is lower";
  EXPECT_TRUE(got.valid & SONDE_CGROUP_MEMORY_USAGE);
  EXPECT_GE(got.memory_usage, std::min(before, after));
  EXPECT_LE(got.memory_usage, std::max(before, after));
  EXPECT_TRUE(got.valid & SONDE_CGROUP_MEMORY_DETAIL);
  EXPECT_EQ(got.oom_kills, 0u);

  ASSERT_TRUE(inner.write("memory.limit_in_bytes", "33554432"));
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  EXPECT_EQ(got.memory_limit, 33554432u) << "now the own one is";

  ASSERT_TRUE(inner.write("memory.limit_in_bytes", "-1"));
  ASSERT_TRUE(outer.write("memory.limit_in_bytes", "-1"));
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  EXPECT_FALSE(got.valid & SONDE_CGROUP_MEMORY_LIMIT);
  child.end();
}

// A child that eats memory until the kernel kills it: the kill is counted.
TEST(LinuxLimitsLive, OomKillVersion1) {
  const std::string mount = MountOf("memory");
  if (mount.empty()) GTEST_SKIP() << "no version 1 memory controller is mounted whole";
  Group group(mount + "/" + Name());
  if (!group.made()) GTEST_SKIP() << "no right to make cgroups in " << mount;
  if (group.read("memory.oom_control").find("oom_kill ") == std::string::npos) GTEST_SKIP() << "older than Linux 4.13";
  ASSERT_TRUE(group.write("memory.limit_in_bytes", "16777216"));
  if (group.number("memory.memsw.limit_in_bytes") != 0) {
    ASSERT_TRUE(group.write("memory.memsw.limit_in_bytes", "16777216"));
  } else if (Slurp("/proc/swaps").find('\n') + 1 < Slurp("/proc/swaps").size()) {
    GTEST_SKIP() << "it would swap";
  }
  Child watcher = Child::sleeping();
  ASSERT_TRUE(group.write("cgroup.procs", std::to_string(watcher.pid())));
  const pid_t eater = fork();
  if (eater == 0) {
    Write("/proc/self/oom_score_adj", "1000");
    if (!group.write("cgroup.procs", "0")) _exit(1);
    const size_t size = 64 << 20;
    void *const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) _exit(2);
    for (size_t i = 0; i < size; i += 4096) static_cast<volatile char *>(memory)[i] = 1;
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(eater, &status, 0), eater);
  ASSERT_TRUE(WIFSIGNALED(status)) << "not killed: " << status;
  Context context;
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, watcher.pid()), SONDE_OK) << context.error();
  EXPECT_EQ(got.memory_limit, 16777216u);
  EXPECT_TRUE(got.valid & SONDE_CGROUP_OOM_KILLS);
  EXPECT_EQ(got.oom_kills, 1u);
  watcher.end();
}

TEST(LinuxLimitsLive, CpuAndPidsVersion1) {
  const std::string cpu = MountOf("cpu");
  const std::string pids = MountOf("pids");
  if (cpu.empty() || pids.empty()) GTEST_SKIP() << "no version 1 controllers are mounted whole";
  Group outer(cpu + "/" + Name());
  Group inner(outer.path() + "/inner");
  Group crowd(pids + "/" + Name());
  if (!inner.made() || !crowd.made()) GTEST_SKIP() << "no right to make cgroups in " << cpu;
  Child child = Child::sleeping();
  Child other = Child::sleeping();
  ASSERT_TRUE(inner.write("cgroup.procs", std::to_string(child.pid())));
  ASSERT_TRUE(crowd.write("cgroup.procs", std::to_string(child.pid())));
  ASSERT_TRUE(crowd.write("cgroup.procs", std::to_string(other.pid())));
  ASSERT_TRUE(crowd.write("pids.max", "11"));
  Context context;
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  EXPECT_FALSE(got.valid & SONDE_CGROUP_CPU_LIMIT);
  EXPECT_TRUE(got.valid & SONDE_CGROUP_CPU_THROTTLED);
  EXPECT_EQ(got.pids_current, 2u);
  EXPECT_EQ(got.pids_limit, 11u);

  ASSERT_TRUE(outer.write("cpu.cfs_quota_us", "150000"));
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  EXPECT_TRUE(got.valid & SONDE_CGROUP_CPU_LIMIT);
  EXPECT_EQ(got.cpu_limit, 1.5);

  ASSERT_TRUE(inner.write("cpu.cfs_period_us", "50000"));
  ASSERT_TRUE(inner.write("cpu.cfs_quota_us", "20000"));
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  EXPECT_EQ(got.cpu_limit, 0.4);
  child.end();
  other.end();
}

TEST(LinuxLimitsLive, CpuCountOfTheCaller) {
  const std::string mount = MountOf("cpu");
  if (mount.empty()) GTEST_SKIP() << "no version 1 cpu controller is mounted whole";
  Group group(mount + "/" + Name());
  if (!group.made()) GTEST_SKIP() << "no right to make cgroups in " << mount;
  ASSERT_TRUE(group.write("cpu.cfs_quota_us", "75000"));
  const pid_t pid = fork();
  if (pid == 0) {
    if (!group.write("cgroup.procs", "0")) _exit(10);
    sonde *context = nullptr;
    sonde_cpu_count got = {};
    if (sonde_open(&context, nullptr) != SONDE_OK || sonde_cpu_count_get(context, &got) != SONDE_OK) _exit(11);
    if (!(got.valid & SONDE_CPU_COUNT_LIMIT) || got.limit != 0.75) _exit(12);
    sonde_close(context);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(LinuxLimitsLive, CpusetVersion1) {
  const std::string mount = MountOf("cpuset");
  if (mount.empty()) GTEST_SKIP() << "no version 1 cpuset controller is mounted whole";
  Group group(mount + "/" + Name());
  if (!group.made()) GTEST_SKIP() << "no right to make cgroups in " << mount;
  Child child = Child::sleeping();
  ASSERT_TRUE(group.write("cpuset.mems", Slurp(mount + "/cpuset.mems")));
  ASSERT_TRUE(group.write("cpuset.cpus", "0"));
  ASSERT_TRUE(group.write("cgroup.procs", std::to_string(child.pid())));
  Context context;
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  ASSERT_TRUE(got.valid & SONDE_CGROUP_CPUSET);
  ASSERT_EQ(got.cpuset_len, 1u);
  EXPECT_EQ(got.cpuset[0], 0u);
  child.end();
}

TEST(LinuxLimitsLive, Version2) {
  const std::string mount = MountOf("");
  if (mount.empty()) GTEST_SKIP() << "no version 2 hierarchy is mounted whole";
  const std::string controllers = " " + Slurp(mount + "/cgroup.controllers");
  Group outer(mount + "/" + Name());
  Group inner(outer.path() + "/in ner");
  if (!inner.made()) GTEST_SKIP() << "no right to make cgroups in " << mount;
  Child child = Child::sleeping();
  ASSERT_TRUE(inner.write("cgroup.procs", std::to_string(child.pid())));
  Context context;
  List<sonde_cgroup> got;
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  EXPECT_EQ(text(got.path), "/" + Name() + "/in ner");
  EXPECT_TRUE(got.version == 2 || got.version == 12);
  const bool has_memory = outer.write("memory.max", "67108864") && inner.write("memory.max", "134217728");
  const bool has_pids = outer.write("pids.max", "22");
  const bool has_cpu = outer.write("cpu.max", "150000 100000");
  ASSERT_EQ(sonde_cgroup_get(context, &got, child.pid()), SONDE_OK) << context.error();
  if (has_memory) {
    EXPECT_EQ(got.memory_limit, 67108864u);
  }
  if (has_pids) {
    EXPECT_EQ(got.pids_limit, 22u);
  }
  if (has_cpu) {
    EXPECT_EQ(got.cpu_limit, 1.5);
  }
  if (got.version == 2) {
    EXPECT_TRUE(got.valid & SONDE_CGROUP_CPU_USAGE);
  }
  if (access((inner.path() + "/cpu.pressure").c_str(), R_OK) == 0) {
    List<sonde_pressure_list> pressure;
    ASSERT_EQ(sonde_pressure_list_get(context, &pressure, got.path.data), SONDE_OK) << context.error();
    EXPECT_EQ(pressure[0].resource, SONDE_PRESSURE_CPU);
    EXPECT_TRUE(pressure[0].valid & SONDE_PRESSURE_SOME);
    EXPECT_EQ(sonde_pressure_list_get(context, &pressure, (text(got.path) + "/gone").c_str()), SONDE_ERR_OS);
  }
  child.end();
}

// In a cgroup namespace of its own the path is "/" and, as long as the old mount stands, what is mounted begins above
// it; with a mount of its own the limits can be seen again.
TEST(LinuxLimitsLive, CgroupNamespace) {
  const std::string mount = MountOf("memory");
  if (mount.empty()) GTEST_SKIP() << "no version 1 memory controller is mounted whole";
  Group outer(mount + "/" + Name());
  Group inner(outer.path() + "/inner");
  if (!inner.made()) GTEST_SKIP() << "no right to make cgroups in " << mount;
  ASSERT_TRUE(outer.write("memory.limit_in_bytes", "134217728"));
  ASSERT_TRUE(inner.write("memory.limit_in_bytes", "67108864"));
  Tree tree;
  tree.mkdir("mnt");
  const std::string target = tree.at("mnt");
  const pid_t pid = fork();
  if (pid == 0) {
    if (!inner.write("cgroup.procs", "0")) _exit(10);
    if (unshare(CLONE_NEWCGROUP | CLONE_NEWNS) != 0) _exit(77);
    if (::mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) != 0) _exit(77);
    sonde *context = nullptr;
    sonde_cgroup got = {};
    if (sonde_open(&context, nullptr) != SONDE_OK || sonde_cgroup_get(context, &got, 0) != SONDE_OK) _exit(11);
    if (got.valid & (SONDE_CGROUP_MEMORY_LIMIT | SONDE_CGROUP_MEMORY_USAGE)) _exit(12);
    if (::mount("cgroup", target.c_str(), "cgroup", 0, "memory") != 0) _exit(77);
    if (sonde_cgroup_get(context, &got, 0) != SONDE_OK) _exit(13);
    if (!(got.valid & SONDE_CGROUP_MEMORY_LIMIT) || got.memory_limit != 67108864) _exit(14);
    if (!(got.valid & SONDE_CGROUP_MEMORY_USAGE)) _exit(15);
    sonde_cgroup_free(&got);
    sonde_close(context);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no right to make namespaces";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(LinuxLimitsLive, Self) {
  if (Slurp("/proc/self/cgroup").empty()) GTEST_SKIP() << "no cgroups";
  Context context;
  List<sonde_cgroup> got, by_pid;
  ASSERT_EQ(sonde_cgroup_get(context, &got, 0), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_cgroup_get(context, &by_pid, getpid()), SONDE_OK) << context.error();
  EXPECT_EQ(text(got.path), text(by_pid.path));
  EXPECT_EQ(got.valid, by_pid.valid);
  EXPECT_EQ(got.memory_limit, by_pid.memory_limit);
  EXPECT_EQ(sonde_cgroup_get(context, &got, 0x7fffffff), SONDE_ERR_NO_PROCESS);
}

// Totals only grow, so what was read in between lies in between.
TEST(LinuxLimitsLive, Pressure) {
  const auto total = [](const char *path, const char *row) -> uint64_t {
    std::istringstream lines(Slurp(path));
    std::string line;
    while (std::getline(lines, line)) {
      if (line.compare(0, 4, row) == 0) return std::strtoull(line.c_str() + line.find("total=") + 6, nullptr, 10);
    }
    return UINT64_MAX;
  };
  if (total("/proc/pressure/io", "some") == UINT64_MAX) GTEST_SKIP() << "this kernel does not count pressure";
  Context context;
  List<sonde_pressure_list> got;
  const uint64_t before = total("/proc/pressure/io", "some");
  const uint64_t full_before = total("/proc/pressure/io", "full");
  ASSERT_EQ(sonde_pressure_list_get(context, &got, nullptr), SONDE_OK) << context.error();
  const uint64_t after = total("/proc/pressure/io", "some");
  const uint64_t full_after = total("/proc/pressure/io", "full");
  ASSERT_GE(got.count, 3u);
  EXPECT_EQ(got[2].resource, SONDE_PRESSURE_IO);
  EXPECT_GE(got[2].some_total, before * 1000);
  EXPECT_LE(got[2].some_total, after * 1000);
  EXPECT_GE(got[2].full_total, full_before * 1000);
  EXPECT_LE(got[2].full_total, full_after * 1000);
}

}  // namespace
