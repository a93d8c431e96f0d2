/* SPDX-License-Identifier: MIT */
#include "tools/fields.h"

/* The type of a member is found by the compiler; only enums, bits and statuses need to be named. */
#define TYPE_OF(member)                  \
  _Generic((member),                     \
      bool: FIELD_BOOL,                  \
      uint32_t: FIELD_U32,               \
      int32_t: FIELD_I32,                \
      uint64_t: FIELD_U64,               \
      int64_t: FIELD_I64,                \
      double: FIELD_DOUBLE,              \
      char *: FIELD_CHARS,               \
      sonde_string: FIELD_STRING,        \
      sonde_address: FIELD_ADDRESS,      \
      const uint32_t *: FIELD_U32_ARRAY, \
      const uint64_t *: FIELD_U64_ARRAY, \
      const int64_t *: FIELD_I64_ARRAY,  \
      const sonde_string *: FIELD_STRING_ARRAY)

#define MEMBER(member) (((R *)NULL)->member)
#define PLACE(member) .name = #member, .offset = offsetof(R, member)
#define WITH_SIZE(member) PLACE(member), .size = sizeof MEMBER(member)
#define POINTER_SIZE .size = sizeof(void *)

/* member, unit, the bit of `valid` (0: always told), flags */
#define FIELD(member, kind, told, how) \
  {WITH_SIZE(member), .type = TYPE_OF(MEMBER(member)), .unit = UNIT_##kind, .bit = (told), .flags = (how)}
#define ARRAY(member, count, told, how) \
  {PLACE(member),                       \
   POINTER_SIZE,                        \
   .type = TYPE_OF(MEMBER(member)),     \
   .count_name = #count,                \
   .count_offset = offsetof(R, count),  \
   .bit = (told),                       \
   .flags = (how)}
#define STATUS {WITH_SIZE(status), .type = FIELD_STATUS}
#define ENUM(member, words, told, how) \
  {WITH_SIZE(member), .type = FIELD_ENUM, .names = &names_##words, .bit = (told), .flags = (how)}
#define FLAGS(member, words, told, how)                                                                  \
  {WITH_SIZE(member), .type = sizeof MEMBER(member) == sizeof(uint32_t) ? FIELD_FLAGS32 : FIELD_FLAGS64, \
   .names = &names_##words, .bit = (told), .flags = (how)}
#define RECORD(member, inner, told) {WITH_SIZE(member), .type = FIELD_RECORD, .record = &record_##inner, .bit = (told)}
#define POINTER(member, inner, told) \
  {PLACE(member), POINTER_SIZE, .type = FIELD_RECORD_POINTER, .record = &record_##inner, .bit = (told)}

#define DEFINE(what, valid_offset_, status_offset_)                          \
  const struct record record_##what = {"sonde_" #what, sizeof(sonde_##what), \
                                       valid_offset_,  status_offset_,       \
                                       what##_fields,  sizeof what##_fields / sizeof what##_fields[0]}
#define DEFINE_ROW(what) DEFINE(what, offsetof(sonde_##what, valid), offsetof(sonde_##what, status))
#define DEFINE_ROW_ALL_TOLD(what) DEFINE(what, RECORD_HAS_NONE, offsetof(sonde_##what, status))
#define DEFINE_RECORD(what) DEFINE(what, offsetof(sonde_##what, valid), RECORD_HAS_NONE)
#define DEFINE_RECORD_ALL_TOLD(what) DEFINE(what, RECORD_HAS_NONE, RECORD_HAS_NONE)

_Static_assert(sizeof(sonde_status) == sizeof(int32_t), "enums are read as 32 bits");

/* ---- CPU -------------------------------------------------------------------------------------------------------- */

#define R sonde_cpu_times
static const struct field cpu_times_fields[] = {
    FIELD(cpu, CPU, 0, FIELD_IDENTITY),
    STATUS,
    FIELD(user, DURATION, SONDE_CPU_TIMES_USER, 0),
    FIELD(system, DURATION, SONDE_CPU_TIMES_SYSTEM, 0),
    FIELD(idle, DURATION, SONDE_CPU_TIMES_IDLE, 0),
    FIELD(nice, DURATION, SONDE_CPU_TIMES_NICE, 0),
    FIELD(iowait, DURATION, SONDE_CPU_TIMES_IOWAIT, 0),
    FIELD(irq, DURATION, SONDE_CPU_TIMES_IRQ, 0),
    FIELD(softirq, DURATION, SONDE_CPU_TIMES_SOFTIRQ, 0),
    FIELD(steal, DURATION, SONDE_CPU_TIMES_STEAL, 0),
    FIELD(guest, DURATION, SONDE_CPU_TIMES_GUEST, 0),
    FIELD(guest_nice, DURATION, SONDE_CPU_TIMES_GUEST_NICE, 0),
    FIELD(dpc, DURATION, SONDE_CPU_TIMES_DPC, 0),
};
DEFINE_ROW(cpu_times);
#undef R

#define R sonde_cpu_percents
static const struct field cpu_percents_fields[] = {
    FIELD(busy, PERCENT, 0, 0),
    FIELD(user, PERCENT, SONDE_CPU_TIMES_USER, 0),
    FIELD(system, PERCENT, SONDE_CPU_TIMES_SYSTEM, 0),
    FIELD(idle, PERCENT, SONDE_CPU_TIMES_IDLE, 0),
    FIELD(nice, PERCENT, SONDE_CPU_TIMES_NICE, 0),
    FIELD(iowait, PERCENT, SONDE_CPU_TIMES_IOWAIT, 0),
    FIELD(irq, PERCENT, SONDE_CPU_TIMES_IRQ, 0),
    FIELD(softirq, PERCENT, SONDE_CPU_TIMES_SOFTIRQ, 0),
    FIELD(steal, PERCENT, SONDE_CPU_TIMES_STEAL, 0),
    FIELD(guest, PERCENT, SONDE_CPU_TIMES_GUEST, 0),
    FIELD(guest_nice, PERCENT, SONDE_CPU_TIMES_GUEST_NICE, 0),
    FIELD(dpc, PERCENT, SONDE_CPU_TIMES_DPC, 0),
};
DEFINE_RECORD(cpu_percents);
#undef R

#define R sonde_cpu_count
static const struct field cpu_count_fields[] = {
    FIELD(logical, NONE, SONDE_CPU_COUNT_LOGICAL, 0),   FIELD(physical, NONE, SONDE_CPU_COUNT_PHYSICAL, 0),
    FIELD(packages, NONE, SONDE_CPU_COUNT_PACKAGES, 0), FIELD(configured, NONE, SONDE_CPU_COUNT_CONFIGURED, 0),
    FIELD(usable, NONE, SONDE_CPU_COUNT_USABLE, 0),     FIELD(limit, NONE, SONDE_CPU_COUNT_LIMIT, 0),
};
DEFINE_RECORD(cpu_count);
#undef R

#define R sonde_cpu_stats
static const struct field cpu_stats_fields[] = {
    FIELD(ctx_switches, NONE, SONDE_CPU_STATS_CTX_SWITCHES, 0),
    FIELD(interrupts, NONE, SONDE_CPU_STATS_INTERRUPTS, 0),
    FIELD(soft_interrupts, NONE, SONDE_CPU_STATS_SOFT_INTERRUPTS, 0),
    FIELD(syscalls, NONE, SONDE_CPU_STATS_SYSCALLS, 0),
    FIELD(traps, NONE, SONDE_CPU_STATS_TRAPS, 0),
    FIELD(procs_created, NONE, SONDE_CPU_STATS_PROCS_CREATED, 0),
    FIELD(procs_running, NONE, SONDE_CPU_STATS_PROCS_RUNNING, 0),
    FIELD(procs_blocked, NONE, SONDE_CPU_STATS_PROCS_BLOCKED, 0),
};
DEFINE_RECORD(cpu_stats);
#undef R

#define R sonde_cpu_freq
static const struct field cpu_freq_fields[] = {
    FIELD(cpu, NONE, 0, FIELD_IDENTITY),
    STATUS,
    FIELD(current, HERTZ, SONDE_CPU_FREQ_CURRENT, 0),
    FIELD(min, HERTZ, SONDE_CPU_FREQ_MIN, 0),
    FIELD(max, HERTZ, SONDE_CPU_FREQ_MAX, 0),
    FIELD(base, HERTZ, SONDE_CPU_FREQ_BASE, 0),
    FIELD(governor, NONE, 0, 0),
};
DEFINE_ROW(cpu_freq);
#undef R

#define R sonde_load_average
static const struct field load_average_fields[] = {
    FIELD(load1, NONE, SONDE_LOAD_AVERAGE_LOAD, 0),        FIELD(load5, NONE, SONDE_LOAD_AVERAGE_LOAD, 0),
    FIELD(load15, NONE, SONDE_LOAD_AVERAGE_LOAD, 0),       FIELD(running, NONE, SONDE_LOAD_AVERAGE_TASKS, 0),
    FIELD(total_tasks, NONE, SONDE_LOAD_AVERAGE_TASKS, 0),
};
DEFINE_RECORD(load_average);
#undef R

#define R sonde_cpu_topology
static const struct field cpu_topology_fields[] = {
    FIELD(cpu, NONE, 0, FIELD_IDENTITY),
    STATUS,
    FIELD(online, NONE, 0, 0),
    FIELD(package, NONE, SONDE_CPU_TOPOLOGY_PACKAGE, 0),
    FIELD(die, NONE, SONDE_CPU_TOPOLOGY_DIE, 0),
    FIELD(cluster, NONE, SONDE_CPU_TOPOLOGY_CLUSTER, 0),
    FIELD(core, NONE, SONDE_CPU_TOPOLOGY_CORE, 0),
    FIELD(numa_node, NONE, SONDE_CPU_TOPOLOGY_NUMA_NODE, 0),
    FIELD(efficiency_class, NONE, SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS, 0),
    FIELD(capacity, NONE, SONDE_CPU_TOPOLOGY_CAPACITY, 0),
    FIELD(group, NONE, SONDE_CPU_TOPOLOGY_GROUP, 0),
};
DEFINE_ROW(cpu_topology);
#undef R

#define R sonde_cpu_cache
static const struct field cpu_cache_fields[] = {
    STATUS,
    FIELD(level, NONE, 0, FIELD_IDENTITY),
    ENUM(type, cpu_cache_type, 0, 0),
    FIELD(size, BYTES, SONDE_CPU_CACHE_SIZE, 0),
    FIELD(line_size, BYTES, SONDE_CPU_CACHE_LINE_SIZE, 0),
    FIELD(ways, NONE, SONDE_CPU_CACHE_WAYS, 0),
    FIELD(sets, NONE, SONDE_CPU_CACHE_SETS, 0),
    ARRAY(cpus, num_cpus, SONDE_CPU_CACHE_CPUS, 0),
};
DEFINE_ROW(cpu_cache);
#undef R

#define R sonde_cpu_info
static const struct field cpu_info_fields[] = {
    STATUS,
    FIELD(first_cpu, NONE, 0, FIELD_IDENTITY),
    FIELD(num_cpus, NONE, 0, 0),
    FIELD(vendor, NONE, SONDE_CPU_INFO_VENDOR, 0),
    FIELD(model_name, NONE, SONDE_CPU_INFO_MODEL_NAME, 0),
    FIELD(microcode, NONE, SONDE_CPU_INFO_MICROCODE, 0),
    FIELD(family, NONE, SONDE_CPU_INFO_FAMILY, 0),
    FIELD(model, NONE, SONDE_CPU_INFO_MODEL, 0),
    FIELD(stepping, NONE, SONDE_CPU_INFO_STEPPING, 0),
    ARRAY(features, num_features, SONDE_CPU_INFO_FEATURES, FIELD_DETAIL),
};
DEFINE_ROW(cpu_info);
#undef R

#define R sonde_cpu_interrupt
static const struct field cpu_interrupt_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(soft, NONE, 0, 0),
    FIELD(count, NONE, 0, 0),
    ARRAY(cpus, num_cpus, 0, FIELD_DETAIL),
    ARRAY(counts, num_cpus, 0, FIELD_DETAIL),
    FIELD(description, NONE, 0, 0),
};
DEFINE_ROW_ALL_TOLD(cpu_interrupt);
#undef R

#define R sonde_cpu_schedstat
static const struct field cpu_schedstat_fields[] = {
    FIELD(cpu, NONE, 0, FIELD_IDENTITY),
    STATUS,
    FIELD(run_time, DURATION, SONDE_CPU_SCHEDSTAT_RUN_TIME, 0),
    FIELD(wait_time, DURATION, SONDE_CPU_SCHEDSTAT_WAIT_TIME, 0),
    FIELD(timeslices, NONE, SONDE_CPU_SCHEDSTAT_TIMESLICES, 0),
};
DEFINE_ROW(cpu_schedstat);
#undef R

#define R sonde_cpu_throttle
static const struct field cpu_throttle_fields[] = {
    FIELD(cpu, NONE, 0, FIELD_IDENTITY),
    STATUS,
    FIELD(core_count, NONE, SONDE_CPU_THROTTLE_CORE_COUNT, 0),
    FIELD(core_time, DURATION, SONDE_CPU_THROTTLE_CORE_TIME, 0),
    FIELD(package_count, NONE, SONDE_CPU_THROTTLE_PACKAGE_COUNT, 0),
    FIELD(package_time, DURATION, SONDE_CPU_THROTTLE_PACKAGE_TIME, 0),
};
DEFINE_ROW(cpu_throttle);
#undef R

#define R sonde_cpu_vulnerability
static const struct field cpu_vulnerability_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    ENUM(state, vulnerability_state, 0, 0),
    FIELD(description, NONE, 0, 0),
};
DEFINE_ROW_ALL_TOLD(cpu_vulnerability);
#undef R

/* ---- Memory ----------------------------------------------------------------------------------------------------- */

#define R sonde_virtual_memory
static const struct field virtual_memory_fields[] = {
    FIELD(total, BYTES, SONDE_MEMORY_TOTAL, 0),
    FIELD(available, BYTES, SONDE_MEMORY_AVAILABLE, 0),
    FIELD(used, BYTES, SONDE_MEMORY_USED, 0),
    FIELD(free, BYTES, SONDE_MEMORY_FREE, 0),
    FIELD(active, BYTES, SONDE_MEMORY_ACTIVE, 0),
    FIELD(inactive, BYTES, SONDE_MEMORY_INACTIVE, 0),
    FIELD(buffers, BYTES, SONDE_MEMORY_BUFFERS, 0),
    FIELD(cached, BYTES, SONDE_MEMORY_CACHED, 0),
    FIELD(shared, BYTES, SONDE_MEMORY_SHARED, 0),
    FIELD(slab, BYTES, SONDE_MEMORY_SLAB, 0),
    FIELD(slab_reclaimable, BYTES, SONDE_MEMORY_SLAB_RECLAIMABLE, 0),
    FIELD(wired, BYTES, SONDE_MEMORY_WIRED, 0),
    FIELD(compressed, BYTES, SONDE_MEMORY_COMPRESSED, 0),
    FIELD(laundry, BYTES, SONDE_MEMORY_LAUNDRY, 0),
    FIELD(arc, BYTES, SONDE_MEMORY_ARC, 0),
    FIELD(dirty, BYTES, SONDE_MEMORY_DIRTY, 0),
    FIELD(committed, BYTES, SONDE_MEMORY_COMMITTED, 0),
    FIELD(commit_limit, BYTES, SONDE_MEMORY_COMMIT_LIMIT, 0),
    FIELD(page_tables, BYTES, SONDE_MEMORY_PAGE_TABLES, 0),
    FIELD(hugepages_total, BYTES, SONDE_MEMORY_HUGEPAGES, 0),
    FIELD(hugepages_free, BYTES, SONDE_MEMORY_HUGEPAGES, 0),
    FIELD(page_size, BYTES, 0, 0),
};
DEFINE_RECORD(virtual_memory);
#undef R

#define R sonde_swap_memory
static const struct field swap_memory_fields[] = {
    FIELD(total, BYTES, SONDE_SWAP_TOTAL, 0), FIELD(used, BYTES, SONDE_SWAP_USED, 0),
    FIELD(free, BYTES, SONDE_SWAP_FREE, 0),   FIELD(sin, BYTES, SONDE_SWAP_SIN, 0),
    FIELD(sout, BYTES, SONDE_SWAP_SOUT, 0),
};
DEFINE_RECORD(swap_memory);
#undef R

#define R sonde_swap_device
static const struct field swap_device_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(type, NONE, 0, 0),
    FIELD(total, BYTES, 0, 0),
    FIELD(used, BYTES, SONDE_SWAP_DEVICE_USED, 0),
    FIELD(peak, BYTES, SONDE_SWAP_DEVICE_PEAK, 0),
    FIELD(priority, NONE, SONDE_SWAP_DEVICE_PRIORITY, 0),
};
DEFINE_ROW(swap_device);
#undef R

#define R sonde_numa_node
static const struct field numa_node_fields[] = {
    FIELD(node, NONE, 0, FIELD_IDENTITY),           STATUS,
    FIELD(total, BYTES, SONDE_NUMA_NODE_TOTAL, 0),  FIELD(free, BYTES, SONDE_NUMA_NODE_FREE, 0),
    ARRAY(cpus, num_cpus, SONDE_NUMA_NODE_CPUS, 0),
};
DEFINE_ROW(numa_node);
#undef R

#define R sonde_memory_stat
static const struct field memory_stat_fields[] = {
    STATUS, FIELD(source, NONE, 0, 0), FIELD(name, NONE, 0, 0), FIELD(value, NONE, 0, 0), ENUM(unit, unit, 0, 0),
};
DEFINE_ROW_ALL_TOLD(memory_stat);
#undef R

#define R sonde_hugepages
static const struct field hugepages_fields[] = {
    FIELD(node, CPU, 0, FIELD_IDENTITY),
    STATUS,
    FIELD(page_size, BYTES, 0, FIELD_IDENTITY),
    FIELD(total, NONE, SONDE_HUGEPAGES_TOTAL, 0),
    FIELD(free, NONE, SONDE_HUGEPAGES_FREE, 0),
    FIELD(reserved, NONE, SONDE_HUGEPAGES_RESERVED, 0),
    FIELD(surplus, NONE, SONDE_HUGEPAGES_SURPLUS, 0),
    FIELD(overcommit, NONE, SONDE_HUGEPAGES_OVERCOMMIT, 0),
};
DEFINE_ROW(hugepages);
#undef R

/* ---- Disks ------------------------------------------------------------------------------------------------------ */

#define R sonde_disk_partition
static const struct field disk_partition_fields[] = {
    STATUS,
    FIELD(device, NONE, 0, 0),
    FIELD(mountpoint, NONE, 0, 0),
    FIELD(fstype, NONE, 0, 0),
    FLAGS(flags, mount_flags, 0, FIELD_DETAIL),
    FIELD(root, NONE, SONDE_PARTITION_ROOT, FIELD_DETAIL),
    FIELD(mount_id, NONE, SONDE_PARTITION_MOUNT_ID, FIELD_DETAIL),
    FIELD(parent_id, NONE, SONDE_PARTITION_MOUNT_ID, FIELD_DETAIL),
    FIELD(dev_major, NONE, SONDE_PARTITION_DEV, FIELD_DETAIL),
    FIELD(dev_minor, NONE, SONDE_PARTITION_DEV, FIELD_DETAIL),
    FIELD(opts, NONE, 0, FIELD_DETAIL),
};
DEFINE_ROW(disk_partition);
#undef R

#define R sonde_disk_usage
static const struct field disk_usage_fields[] = {
    FIELD(total, BYTES, SONDE_DISK_USAGE_SPACE, 0),        FIELD(used, BYTES, SONDE_DISK_USAGE_SPACE, 0),
    FIELD(free, BYTES, SONDE_DISK_USAGE_SPACE, 0),         FIELD(reserved, BYTES, SONDE_DISK_USAGE_SPACE, 0),
    FIELD(inodes, NONE, SONDE_DISK_USAGE_INODES, 0),       FIELD(inodes_used, NONE, SONDE_DISK_USAGE_INODES, 0),
    FIELD(inodes_free, NONE, SONDE_DISK_USAGE_INODES, 0),  FIELD(block_size, BYTES, SONDE_DISK_USAGE_SPACE, 0),
    FIELD(read_only, NONE, SONDE_DISK_USAGE_READ_ONLY, 0),
};
DEFINE_RECORD(disk_usage);
#undef R

#define R sonde_disk_io
static const struct field disk_io_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(partition, NONE, 0, 0),
    FIELD(read_count, NONE, SONDE_DISK_IO_COUNTS, 0),
    FIELD(write_count, NONE, SONDE_DISK_IO_COUNTS, 0),
    FIELD(read_bytes, BYTES, SONDE_DISK_IO_BYTES, 0),
    FIELD(write_bytes, BYTES, SONDE_DISK_IO_BYTES, 0),
    FIELD(read_time, DURATION, SONDE_DISK_IO_TIMES, 0),
    FIELD(write_time, DURATION, SONDE_DISK_IO_TIMES, 0),
    FIELD(busy_time, DURATION, SONDE_DISK_IO_BUSY_TIME, 0),
    FIELD(in_flight, NONE, SONDE_DISK_IO_IN_FLIGHT, 0),
    FIELD(read_merged, NONE, SONDE_DISK_IO_MERGED, FIELD_DETAIL),
    FIELD(write_merged, NONE, SONDE_DISK_IO_MERGED, FIELD_DETAIL),
    FIELD(weighted_time, DURATION, SONDE_DISK_IO_WEIGHTED_TIME, FIELD_DETAIL),
    FIELD(discard_count, NONE, SONDE_DISK_IO_DISCARD, FIELD_DETAIL),
    FIELD(discard_bytes, BYTES, SONDE_DISK_IO_DISCARD, FIELD_DETAIL),
    FIELD(discard_merged, NONE, SONDE_DISK_IO_DISCARD, FIELD_DETAIL),
    FIELD(discard_time, DURATION, SONDE_DISK_IO_DISCARD, FIELD_DETAIL),
    FIELD(flush_count, NONE, SONDE_DISK_IO_FLUSH, FIELD_DETAIL),
    FIELD(flush_time, DURATION, SONDE_DISK_IO_FLUSH, FIELD_DETAIL),
};
DEFINE_ROW(disk_io);
#undef R

#define R sonde_disk_io_rate
static const struct field disk_io_rate_fields[] = {
    FIELD(read_count, NONE, 0, 0),       FIELD(write_count, NONE, 0, 0), FIELD(read_bytes, BYTE_RATE, 0, 0),
    FIELD(write_bytes, BYTE_RATE, 0, 0), FIELD(busy_ratio, RATIO, 0, 0),
};
DEFINE_RECORD_ALL_TOLD(disk_io_rate);
#undef R

#define R sonde_disk_device
static const struct field disk_device_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(parent, NONE, 0, 0),
    FIELD(size, BYTES, SONDE_DISK_DEVICE_SIZE, 0),
    ENUM(kind, disk_kind, SONDE_DISK_DEVICE_KIND, 0),
    FIELD(removable, NONE, SONDE_DISK_DEVICE_REMOVABLE, 0),
    FIELD(read_only, NONE, SONDE_DISK_DEVICE_READ_ONLY, 0),
    FIELD(vendor, NONE, 0, 0),
    FIELD(model, NONE, 0, 0),
    FIELD(serial, NONE, 0, 0),
    FIELD(firmware, NONE, 0, FIELD_DETAIL),
    FIELD(wwn, NONE, 0, FIELD_DETAIL),
    FIELD(logical_block_size, BYTES, SONDE_DISK_DEVICE_BLOCK_SIZES, FIELD_DETAIL),
    FIELD(physical_block_size, BYTES, SONDE_DISK_DEVICE_BLOCK_SIZES, FIELD_DETAIL),
    FIELD(dev_major, NONE, SONDE_DISK_DEVICE_DEV, FIELD_DETAIL),
    FIELD(dev_minor, NONE, SONDE_DISK_DEVICE_DEV, FIELD_DETAIL),
    FIELD(type, NONE, 0, 0),
    FIELD(mapped_name, NONE, 0, 0),
    ARRAY(members, num_members, 0, 0),
    FIELD(backing_file, NONE, 0, 0),
    FIELD(label, NONE, 0, 0),
    FIELD(uuid, NONE, 0, 0),
};
DEFINE_ROW(disk_device);
#undef R

/* ---- Network ---------------------------------------------------------------------------------------------------- */

#define R sonde_net_io
static const struct field net_io_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(bytes_sent, BYTES, SONDE_NET_IO_BYTES, 0),
    FIELD(bytes_recv, BYTES, SONDE_NET_IO_BYTES, 0),
    FIELD(packets_sent, NONE, SONDE_NET_IO_PACKETS, 0),
    FIELD(packets_recv, NONE, SONDE_NET_IO_PACKETS, 0),
    FIELD(errin, NONE, SONDE_NET_IO_ERRIN, 0),
    FIELD(errout, NONE, SONDE_NET_IO_ERROUT, 0),
    FIELD(dropin, NONE, SONDE_NET_IO_DROPIN, 0),
    FIELD(dropout, NONE, SONDE_NET_IO_DROPOUT, 0),
    FIELD(multicast, NONE, SONDE_NET_IO_MULTICAST, FIELD_DETAIL),
    FIELD(collisions, NONE, SONDE_NET_IO_COLLISIONS, FIELD_DETAIL),
    FIELD(fifo_in, NONE, SONDE_NET_IO_DETAIL, FIELD_DETAIL),
    FIELD(fifo_out, NONE, SONDE_NET_IO_DETAIL, FIELD_DETAIL),
    FIELD(frame, NONE, SONDE_NET_IO_DETAIL, FIELD_DETAIL),
    FIELD(carrier, NONE, SONDE_NET_IO_DETAIL, FIELD_DETAIL),
    FIELD(compressed_in, NONE, SONDE_NET_IO_DETAIL, FIELD_DETAIL),
    FIELD(compressed_out, NONE, SONDE_NET_IO_DETAIL, FIELD_DETAIL),
};
DEFINE_ROW(net_io);
#undef R

#define R sonde_net_io_rate
static const struct field net_io_rate_fields[] = {
    FIELD(bytes_sent, BYTE_RATE, 0, 0),
    FIELD(bytes_recv, BYTE_RATE, 0, 0),
    FIELD(packets_sent, NONE, 0, 0),
    FIELD(packets_recv, NONE, 0, 0),
};
DEFINE_RECORD_ALL_TOLD(net_io_rate);
#undef R

#define R sonde_net_if_addr
static const struct field net_if_addr_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(index, NONE, 0, FIELD_DETAIL),
    FIELD(address, NONE, 0, 0),
    FIELD(netmask, NONE, 0, 0),
    FIELD(broadcast, NONE, 0, 0),
    FIELD(ptp, NONE, 0, 0),
    FIELD(prefix_len, NONE, 0, 0),
};
DEFINE_ROW_ALL_TOLD(net_if_addr);
#undef R

#define R sonde_net_if_stats
static const struct field net_if_stats_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(index, NONE, SONDE_NET_IF_STATS_INDEX, FIELD_DETAIL),
    FIELD(isup, NONE, SONDE_NET_IF_STATS_ISUP, 0),
    ENUM(duplex, duplex, SONDE_NET_IF_STATS_DUPLEX, 0),
    FIELD(speed, BIT_RATE, SONDE_NET_IF_STATS_SPEED, 0),
    FIELD(mtu, NONE, SONDE_NET_IF_STATS_MTU, 0),
    FIELD(operstate, NONE, 0, 0),
    FIELD(hwaddr, NONE, 0, 0),
    FLAGS(flags, net_if_flags, SONDE_NET_IF_STATS_FLAGS, 0),
    FIELD(carrier_changes, NONE, SONDE_NET_IF_STATS_CARRIER_CHANGES, FIELD_DETAIL),
};
DEFINE_ROW(net_if_stats);
#undef R

#define R sonde_tcp_info
static const struct field tcp_info_fields[] = {
    FIELD(rtt, DURATION, 0, 0),
    FIELD(rttvar, DURATION, 0, 0),
    FIELD(retransmits, NONE, 0, 0),
    FIELD(lost, NONE, 0, 0),
    FIELD(snd_cwnd, NONE, 0, 0),
    FIELD(snd_mss, NONE, 0, 0),
    FIELD(rcv_mss, NONE, 0, 0),
    FIELD(bytes_acked, BYTES, SONDE_TCP_INFO_BYTES, 0),
    FIELD(bytes_received, BYTES, SONDE_TCP_INFO_BYTES, 0),
    FIELD(delivery_rate, BYTE_RATE, SONDE_TCP_INFO_DELIVERY_RATE, 0),
};
DEFINE_RECORD(tcp_info);
#undef R

#define R sonde_connection
static const struct field connection_fields[] = {
    STATUS,
    ENUM(family, family, 0, 0),
    ENUM(type, socket_type, 0, 0),
    ENUM(state, connection_state, 0, 0),
    FIELD(laddr, NONE, 0, 0),
    FIELD(raddr, NONE, 0, 0),
    FIELD(lpath, NONE, 0, 0),
    FIELD(rpath, NONE, 0, 0),
    FIELD(pid, NONE, SONDE_CONNECTION_VALID_OWNER, 0),
    FIELD(fd, NONE, SONDE_CONNECTION_VALID_OWNER, 0),
    FIELD(uid, NONE, SONDE_CONNECTION_VALID_UID, 0),
    FIELD(inode, NONE, SONDE_CONNECTION_VALID_INODE, FIELD_DETAIL),
    FIELD(recv_queue, NONE, SONDE_CONNECTION_VALID_QUEUES, FIELD_DETAIL),
    FIELD(send_queue, NONE, SONDE_CONNECTION_VALID_QUEUES, FIELD_DETAIL),
    FIELD(retransmits, NONE, SONDE_CONNECTION_VALID_RETRANSMITS, FIELD_DETAIL),
    FIELD(drops, NONE, SONDE_CONNECTION_VALID_DROPS, FIELD_DETAIL),
    FIELD(interface_index, NONE, SONDE_CONNECTION_VALID_INTERFACE, FIELD_DETAIL),
    POINTER(tcp_info, tcp_info, 0),
};
DEFINE_ROW(connection);
#undef R

#define R sonde_net_protocol
static const struct field net_protocol_fields[] = {
    STATUS,
    FIELD(protocol, NONE, 0, 0),
    FIELD(name, NONE, 0, 0),
    FIELD(value, NONE, 0, 0),
};
DEFINE_ROW_ALL_TOLD(net_protocol);
#undef R

#define R sonde_net_error
static const struct field net_error_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(index, NONE, 0, FIELD_IDENTITY),
    FIELD(rx_length, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(rx_over, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(rx_crc, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(rx_frame, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(rx_fifo, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(rx_missed, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(tx_aborted, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(tx_carrier, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(tx_fifo, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(tx_heartbeat, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(tx_window, NONE, SONDE_NET_ERROR_COUNTS, 0),
    FIELD(rx_no_handler, NONE, SONDE_NET_ERROR_NO_HANDLER, 0),
    FIELD(rx_other_host, NONE, SONDE_NET_ERROR_OTHER_HOST, 0),
};
DEFINE_ROW(net_error);
#undef R

/* ---- Sensors ---------------------------------------------------------------------------------------------------- */

#define R sonde_sensor
static const struct field sensor_fields[] = {
    STATUS,
    ENUM(kind, sensor_kind, 0, 0),
    FIELD(chip, NONE, 0, 0),
    FIELD(label, NONE, 0, 0),
    FIELD(current, NONE, SONDE_SENSOR_VALID_CURRENT, 0),
    FIELD(high, NONE, SONDE_SENSOR_VALID_HIGH, 0),
    FIELD(critical, NONE, SONDE_SENSOR_VALID_CRITICAL, 0),
    FIELD(low, NONE, SONDE_SENSOR_VALID_LOW, 0),
    FIELD(low_critical, NONE, SONDE_SENSOR_VALID_LOW_CRITICAL, 0),
    FIELD(wrap, NONE, SONDE_SENSOR_VALID_WRAP, 0),
    FIELD(alarm, NONE, SONDE_SENSOR_VALID_ALARM, 0),
};
DEFINE_ROW(sensor);
#undef R

#define R sonde_battery
static const struct field battery_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    ENUM(state, battery_state, 0, 0),
    FIELD(percent, PERCENT, SONDE_BATTERY_VALID_PERCENT, 0),
    FIELD(time_left, DURATION, SONDE_BATTERY_VALID_TIME_LEFT, 0),
    FIELD(power_plugged, NONE, SONDE_BATTERY_VALID_POWER_PLUGGED, 0),
    FIELD(energy, NONE, SONDE_BATTERY_VALID_ENERGY, 0),
    FIELD(energy_full, NONE, SONDE_BATTERY_VALID_ENERGY, 0),
    FIELD(energy_design, NONE, SONDE_BATTERY_VALID_ENERGY, 0),
    FIELD(power, NONE, SONDE_BATTERY_VALID_POWER, 0),
    FIELD(voltage, NONE, SONDE_BATTERY_VALID_VOLTAGE, 0),
    FIELD(cycles, NONE, SONDE_BATTERY_VALID_CYCLES, 0),
};
DEFINE_ROW(battery);
#undef R

#define R sonde_gpu
static const struct field gpu_fields[] = {
    STATUS,
    FIELD(id, NONE, 0, 0),
    FIELD(name, NONE, 0, 0),
    FIELD(vendor, NONE, 0, 0),
    FIELD(driver, NONE, 0, 0),
    FIELD(memory_total, BYTES, SONDE_GPU_MEMORY, 0),
    FIELD(memory_used, BYTES, SONDE_GPU_MEMORY, 0),
    FIELD(utilization_ratio, RATIO, SONDE_GPU_UTILIZATION, 0),
    FIELD(temperature, NONE, SONDE_GPU_TEMPERATURE, 0),
    FIELD(power, NONE, SONDE_GPU_POWER, 0),
    FIELD(frequency, HERTZ, SONDE_GPU_FREQUENCY, 0),
};
DEFINE_ROW(gpu);
#undef R

/* ---- Host ------------------------------------------------------------------------------------------------------- */

#define R sonde_host_info
static const struct field host_info_fields[] = {
    FIELD(hostname, NONE, 0, 0),       FIELD(os_name, NONE, 0, 0),        FIELD(os_id, NONE, 0, 0),
    FIELD(os_version, NONE, 0, 0),     FIELD(os_pretty_name, NONE, 0, 0), FIELD(kernel_name, NONE, 0, 0),
    FIELD(kernel_release, NONE, 0, 0), FIELD(kernel_version, NONE, 0, 0), FIELD(architecture, NONE, 0, 0),
    FIELD(machine_id, NONE, 0, 0),     FIELD(boot_id, NONE, 0, 0),        FIELD(virtualization, NONE, 0, 0),
    FIELD(container, NONE, 0, 0),
};
DEFINE_RECORD_ALL_TOLD(host_info);
#undef R

#define R sonde_host_times
static const struct field host_times_fields[] = {
    FIELD(boot_time, MOMENT, SONDE_HOST_TIMES_BOOT_TIME, 0),
    FIELD(uptime, DURATION, SONDE_HOST_TIMES_UPTIME, 0),
    FIELD(now, MOMENT, SONDE_HOST_TIMES_NOW, 0),
    FIELD(monotonic, DURATION, SONDE_HOST_TIMES_MONOTONIC, FIELD_JSON_ONLY),
};
DEFINE_RECORD(host_times);
#undef R

#define R sonde_user
static const struct field user_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(terminal, NONE, 0, 0),
    FIELD(host, NONE, 0, 0),
    FIELD(started, MOMENT, SONDE_USER_STARTED, 0),
    FIELD(pid, NONE, SONDE_USER_PID, 0),
};
DEFINE_ROW(user);
#undef R

#define R sonde_service
static const struct field service_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(display_name, NONE, 0, 0),
    ENUM(state, service_state, 0, 0),
    ENUM(start_type, service_start_type, 0, 0),
    FIELD(pid, NONE, 0, 0),
    FIELD(username, NONE, 0, 0),
    FIELD(binpath, NONE, 0, 0),
    FIELD(description, NONE, 0, FIELD_DETAIL),
};
DEFINE_ROW_ALL_TOLD(service);
#undef R

/* ---- Limits and pressure ---------------------------------------------------------------------------------------- */

#define R sonde_cgroup
static const struct field cgroup_fields[] = {
    FIELD(version, NONE, 0, 0),
    FIELD(path, NONE, 0, 0),
    FIELD(memory_usage, BYTES, SONDE_CGROUP_MEMORY_USAGE, 0),
    FIELD(memory_limit, BYTES, SONDE_CGROUP_MEMORY_LIMIT, 0),
    FIELD(memory_high, BYTES, SONDE_CGROUP_MEMORY_HIGH, 0),
    FIELD(memory_anon, BYTES, SONDE_CGROUP_MEMORY_DETAIL, 0),
    FIELD(memory_file, BYTES, SONDE_CGROUP_MEMORY_DETAIL, 0),
    FIELD(memory_inactive_file, BYTES, SONDE_CGROUP_MEMORY_DETAIL, 0),
    FIELD(swap_usage, BYTES, SONDE_CGROUP_SWAP_USAGE, 0),
    FIELD(swap_limit, BYTES, SONDE_CGROUP_SWAP_LIMIT, 0),
    FIELD(cpu_limit, NONE, SONDE_CGROUP_CPU_LIMIT, 0),
    FIELD(cpu_usage, DURATION, SONDE_CGROUP_CPU_USAGE, 0),
    FIELD(cpu_user, DURATION, SONDE_CGROUP_CPU_USAGE, 0),
    FIELD(cpu_system, DURATION, SONDE_CGROUP_CPU_USAGE, 0),
    FIELD(cpu_periods, NONE, SONDE_CGROUP_CPU_THROTTLED, 0),
    FIELD(cpu_throttled_periods, NONE, SONDE_CGROUP_CPU_THROTTLED, 0),
    FIELD(cpu_throttled_time, DURATION, SONDE_CGROUP_CPU_THROTTLED, 0),
    FIELD(pids_current, NONE, SONDE_CGROUP_PIDS_CURRENT, 0),
    FIELD(pids_limit, NONE, SONDE_CGROUP_PIDS_LIMIT, 0),
    FIELD(oom_kills, NONE, SONDE_CGROUP_OOM_KILLS, 0),
    ARRAY(cpuset, cpuset_len, SONDE_CGROUP_CPUSET, 0),
    FIELD(io_read_bytes, BYTES, SONDE_CGROUP_IO, 0),
    FIELD(io_write_bytes, BYTES, SONDE_CGROUP_IO, 0),
    FIELD(io_read_count, NONE, SONDE_CGROUP_IO, 0),
    FIELD(io_write_count, NONE, SONDE_CGROUP_IO, 0),
};
DEFINE_RECORD(cgroup);
#undef R

#define R sonde_pressure
static const struct field pressure_fields[] = {
    ENUM(resource, pressure_resource, 0, 0),
    STATUS,
    FIELD(some_avg10_ratio, RATIO, SONDE_PRESSURE_SOME, 0),
    FIELD(some_avg60_ratio, RATIO, SONDE_PRESSURE_SOME, 0),
    FIELD(some_avg300_ratio, RATIO, SONDE_PRESSURE_SOME, 0),
    FIELD(some_total, DURATION, SONDE_PRESSURE_SOME, 0),
    FIELD(full_avg10_ratio, RATIO, SONDE_PRESSURE_FULL, 0),
    FIELD(full_avg60_ratio, RATIO, SONDE_PRESSURE_FULL, 0),
    FIELD(full_avg300_ratio, RATIO, SONDE_PRESSURE_FULL, 0),
    FIELD(full_total, DURATION, SONDE_PRESSURE_FULL, 0),
};
DEFINE_ROW(pressure);
#undef R

/* ---- Processes -------------------------------------------------------------------------------------------------- */

#define R sonde_ids
static const struct field ids_fields[] = {
    FIELD(real, NONE, 0, 0),
    FIELD(effective, NONE, 0, 0),
    FIELD(saved, NONE, 0, 0),
    FIELD(fs, NONE, 0, 0),
};
DEFINE_RECORD_ALL_TOLD(ids);
#undef R

#define R sonde_process_memory_ex
static const struct field process_memory_ex_fields[] = {
    FIELD(peak_rss, BYTES, SONDE_MEMORY_EX_PEAK_RSS, 0),
    FIELD(peak_vms, BYTES, SONDE_MEMORY_EX_PEAK_VMS, 0),
    FIELD(rss_anon, BYTES, SONDE_MEMORY_EX_RSS_SPLIT, 0),
    FIELD(rss_file, BYTES, SONDE_MEMORY_EX_RSS_SPLIT, 0),
    FIELD(rss_shmem, BYTES, SONDE_MEMORY_EX_RSS_SPLIT, 0),
    FIELD(swap, BYTES, SONDE_MEMORY_EX_SWAP, 0),
    FIELD(hugetlb, BYTES, SONDE_MEMORY_EX_HUGETLB, 0),
    FIELD(locked, BYTES, SONDE_MEMORY_EX_LOCKED, 0),
    FIELD(pinned, BYTES, SONDE_MEMORY_EX_PINNED, 0),
    FIELD(stack, BYTES, SONDE_MEMORY_EX_STACK, 0),
    FIELD(lib, BYTES, SONDE_MEMORY_EX_LIB, 0),
    FIELD(page_tables, BYTES, SONDE_MEMORY_EX_PAGE_TABLES, 0),
    FIELD(wired, BYTES, SONDE_MEMORY_EX_WIRED, 0),
    FIELD(compressed, BYTES, SONDE_MEMORY_EX_COMPRESSED, 0),
    FIELD(phys_footprint, BYTES, SONDE_MEMORY_EX_PHYS_FOOTPRINT, 0),
    FIELD(virtual_size, BYTES, SONDE_MEMORY_EX_VIRTUAL, 0),
    FIELD(peak_virtual_size, BYTES, SONDE_MEMORY_EX_VIRTUAL, 0),
    FIELD(paged_pool, BYTES, SONDE_MEMORY_EX_POOLS, 0),
    FIELD(nonpaged_pool, BYTES, SONDE_MEMORY_EX_POOLS, 0),
    FIELD(peak_paged_pool, BYTES, SONDE_MEMORY_EX_POOLS, 0),
    FIELD(peak_nonpaged_pool, BYTES, SONDE_MEMORY_EX_POOLS, 0),
};
DEFINE_RECORD(process_memory_ex);
#undef R

#define R sonde_process_footprint
static const struct field process_footprint_fields[] = {
    FIELD(uss, BYTES, SONDE_FOOTPRINT_USS, 0),
    FIELD(pss, BYTES, SONDE_FOOTPRINT_PSS, 0),
    FIELD(swap, BYTES, SONDE_FOOTPRINT_SWAP, 0),
};
DEFINE_RECORD(process_footprint);
#undef R

#define R sonde_process_delays
static const struct field process_delays_fields[] = {
    FIELD(cpu_count, NONE, SONDE_DELAYS_CPU, 0),
    FIELD(cpu_total, DURATION, SONDE_DELAYS_CPU, 0),
    FIELD(blkio_count, NONE, SONDE_DELAYS_BLKIO, 0),
    FIELD(blkio_total, DURATION, SONDE_DELAYS_BLKIO, 0),
    FIELD(swapin_count, NONE, SONDE_DELAYS_SWAPIN, 0),
    FIELD(swapin_total, DURATION, SONDE_DELAYS_SWAPIN, 0),
    FIELD(freepages_count, NONE, SONDE_DELAYS_FREEPAGES, 0),
    FIELD(freepages_total, DURATION, SONDE_DELAYS_FREEPAGES, 0),
    FIELD(thrashing_count, NONE, SONDE_DELAYS_THRASHING, 0),
    FIELD(thrashing_total, DURATION, SONDE_DELAYS_THRASHING, 0),
    FIELD(compact_count, NONE, SONDE_DELAYS_COMPACT, 0),
    FIELD(compact_total, DURATION, SONDE_DELAYS_COMPACT, 0),
    FIELD(wpcopy_count, NONE, SONDE_DELAYS_WPCOPY, 0),
    FIELD(wpcopy_total, DURATION, SONDE_DELAYS_WPCOPY, 0),
    FIELD(irq_count, NONE, SONDE_DELAYS_IRQ, 0),
    FIELD(irq_total, DURATION, SONDE_DELAYS_IRQ, 0),
};
DEFINE_RECORD(process_delays);
#undef R

#define R sonde_process_capabilities
static const struct field process_capabilities_fields[] = {
    FIELD(inheritable, HEX, 0, 0), FIELD(permitted, HEX, 0, 0), FIELD(effective, HEX, 0, 0),
    FIELD(bounding, HEX, 0, 0),    FIELD(ambient, HEX, 0, 0),
};
DEFINE_RECORD_ALL_TOLD(process_capabilities);
#undef R

#define R sonde_process_signals
static const struct field process_signals_fields[] = {
    FIELD(pending, HEX, 0, 0),       FIELD(shared_pending, HEX, 0, 0), FIELD(blocked, HEX, 0, 0),
    FIELD(ignored, HEX, 0, 0),       FIELD(caught, HEX, 0, 0),         FIELD(queued, NONE, 0, 0),
    FIELD(queued_limit, NONE, 0, 0),
};
DEFINE_RECORD_ALL_TOLD(process_signals);
#undef R

#define R sonde_process_namespaces
static const struct field process_namespaces_fields[] = {
    FIELD(cgroup, NONE, 0, 0), FIELD(ipc, NONE, 0, 0),
    FIELD(mnt, NONE, 0, 0),    FIELD(net, NONE, 0, 0),
    FIELD(pid, NONE, 0, 0),    FIELD(pid_for_children, NONE, 0, 0),
    FIELD(time, NONE, 0, 0),   FIELD(time_for_children, NONE, 0, 0),
    FIELD(user, NONE, 0, 0),   FIELD(uts, NONE, 0, 0),
};
DEFINE_RECORD_ALL_TOLD(process_namespaces);
#undef R

#define R sonde_process_microstates
static const struct field process_microstates_fields[] = {
    FIELD(user, DURATION, 0, 0),       FIELD(system, DURATION, 0, 0),     FIELD(trap, DURATION, 0, 0),
    FIELD(text_fault, DURATION, 0, 0), FIELD(data_fault, DURATION, 0, 0), FIELD(kernel_fault, DURATION, 0, 0),
    FIELD(user_lock, DURATION, 0, 0),  FIELD(sleep, DURATION, 0, 0),      FIELD(cpu_wait, DURATION, 0, 0),
    FIELD(stopped, DURATION, 0, 0),
};
DEFINE_RECORD_ALL_TOLD(process_microstates);
#undef R

#define R sonde_process
static const struct field process_fields[] = {
    FIELD(pid, NONE, 0, FIELD_IDENTITY),
    STATUS,
    ENUM(state, process_state, SONDE_PROCESS_STATE, 0),
    FLAGS(denied, process_field, 0, 0),
    FLAGS(failed, process_field, 0, 0),
    FIELD(name, NONE, SONDE_PROCESS_NAME, 0),
    FIELD(ppid, NONE, SONDE_PROCESS_PPID, 0),
    FIELD(start_time, MOMENT, SONDE_PROCESS_START_TIME, 0),
    FIELD(start_id, NONE, SONDE_PROCESS_START_TIME, 0),
    FIELD(unique_id, NONE, SONDE_PROCESS_UNIQUE_ID, 0),
    FIELD(user_time, DURATION, SONDE_PROCESS_CPU_TIMES, 0),
    FIELD(system_time, DURATION, SONDE_PROCESS_CPU_TIMES, 0),
    FIELD(children_user_time, DURATION, SONDE_PROCESS_CHILDREN_TIMES, 0),
    FIELD(children_system_time, DURATION, SONDE_PROCESS_CHILDREN_TIMES, 0),
    FIELD(iowait_time, DURATION, SONDE_PROCESS_IOWAIT_TIME, 0),
    FIELD(guest_time, DURATION, SONDE_PROCESS_GUEST_TIME, 0),
    FIELD(children_guest_time, DURATION, SONDE_PROCESS_GUEST_TIME, 0),
    FIELD(run_delay, DURATION, SONDE_PROCESS_RUN_DELAY, 0),
    FIELD(rss, BYTES, SONDE_PROCESS_RSS, 0),
    FIELD(vms, BYTES, SONDE_PROCESS_VMS, 0),
    FIELD(shared, BYTES, SONDE_PROCESS_MEMORY, 0),
    FIELD(text, BYTES, SONDE_PROCESS_MEMORY, 0),
    FIELD(data, BYTES, SONDE_PROCESS_MEMORY, 0),
    POINTER(memory_ex, process_memory_ex, SONDE_PROCESS_MEMORY_EX),
    POINTER(footprint, process_footprint, SONDE_PROCESS_FOOTPRINT),
    FIELD(minor_faults, NONE, SONDE_PROCESS_PAGE_FAULTS, 0),
    FIELD(major_faults, NONE, SONDE_PROCESS_PAGE_FAULTS, 0),
    FIELD(children_minor_faults, NONE, SONDE_PROCESS_CHILDREN_PAGE_FAULTS, 0),
    FIELD(children_major_faults, NONE, SONDE_PROCESS_CHILDREN_PAGE_FAULTS, 0),
    FIELD(voluntary_ctx_switches, NONE, SONDE_PROCESS_CTX_SWITCHES, 0),
    FIELD(involuntary_ctx_switches, NONE, SONDE_PROCESS_CTX_SWITCHES, 0),
    FIELD(read_count, NONE, SONDE_PROCESS_IO, 0),
    FIELD(write_count, NONE, SONDE_PROCESS_IO, 0),
    FIELD(read_bytes, BYTES, SONDE_PROCESS_IO, 0),
    FIELD(write_bytes, BYTES, SONDE_PROCESS_IO, 0),
    FIELD(read_chars, BYTES, SONDE_PROCESS_IO, 0),
    FIELD(write_chars, BYTES, SONDE_PROCESS_IO, 0),
    FIELD(cancelled_write_bytes, BYTES, SONDE_PROCESS_IO, 0),
    FIELD(other_count, NONE, SONDE_PROCESS_IO, 0),
    FIELD(other_bytes, BYTES, SONDE_PROCESS_IO, 0),
    FIELD(num_threads, NONE, SONDE_PROCESS_NUM_THREADS, 0),
    FIELD(num_fds, NONE, SONDE_PROCESS_NUM_FDS, 0),
    FIELD(num_handles, NONE, SONDE_PROCESS_NUM_HANDLES, 0),
    FIELD(nice, NONE, SONDE_PROCESS_NICE, 0),
    FIELD(priority, NONE, SONDE_PROCESS_PRIORITY, 0),
    FIELD(rt_priority, NONE, SONDE_PROCESS_PRIORITY, 0),
    FIELD(policy, NONE, SONDE_PROCESS_PRIORITY, 0),
    FIELD(ionice_class, NONE, SONDE_PROCESS_IONICE, 0),
    FIELD(ionice_value, NONE, SONDE_PROCESS_IONICE, 0),
    FIELD(cpu_num, NONE, SONDE_PROCESS_CPU_NUM, 0),
    FIELD(autogroup_nice, NONE, SONDE_PROCESS_AUTOGROUP, 0),
    FIELD(autogroup, NONE, SONDE_PROCESS_AUTOGROUP, 0),
    FIELD(pgrp, NONE, SONDE_PROCESS_PGRP, 0),
    FIELD(session, NONE, SONDE_PROCESS_PGRP, 0),
    FIELD(tpgid, NONE, SONDE_PROCESS_TTY, 0),
    FIELD(tty, NONE, SONDE_PROCESS_TTY, 0),
    FIELD(terminal, NONE, SONDE_PROCESS_TERMINAL, 0),
    FIELD(os_flags, HEX, SONDE_PROCESS_FLAGS, 0),
    FIELD(exit_signal, NONE, SONDE_PROCESS_FLAGS, 0),
    FIELD(umask, OCTAL, SONDE_PROCESS_UMASK, 0),
    RECORD(uids, ids, SONDE_PROCESS_UIDS),
    RECORD(gids, ids, SONDE_PROCESS_GIDS),
    FIELD(loginuid, NONE, SONDE_PROCESS_LOGINUID, 0),
    FIELD(bitness, NONE, SONDE_PROCESS_BITNESS, 0),
    FIELD(translated, NONE, SONDE_PROCESS_BITNESS, 0),
    FIELD(elevated, NONE, SONDE_PROCESS_ELEVATED, 0),
    ARRAY(groups, num_groups, SONDE_PROCESS_GROUPS, 0),
    FIELD(username, NONE, SONDE_PROCESS_USERNAME, 0),
    FIELD(cmdline, NONE, SONDE_PROCESS_CMDLINE, FIELD_JSON_ONLY),
    ARRAY(args, num_args, SONDE_PROCESS_CMDLINE, 0),
    FIELD(exe, NONE, SONDE_PROCESS_EXE, 0),
    FIELD(exe_deleted, NONE, SONDE_PROCESS_EXE, 0),
    FIELD(cwd, NONE, SONDE_PROCESS_CWD, 0),
    FIELD(root, NONE, SONDE_PROCESS_ROOT, 0),
    FIELD(cgroup, NONE, SONDE_PROCESS_CGROUP, 0),
    FIELD(container_id, NONE, SONDE_PROCESS_CGROUP, 0),
    FIELD(label, NONE, SONDE_PROCESS_LABEL, 0),
    FIELD(wchan, NONE, SONDE_PROCESS_WCHAN, 0),
    FIELD(zone, NONE, SONDE_PROCESS_ZONE, 0),
    POINTER(namespaces, process_namespaces, SONDE_PROCESS_NAMESPACES),
    POINTER(capabilities, process_capabilities, SONDE_PROCESS_CAPABILITIES),
    POINTER(signals, process_signals, SONDE_PROCESS_SIGNALS),
    POINTER(microstates, process_microstates, SONDE_PROCESS_MICROSTATES),
    ARRAY(ns_pids, num_ns_pids, SONDE_PROCESS_NS_PIDS, 0),
    FIELD(oom_score, NONE, SONDE_PROCESS_OOM, 0),
    FIELD(oom_score_adj, NONE, SONDE_PROCESS_OOM, 0),
    FIELD(seccomp, NONE, SONDE_PROCESS_SECCOMP, 0),
    FIELD(no_new_privs, NONE, SONDE_PROCESS_SECCOMP, 0),
    FIELD(gpu_time, DURATION, SONDE_PROCESS_GPU, 0),
    FIELD(gpu_memory, BYTES, SONDE_PROCESS_GPU, 0),
    POINTER(delays, process_delays, SONDE_PROCESS_DELAYS),
};
DEFINE_ROW(process);
#undef R

#define R sonde_thread
static const struct field thread_fields[] = {
    FIELD(id, NONE, 0, FIELD_IDENTITY),
    STATUS,
    ENUM(state, process_state, SONDE_THREAD_STATE, 0),
    FIELD(name, NONE, SONDE_THREAD_NAME, 0),
    FIELD(user_time, DURATION, SONDE_THREAD_TIMES, 0),
    FIELD(system_time, DURATION, SONDE_THREAD_TIMES, 0),
    FIELD(start_time, MOMENT, SONDE_THREAD_START_TIME, 0),
    FIELD(priority, NONE, SONDE_THREAD_PRIORITY, 0),
    FIELD(nice, NONE, SONDE_THREAD_PRIORITY, 0),
    FIELD(cpu_num, NONE, SONDE_THREAD_CPU_NUM, 0),
};
DEFINE_ROW(thread);
#undef R

#define R sonde_open_file
static const struct field open_file_fields[] = {
    FIELD(fd, NONE, 0, FIELD_IDENTITY),
    STATUS,
    ENUM(kind, file_kind, SONDE_OPEN_FILE_KIND, 0),
    FIELD(mode, NONE, SONDE_OPEN_FILE_FLAGS, 0),
    FIELD(flags, OCTAL, SONDE_OPEN_FILE_FLAGS, FIELD_DETAIL),
    FIELD(position, NONE, SONDE_OPEN_FILE_POSITION, 0),
    FIELD(mount_id, NONE, SONDE_OPEN_FILE_MOUNT_ID, FIELD_DETAIL),
    FIELD(inode, NONE, SONDE_OPEN_FILE_INODE, FIELD_DETAIL),
    FIELD(deleted, NONE, 0, 0),
    FIELD(path, NONE, 0, 0),
};
DEFINE_ROW(open_file);
#undef R

#define R sonde_map
static const struct field map_fields[] = {
    STATUS,
    FIELD(start, HEX, 0, FIELD_IDENTITY),
    FIELD(end, HEX, 0, 0),
    FIELD(perms, NONE, 0, 0),
    FIELD(rss, BYTES, SONDE_MAP_RSS, 0),
    FIELD(pss, BYTES, SONDE_MAP_PSS, 0),
    FIELD(swap, BYTES, SONDE_MAP_SWAP, 0),
    FIELD(shared_clean, BYTES, SONDE_MAP_SHARED, FIELD_DETAIL),
    FIELD(shared_dirty, BYTES, SONDE_MAP_SHARED, FIELD_DETAIL),
    FIELD(private_clean, BYTES, SONDE_MAP_PRIVATE, FIELD_DETAIL),
    FIELD(private_dirty, BYTES, SONDE_MAP_PRIVATE, FIELD_DETAIL),
    FIELD(referenced, BYTES, SONDE_MAP_REFERENCED, FIELD_DETAIL),
    FIELD(anonymous, BYTES, SONDE_MAP_ANONYMOUS, FIELD_DETAIL),
    FIELD(locked, BYTES, SONDE_MAP_LOCKED, FIELD_DETAIL),
    FIELD(offset, HEX, SONDE_MAP_FILE, FIELD_DETAIL),
    FIELD(inode, NONE, SONDE_MAP_FILE, FIELD_DETAIL),
    FIELD(deleted, NONE, 0, FIELD_DETAIL),
    FIELD(path, NONE, 0, 0),
};
DEFINE_ROW(map);
#undef R

#define R sonde_environ
static const struct field environ_fields[] = {
    STATUS,
    FIELD(name, NONE, 0, 0),
    FIELD(has_value, NONE, 0, FIELD_DETAIL),
    FIELD(value, NONE, 0, 0),
};
DEFINE_ROW_ALL_TOLD(environ);
#undef R

#define R sonde_limit
static const struct field limit_fields[] = {
    STATUS,
    ENUM(kind, limit_kind, 0, 0),
    FIELD(soft, NONE, 0, 0),
    FIELD(hard, NONE, 0, 0),
};
DEFINE_ROW_ALL_TOLD(limit);
#undef R

const struct record *const all_records[] = {
    &record_cpu_times,
    &record_cpu_percents,
    &record_cpu_count,
    &record_cpu_stats,
    &record_cpu_freq,
    &record_load_average,
    &record_cpu_topology,
    &record_cpu_cache,
    &record_cpu_info,
    &record_cpu_interrupt,
    &record_cpu_schedstat,
    &record_cpu_throttle,
    &record_cpu_vulnerability,
    &record_virtual_memory,
    &record_swap_memory,
    &record_swap_device,
    &record_numa_node,
    &record_memory_stat,
    &record_hugepages,
    &record_disk_partition,
    &record_disk_usage,
    &record_disk_io,
    &record_disk_io_rate,
    &record_disk_device,
    &record_net_io,
    &record_net_io_rate,
    &record_net_if_addr,
    &record_net_if_stats,
    &record_connection,
    &record_tcp_info,
    &record_net_protocol,
    &record_net_error,
    &record_sensor,
    &record_battery,
    &record_gpu,
    &record_host_info,
    &record_host_times,
    &record_user,
    &record_service,
    &record_cgroup,
    &record_pressure,
    &record_ids,
    &record_process_memory_ex,
    &record_process_footprint,
    &record_process_delays,
    &record_process_capabilities,
    &record_process_signals,
    &record_process_namespaces,
    &record_process_microstates,
    &record_process,
    &record_thread,
    &record_open_file,
    &record_map,
    &record_environ,
    &record_limit,
};
const size_t num_records = sizeof all_records / sizeof all_records[0];
