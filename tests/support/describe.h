// SPDX-License-Identifier: MIT
// describe.h - what is in each record of sonde.h: which field belongs to which bit of `valid`, and which are strings.
//
// describe(record, visitor) calls, for each member:
//   status(s)                 the row's status
//   valid(mask, all)          the mask, and every bit that is known; what follows belongs to it
//   field(name, bit, value)   a number, bool, enum or struct without pointers; bit 0: always told
//   pid(name, bit, value)     as field, but SONDE_PID_UNKNOWN when it is not told
//   string(name, bit, s)
//   array(name, bit, pointer, count)
//   record(name, bit, pointer)  NULL unless its bit is valid
#ifndef SONDE_TESTS_SUPPORT_DESCRIBE_H
#define SONDE_TESTS_SUPPORT_DESCRIBE_H

#include <sonde/sonde.h>

namespace sonde_test {

#define SONDE_DESCRIBE(T) \
  template <class V>      \
  void describe(const T &r, V &v)
#define F(bit, member) v.field(#member, static_cast<uint64_t>(bit), r.member)
#define P(bit, member) v.pid(#member, static_cast<uint64_t>(bit), r.member)
#define S(bit, member) v.string(#member, static_cast<uint64_t>(bit), r.member)
#define A(bit, member, count) v.array(#member, static_cast<uint64_t>(bit), r.member, r.count)
#define R(bit, member) v.record(#member, static_cast<uint64_t>(bit), r.member)

SONDE_DESCRIBE(sonde_cpu_times) {
  v.status(r.status), v.valid(r.valid, 0x7ff), F(0, cpu);
  F(SONDE_CPU_TIMES_USER, user), F(SONDE_CPU_TIMES_SYSTEM, system), F(SONDE_CPU_TIMES_IDLE, idle);
  F(SONDE_CPU_TIMES_NICE, nice), F(SONDE_CPU_TIMES_IOWAIT, iowait), F(SONDE_CPU_TIMES_IRQ, irq);
  F(SONDE_CPU_TIMES_SOFTIRQ, softirq), F(SONDE_CPU_TIMES_STEAL, steal), F(SONDE_CPU_TIMES_GUEST, guest);
  F(SONDE_CPU_TIMES_GUEST_NICE, guest_nice), F(SONDE_CPU_TIMES_DPC, dpc);
}

SONDE_DESCRIBE(sonde_cpu_count) {
  v.valid(r.valid, 0x3f);
  F(SONDE_CPU_COUNT_LOGICAL, logical), F(SONDE_CPU_COUNT_PHYSICAL, physical), F(SONDE_CPU_COUNT_PACKAGES, packages);
  F(SONDE_CPU_COUNT_CONFIGURED, configured), F(SONDE_CPU_COUNT_USABLE, usable), F(SONDE_CPU_COUNT_LIMIT, limit);
}

SONDE_DESCRIBE(sonde_cpu_stats) {
  v.valid(r.valid, 0xff);
  F(SONDE_CPU_STATS_CTX_SWITCHES, ctx_switches), F(SONDE_CPU_STATS_INTERRUPTS, interrupts);
  F(SONDE_CPU_STATS_SOFT_INTERRUPTS, soft_interrupts), F(SONDE_CPU_STATS_SYSCALLS, syscalls);
  F(SONDE_CPU_STATS_TRAPS, traps), F(SONDE_CPU_STATS_PROCS_CREATED, procs_created);
  F(SONDE_CPU_STATS_PROCS_RUNNING, procs_running), F(SONDE_CPU_STATS_PROCS_BLOCKED, procs_blocked);
}

SONDE_DESCRIBE(sonde_cpu_freq) {
  v.status(r.status), v.valid(r.valid, 0xf), F(0, cpu);
  F(SONDE_CPU_FREQ_CURRENT, current), F(SONDE_CPU_FREQ_MIN, min), F(SONDE_CPU_FREQ_MAX, max);
  F(SONDE_CPU_FREQ_BASE, base), S(0, governor);
}

SONDE_DESCRIBE(sonde_load_average) {
  v.valid(r.valid, 3);
  F(SONDE_LOAD_AVERAGE_LOAD, load1), F(SONDE_LOAD_AVERAGE_LOAD, load5), F(SONDE_LOAD_AVERAGE_LOAD, load15);
  F(SONDE_LOAD_AVERAGE_TASKS, running), F(SONDE_LOAD_AVERAGE_TASKS, total_tasks);
}

SONDE_DESCRIBE(sonde_cpu_topology) {
  v.status(r.status), v.valid(r.valid, 0xff), F(0, cpu), F(0, online);
  F(SONDE_CPU_TOPOLOGY_PACKAGE, package), F(SONDE_CPU_TOPOLOGY_DIE, die), F(SONDE_CPU_TOPOLOGY_CLUSTER, cluster);
  F(SONDE_CPU_TOPOLOGY_CORE, core), F(SONDE_CPU_TOPOLOGY_NUMA_NODE, numa_node);
  F(SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS, efficiency_class), F(SONDE_CPU_TOPOLOGY_CAPACITY, capacity);
  F(SONDE_CPU_TOPOLOGY_GROUP, group);
}

SONDE_DESCRIBE(sonde_cpu_cache) {
  v.status(r.status), v.valid(r.valid, 0x1f), F(0, level), F(0, type);
  F(SONDE_CPU_CACHE_SIZE, size), F(SONDE_CPU_CACHE_LINE_SIZE, line_size), F(SONDE_CPU_CACHE_WAYS, ways);
  F(SONDE_CPU_CACHE_SETS, sets), A(SONDE_CPU_CACHE_CPUS, cpus, num_cpus);
}

SONDE_DESCRIBE(sonde_cpu_info) {
  v.status(r.status), v.valid(r.valid, 0x7f), F(0, first_cpu), F(0, num_cpus);
  S(SONDE_CPU_INFO_VENDOR, vendor), S(SONDE_CPU_INFO_MODEL_NAME, model_name), S(SONDE_CPU_INFO_MICROCODE, microcode);
  F(SONDE_CPU_INFO_FAMILY, family), F(SONDE_CPU_INFO_MODEL, model), F(SONDE_CPU_INFO_STEPPING, stepping);
  A(SONDE_CPU_INFO_FEATURES, features, num_features);
}

SONDE_DESCRIBE(sonde_cpu_interrupt) {
  v.status(r.status), S(0, name), S(0, description), F(0, soft), F(0, count);
  A(0, cpus, num_cpus), A(0, counts, num_cpus);
}

SONDE_DESCRIBE(sonde_cpu_schedstat) {
  v.status(r.status), v.valid(r.valid, 7), F(0, cpu), F(SONDE_CPU_SCHEDSTAT_RUN_TIME, run_time);
  F(SONDE_CPU_SCHEDSTAT_WAIT_TIME, wait_time), F(SONDE_CPU_SCHEDSTAT_TIMESLICES, timeslices);
}

SONDE_DESCRIBE(sonde_cpu_throttle) {
  v.status(r.status), v.valid(r.valid, 0xf), F(0, cpu);
  F(SONDE_CPU_THROTTLE_CORE_COUNT, core_count), F(SONDE_CPU_THROTTLE_CORE_TIME, core_time);
  F(SONDE_CPU_THROTTLE_PACKAGE_COUNT, package_count), F(SONDE_CPU_THROTTLE_PACKAGE_TIME, package_time);
}

SONDE_DESCRIBE(sonde_cpu_vulnerability) { v.status(r.status), S(0, name), F(0, state), S(0, description); }

SONDE_DESCRIBE(sonde_virtual_memory) {
  v.valid(r.valid, 0xfffff);
  F(SONDE_MEMORY_TOTAL, total), F(SONDE_MEMORY_AVAILABLE, available), F(SONDE_MEMORY_USED, used);
  F(SONDE_MEMORY_FREE, free), F(SONDE_MEMORY_ACTIVE, active), F(SONDE_MEMORY_INACTIVE, inactive);
  F(SONDE_MEMORY_BUFFERS, buffers), F(SONDE_MEMORY_CACHED, cached), F(SONDE_MEMORY_SHARED, shared);
  F(SONDE_MEMORY_SLAB, slab), F(SONDE_MEMORY_WIRED, wired), F(SONDE_MEMORY_COMPRESSED, compressed);
  F(SONDE_MEMORY_LAUNDRY, laundry), F(SONDE_MEMORY_ARC, arc), F(SONDE_MEMORY_DIRTY, dirty);
  F(SONDE_MEMORY_COMMITTED, committed), F(SONDE_MEMORY_COMMIT_LIMIT, commit_limit);
  F(SONDE_MEMORY_SLAB_RECLAIMABLE, slab_reclaimable), F(SONDE_MEMORY_PAGE_TABLES, page_tables);
  F(SONDE_MEMORY_HUGEPAGES, hugepages_total), F(SONDE_MEMORY_HUGEPAGES, hugepages_free), F(0, page_size);
}

SONDE_DESCRIBE(sonde_swap_memory) {
  v.valid(r.valid, 0x1f);
  F(SONDE_SWAP_TOTAL, total), F(SONDE_SWAP_USED, used), F(SONDE_SWAP_FREE, free);
  F(SONDE_SWAP_SIN, sin), F(SONDE_SWAP_SOUT, sout);
}

SONDE_DESCRIBE(sonde_swap_device) {
  v.status(r.status), v.valid(r.valid, 7), S(0, name), S(0, type), F(0, total);
  F(SONDE_SWAP_DEVICE_USED, used), F(SONDE_SWAP_DEVICE_PEAK, peak), F(SONDE_SWAP_DEVICE_PRIORITY, priority);
}

SONDE_DESCRIBE(sonde_numa_node) {
  v.status(r.status), v.valid(r.valid, 7), F(0, node);
  F(SONDE_NUMA_NODE_TOTAL, total), F(SONDE_NUMA_NODE_FREE, free), A(SONDE_NUMA_NODE_CPUS, cpus, num_cpus);
}

SONDE_DESCRIBE(sonde_memory_stat) { v.status(r.status), S(0, source), S(0, name), F(0, value), F(0, unit); }

SONDE_DESCRIBE(sonde_hugepages) {
  v.status(r.status), v.valid(r.valid, 0x1f), F(0, node), F(0, page_size);
  F(SONDE_HUGEPAGES_TOTAL, total), F(SONDE_HUGEPAGES_FREE, free), F(SONDE_HUGEPAGES_RESERVED, reserved);
  F(SONDE_HUGEPAGES_SURPLUS, surplus), F(SONDE_HUGEPAGES_OVERCOMMIT, overcommit);
}

SONDE_DESCRIBE(sonde_heap_info) {
  v.valid(r.valid, 7);
  F(SONDE_HEAP_USED, heap_used), F(SONDE_HEAP_MMAP_USED, mmap_used), F(SONDE_HEAP_COUNT, heap_count);
}

SONDE_DESCRIBE(sonde_disk_partition) {
  v.status(r.status), v.valid(r.valid, 7), S(0, device), S(0, mountpoint), S(0, fstype), S(0, opts), F(0, flags);
  S(SONDE_PARTITION_ROOT, root), F(SONDE_PARTITION_MOUNT_ID, mount_id), F(SONDE_PARTITION_MOUNT_ID, parent_id);
  F(SONDE_PARTITION_DEV, dev_major), F(SONDE_PARTITION_DEV, dev_minor);
}

SONDE_DESCRIBE(sonde_disk_usage) {
  v.valid(r.valid, 7);
  F(SONDE_DISK_USAGE_SPACE, total), F(SONDE_DISK_USAGE_SPACE, used), F(SONDE_DISK_USAGE_SPACE, free);
  F(SONDE_DISK_USAGE_SPACE, reserved), F(SONDE_DISK_USAGE_SPACE, block_size);
  F(SONDE_DISK_USAGE_INODES, inodes), F(SONDE_DISK_USAGE_INODES, inodes_used), F(SONDE_DISK_USAGE_INODES, inodes_free);
  F(SONDE_DISK_USAGE_READ_ONLY, read_only);
}

SONDE_DESCRIBE(sonde_disk_io) {
  v.status(r.status), v.valid(r.valid, 0x1ff), S(0, name), F(0, partition);
  F(SONDE_DISK_IO_COUNTS, read_count), F(SONDE_DISK_IO_COUNTS, write_count);
  F(SONDE_DISK_IO_BYTES, read_bytes), F(SONDE_DISK_IO_BYTES, write_bytes);
  F(SONDE_DISK_IO_TIMES, read_time), F(SONDE_DISK_IO_TIMES, write_time);
  F(SONDE_DISK_IO_MERGED, read_merged), F(SONDE_DISK_IO_MERGED, write_merged);
  F(SONDE_DISK_IO_BUSY_TIME, busy_time), F(SONDE_DISK_IO_WEIGHTED_TIME, weighted_time);
  F(SONDE_DISK_IO_IN_FLIGHT, in_flight), F(SONDE_DISK_IO_DISCARD, discard_count);
  F(SONDE_DISK_IO_DISCARD, discard_bytes), F(SONDE_DISK_IO_DISCARD, discard_merged);
  F(SONDE_DISK_IO_DISCARD, discard_time), F(SONDE_DISK_IO_FLUSH, flush_count), F(SONDE_DISK_IO_FLUSH, flush_time);
}

SONDE_DESCRIBE(sonde_disk_device) {
  v.status(r.status), v.valid(r.valid, 0x3f), S(0, name), S(0, parent), S(0, vendor), S(0, model), S(0, serial);
  S(0, firmware), S(0, wwn), F(SONDE_DISK_DEVICE_SIZE, size), F(SONDE_DISK_DEVICE_KIND, kind);
  F(SONDE_DISK_DEVICE_REMOVABLE, removable), F(SONDE_DISK_DEVICE_READ_ONLY, read_only);
  F(SONDE_DISK_DEVICE_BLOCK_SIZES, logical_block_size), F(SONDE_DISK_DEVICE_BLOCK_SIZES, physical_block_size);
  F(SONDE_DISK_DEVICE_DEV, dev_major), F(SONDE_DISK_DEVICE_DEV, dev_minor);
  S(0, type), S(0, mapped_name), S(0, backing_file), A(0, members, num_members), S(0, label), S(0, uuid);
}

SONDE_DESCRIBE(sonde_net_io) {
  v.status(r.status), v.valid(r.valid, 0x1ff), S(0, name);
  F(SONDE_NET_IO_BYTES, bytes_sent), F(SONDE_NET_IO_BYTES, bytes_recv), F(SONDE_NET_IO_PACKETS, packets_sent);
  F(SONDE_NET_IO_PACKETS, packets_recv), F(SONDE_NET_IO_ERRIN, errin), F(SONDE_NET_IO_ERROUT, errout);
  F(SONDE_NET_IO_DROPIN, dropin), F(SONDE_NET_IO_DROPOUT, dropout), F(SONDE_NET_IO_MULTICAST, multicast);
  F(SONDE_NET_IO_COLLISIONS, collisions), F(SONDE_NET_IO_DETAIL, fifo_in), F(SONDE_NET_IO_DETAIL, fifo_out);
  F(SONDE_NET_IO_DETAIL, frame), F(SONDE_NET_IO_DETAIL, carrier), F(SONDE_NET_IO_DETAIL, compressed_in);
  F(SONDE_NET_IO_DETAIL, compressed_out);
}

SONDE_DESCRIBE(sonde_net_if_addr) {
  v.status(r.status), S(0, name), F(0, index), F(0, address), F(0, netmask), F(0, broadcast), F(0, ptp);
  F(0, prefix_len);
}

SONDE_DESCRIBE(sonde_net_if_stats) {
  v.status(r.status), v.valid(r.valid, 0x7f), S(0, name), S(0, operstate), F(0, hwaddr);
  F(SONDE_NET_IF_STATS_INDEX, index), F(SONDE_NET_IF_STATS_ISUP, isup), F(SONDE_NET_IF_STATS_DUPLEX, duplex);
  F(SONDE_NET_IF_STATS_SPEED, speed), F(SONDE_NET_IF_STATS_MTU, mtu), F(SONDE_NET_IF_STATS_FLAGS, flags);
  F(SONDE_NET_IF_STATS_CARRIER_CHANGES, carrier_changes);
}

SONDE_DESCRIBE(sonde_tcp_info) {
  v.valid(r.valid, 0x3), F(0, rtt), F(0, rttvar), F(0, retransmits), F(0, lost), F(0, snd_cwnd), F(0, snd_mss);
  F(0, rcv_mss), F(SONDE_TCP_INFO_BYTES, bytes_acked), F(SONDE_TCP_INFO_BYTES, bytes_received);
  F(SONDE_TCP_INFO_DELIVERY_RATE, delivery_rate);
}

SONDE_DESCRIBE(sonde_connection) {
  v.status(r.status), v.valid(r.valid, 0x7f), F(0, family), F(0, type), F(0, state), F(0, laddr), F(0, raddr);
  S(0, lpath), S(0, rpath), P(SONDE_CONNECTION_VALID_OWNER, pid), P(SONDE_CONNECTION_VALID_OWNER, fd);
  F(SONDE_CONNECTION_VALID_UID, uid), F(SONDE_CONNECTION_VALID_INODE, inode);
  F(SONDE_CONNECTION_VALID_QUEUES, recv_queue), F(SONDE_CONNECTION_VALID_QUEUES, send_queue);
  F(SONDE_CONNECTION_VALID_RETRANSMITS, retransmits), F(SONDE_CONNECTION_VALID_DROPS, drops);
  F(SONDE_CONNECTION_VALID_INTERFACE, interface_index), R(0, tcp_info);
}

SONDE_DESCRIBE(sonde_net_protocol) { v.status(r.status), S(0, protocol), S(0, name), F(0, value); }

SONDE_DESCRIBE(sonde_net_error) {
  v.status(r.status), v.valid(r.valid, 7), S(0, name), F(0, index);
  F(SONDE_NET_ERROR_COUNTS, rx_length);
  F(SONDE_NET_ERROR_COUNTS, rx_over);
  F(SONDE_NET_ERROR_COUNTS, rx_crc);
  F(SONDE_NET_ERROR_COUNTS, rx_frame);
  F(SONDE_NET_ERROR_COUNTS, rx_fifo);
  F(SONDE_NET_ERROR_COUNTS, rx_missed);
  F(SONDE_NET_ERROR_COUNTS, tx_aborted);
  F(SONDE_NET_ERROR_COUNTS, tx_carrier);
  F(SONDE_NET_ERROR_COUNTS, tx_fifo);
  F(SONDE_NET_ERROR_COUNTS, tx_heartbeat);
  F(SONDE_NET_ERROR_COUNTS, tx_window);
  F(SONDE_NET_ERROR_NO_HANDLER, rx_no_handler), F(SONDE_NET_ERROR_OTHER_HOST, rx_other_host);
}

SONDE_DESCRIBE(sonde_sensor) {
  v.status(r.status), v.valid(r.valid, 0x7f), F(0, kind), S(0, chip), S(0, label);
  F(SONDE_SENSOR_VALID_CURRENT, current), F(SONDE_SENSOR_VALID_HIGH, high), F(SONDE_SENSOR_VALID_CRITICAL, critical);
  F(SONDE_SENSOR_VALID_LOW, low), F(SONDE_SENSOR_VALID_LOW_CRITICAL, low_critical);
  F(SONDE_SENSOR_VALID_WRAP, wrap), F(SONDE_SENSOR_VALID_ALARM, alarm);
}

SONDE_DESCRIBE(sonde_battery) {
  v.status(r.status), v.valid(r.valid, 0x7f), S(0, name), F(0, state);
  F(SONDE_BATTERY_VALID_PERCENT, percent), F(SONDE_BATTERY_VALID_TIME_LEFT, time_left);
  F(SONDE_BATTERY_VALID_POWER_PLUGGED, power_plugged), F(SONDE_BATTERY_VALID_ENERGY, energy);
  F(SONDE_BATTERY_VALID_ENERGY, energy_full), F(SONDE_BATTERY_VALID_ENERGY, energy_design);
  F(SONDE_BATTERY_VALID_POWER, power), F(SONDE_BATTERY_VALID_VOLTAGE, voltage), F(SONDE_BATTERY_VALID_CYCLES, cycles);
}

SONDE_DESCRIBE(sonde_gpu) {
  v.status(r.status), v.valid(r.valid, 0x1f), S(0, id), S(0, name), S(0, vendor), S(0, driver);
  F(SONDE_GPU_MEMORY, memory_total), F(SONDE_GPU_MEMORY, memory_used), F(SONDE_GPU_UTILIZATION, utilization_ratio);
  F(SONDE_GPU_TEMPERATURE, temperature), F(SONDE_GPU_POWER, power), F(SONDE_GPU_FREQUENCY, frequency);
}

SONDE_DESCRIBE(sonde_host_info) {
  S(0, hostname), S(0, os_name), S(0, os_id), S(0, os_version), S(0, os_pretty_name), S(0, kernel_name);
  S(0, kernel_release), S(0, kernel_version), S(0, architecture), S(0, machine_id), S(0, boot_id);
  S(0, virtualization), S(0, container);
}

SONDE_DESCRIBE(sonde_host_times) {
  v.valid(r.valid, 0xf);
  F(SONDE_HOST_TIMES_BOOT_TIME, boot_time), F(SONDE_HOST_TIMES_UPTIME, uptime), F(SONDE_HOST_TIMES_NOW, now);
  F(SONDE_HOST_TIMES_MONOTONIC, monotonic);
}

SONDE_DESCRIBE(sonde_user) {
  v.status(r.status), v.valid(r.valid, 3), S(0, name), S(0, terminal), S(0, host);
  F(SONDE_USER_STARTED, started), P(SONDE_USER_PID, pid);
}

SONDE_DESCRIBE(sonde_service) {
  v.status(r.status), S(0, name), S(0, display_name), S(0, binpath), S(0, username), S(0, description);
  F(0, start_type), F(0, state), F(0, pid);
}

SONDE_DESCRIBE(sonde_cgroup) {
  v.valid(r.valid, 0x3fff), F(0, version), S(0, path);
  F(SONDE_CGROUP_MEMORY_USAGE, memory_usage), F(SONDE_CGROUP_MEMORY_LIMIT, memory_limit);
  F(SONDE_CGROUP_MEMORY_HIGH, memory_high), F(SONDE_CGROUP_MEMORY_DETAIL, memory_anon);
  F(SONDE_CGROUP_MEMORY_DETAIL, memory_file), F(SONDE_CGROUP_MEMORY_DETAIL, memory_inactive_file);
  F(SONDE_CGROUP_SWAP_USAGE, swap_usage), F(SONDE_CGROUP_SWAP_LIMIT, swap_limit);
  F(SONDE_CGROUP_CPU_LIMIT, cpu_limit), F(SONDE_CGROUP_CPU_USAGE, cpu_usage), F(SONDE_CGROUP_CPU_USAGE, cpu_user);
  F(SONDE_CGROUP_CPU_USAGE, cpu_system), F(SONDE_CGROUP_CPU_THROTTLED, cpu_periods);
  F(SONDE_CGROUP_CPU_THROTTLED, cpu_throttled_periods), F(SONDE_CGROUP_CPU_THROTTLED, cpu_throttled_time);
  F(SONDE_CGROUP_PIDS_CURRENT, pids_current), F(SONDE_CGROUP_PIDS_LIMIT, pids_limit);
  F(SONDE_CGROUP_OOM_KILLS, oom_kills), A(SONDE_CGROUP_CPUSET, cpuset, cpuset_len);
  F(SONDE_CGROUP_IO, io_read_bytes), F(SONDE_CGROUP_IO, io_write_bytes);
  F(SONDE_CGROUP_IO, io_read_count), F(SONDE_CGROUP_IO, io_write_count);
}

SONDE_DESCRIBE(sonde_pressure) {
  v.status(r.status), v.valid(r.valid, 3), F(0, resource);
  F(SONDE_PRESSURE_SOME, some_avg10_ratio), F(SONDE_PRESSURE_SOME, some_avg60_ratio);
  F(SONDE_PRESSURE_SOME, some_avg300_ratio), F(SONDE_PRESSURE_SOME, some_total);
  F(SONDE_PRESSURE_FULL, full_avg10_ratio), F(SONDE_PRESSURE_FULL, full_avg60_ratio);
  F(SONDE_PRESSURE_FULL, full_avg300_ratio), F(SONDE_PRESSURE_FULL, full_total);
}

SONDE_DESCRIBE(sonde_process_memory_ex) {
  v.valid(r.valid, 0x7fff);
  F(SONDE_MEMORY_EX_PEAK_RSS, peak_rss), F(SONDE_MEMORY_EX_PEAK_VMS, peak_vms);
  F(SONDE_MEMORY_EX_RSS_SPLIT, rss_anon), F(SONDE_MEMORY_EX_RSS_SPLIT, rss_file);
  F(SONDE_MEMORY_EX_RSS_SPLIT, rss_shmem), F(SONDE_MEMORY_EX_SWAP, swap), F(SONDE_MEMORY_EX_HUGETLB, hugetlb);
  F(SONDE_MEMORY_EX_LOCKED, locked), F(SONDE_MEMORY_EX_PINNED, pinned), F(SONDE_MEMORY_EX_STACK, stack);
  F(SONDE_MEMORY_EX_LIB, lib), F(SONDE_MEMORY_EX_PAGE_TABLES, page_tables), F(SONDE_MEMORY_EX_WIRED, wired);
  F(SONDE_MEMORY_EX_COMPRESSED, compressed), F(SONDE_MEMORY_EX_PHYS_FOOTPRINT, phys_footprint);
  F(SONDE_MEMORY_EX_VIRTUAL, virtual_size), F(SONDE_MEMORY_EX_VIRTUAL, peak_virtual_size);
  F(SONDE_MEMORY_EX_POOLS, paged_pool), F(SONDE_MEMORY_EX_POOLS, nonpaged_pool);
  F(SONDE_MEMORY_EX_POOLS, peak_paged_pool), F(SONDE_MEMORY_EX_POOLS, peak_nonpaged_pool);
}

SONDE_DESCRIBE(sonde_process_footprint) {
  v.valid(r.valid, 7);
  F(SONDE_FOOTPRINT_USS, uss), F(SONDE_FOOTPRINT_PSS, pss), F(SONDE_FOOTPRINT_SWAP, swap);
}

SONDE_DESCRIBE(sonde_process_delays) {
  v.valid(r.valid, 0xff);
  F(SONDE_DELAYS_CPU, cpu_count), F(SONDE_DELAYS_CPU, cpu_total);
  F(SONDE_DELAYS_BLKIO, blkio_count), F(SONDE_DELAYS_BLKIO, blkio_total);
  F(SONDE_DELAYS_SWAPIN, swapin_count), F(SONDE_DELAYS_SWAPIN, swapin_total);
  F(SONDE_DELAYS_FREEPAGES, freepages_count), F(SONDE_DELAYS_FREEPAGES, freepages_total);
  F(SONDE_DELAYS_THRASHING, thrashing_count), F(SONDE_DELAYS_THRASHING, thrashing_total);
  F(SONDE_DELAYS_COMPACT, compact_count), F(SONDE_DELAYS_COMPACT, compact_total);
  F(SONDE_DELAYS_WPCOPY, wpcopy_count), F(SONDE_DELAYS_WPCOPY, wpcopy_total);
  F(SONDE_DELAYS_IRQ, irq_count), F(SONDE_DELAYS_IRQ, irq_total);
}

SONDE_DESCRIBE(sonde_process_capabilities) {
  F(0, inheritable), F(0, permitted), F(0, effective), F(0, bounding), F(0, ambient);
}

SONDE_DESCRIBE(sonde_process_signals) {
  F(0, pending), F(0, shared_pending), F(0, blocked), F(0, ignored), F(0, caught), F(0, queued), F(0, queued_limit);
}

SONDE_DESCRIBE(sonde_process_namespaces) {
  F(0, cgroup), F(0, ipc), F(0, mnt), F(0, net), F(0, pid), F(0, pid_for_children), F(0, time);
  F(0, time_for_children), F(0, user), F(0, uts);
}

SONDE_DESCRIBE(sonde_process_microstates) {
  F(0, user), F(0, system), F(0, trap), F(0, text_fault), F(0, data_fault), F(0, kernel_fault), F(0, user_lock);
  F(0, sleep), F(0, cpu_wait), F(0, stopped);
}

SONDE_DESCRIBE(sonde_process) {
  v.status(r.status), v.valid(r.valid, SONDE_PROCESS_ALL), F(0, pid), F(0, denied), F(0, failed);
  F(SONDE_PROCESS_STATE, state), S(SONDE_PROCESS_NAME, name), P(SONDE_PROCESS_PPID, ppid);
  F(SONDE_PROCESS_START_TIME, start_time), F(SONDE_PROCESS_START_TIME, start_id), F(SONDE_PROCESS_UNIQUE_ID, unique_id);
  F(SONDE_PROCESS_CPU_TIMES, user_time), F(SONDE_PROCESS_CPU_TIMES, system_time);
  F(SONDE_PROCESS_CHILDREN_TIMES, children_user_time), F(SONDE_PROCESS_CHILDREN_TIMES, children_system_time);
  F(SONDE_PROCESS_IOWAIT_TIME, iowait_time), F(SONDE_PROCESS_GUEST_TIME, guest_time);
  F(SONDE_PROCESS_GUEST_TIME, children_guest_time), F(SONDE_PROCESS_RUN_DELAY, run_delay);
  F(SONDE_PROCESS_RSS, rss), F(SONDE_PROCESS_VMS, vms), F(SONDE_PROCESS_MEMORY, shared), F(SONDE_PROCESS_MEMORY, text);
  F(SONDE_PROCESS_MEMORY, data), R(SONDE_PROCESS_MEMORY_EX, memory_ex), R(SONDE_PROCESS_FOOTPRINT, footprint);
  F(SONDE_PROCESS_PAGE_FAULTS, minor_faults), F(SONDE_PROCESS_PAGE_FAULTS, major_faults);
  F(SONDE_PROCESS_CHILDREN_PAGE_FAULTS, children_minor_faults);
  F(SONDE_PROCESS_CHILDREN_PAGE_FAULTS, children_major_faults);
  F(SONDE_PROCESS_CTX_SWITCHES, voluntary_ctx_switches), F(SONDE_PROCESS_CTX_SWITCHES, involuntary_ctx_switches);
  F(SONDE_PROCESS_IO, read_count), F(SONDE_PROCESS_IO, write_count), F(SONDE_PROCESS_IO, read_bytes);
  F(SONDE_PROCESS_IO, write_bytes), F(SONDE_PROCESS_IO, read_chars), F(SONDE_PROCESS_IO, write_chars);
  F(SONDE_PROCESS_IO, cancelled_write_bytes), F(SONDE_PROCESS_IO, other_count), F(SONDE_PROCESS_IO, other_bytes);
  F(SONDE_PROCESS_NUM_THREADS, num_threads), F(SONDE_PROCESS_NUM_FDS, num_fds);
  F(SONDE_PROCESS_NUM_HANDLES, num_handles), F(SONDE_PROCESS_NICE, nice), F(SONDE_PROCESS_PRIORITY, priority);
  F(SONDE_PROCESS_PRIORITY, rt_priority), F(SONDE_PROCESS_PRIORITY, policy), F(SONDE_PROCESS_IONICE, ionice_class);
  F(SONDE_PROCESS_IONICE, ionice_value), F(SONDE_PROCESS_CPU_NUM, cpu_num);
  F(SONDE_PROCESS_AUTOGROUP, autogroup_nice), F(SONDE_PROCESS_AUTOGROUP, autogroup);
  P(SONDE_PROCESS_PGRP, pgrp), P(SONDE_PROCESS_PGRP, session), P(SONDE_PROCESS_TTY, tpgid), F(SONDE_PROCESS_TTY, tty);
  S(SONDE_PROCESS_TERMINAL, terminal), F(SONDE_PROCESS_FLAGS, os_flags), F(SONDE_PROCESS_FLAGS, exit_signal);
  F(SONDE_PROCESS_UMASK, umask), F(SONDE_PROCESS_UIDS, uids), F(SONDE_PROCESS_GIDS, gids);
  F(SONDE_PROCESS_LOGINUID, loginuid), F(SONDE_PROCESS_BITNESS, bitness), F(SONDE_PROCESS_BITNESS, translated);
  F(SONDE_PROCESS_ELEVATED, elevated), A(SONDE_PROCESS_GROUPS, groups, num_groups);
  S(SONDE_PROCESS_USERNAME, username), S(SONDE_PROCESS_CMDLINE, cmdline), A(SONDE_PROCESS_CMDLINE, args, num_args);
  S(SONDE_PROCESS_EXE, exe), F(SONDE_PROCESS_EXE, exe_deleted), S(SONDE_PROCESS_CWD, cwd), S(SONDE_PROCESS_ROOT, root);
  S(SONDE_PROCESS_CGROUP, cgroup), S(SONDE_PROCESS_CGROUP, container_id), S(SONDE_PROCESS_LABEL, label);
  S(SONDE_PROCESS_WCHAN, wchan), S(SONDE_PROCESS_ZONE, zone), R(SONDE_PROCESS_NAMESPACES, namespaces);
  R(SONDE_PROCESS_CAPABILITIES, capabilities), R(SONDE_PROCESS_SIGNALS, signals);
  R(SONDE_PROCESS_MICROSTATES, microstates), A(SONDE_PROCESS_NS_PIDS, ns_pids, num_ns_pids);
  F(SONDE_PROCESS_OOM, oom_score), F(SONDE_PROCESS_OOM, oom_score_adj), F(SONDE_PROCESS_SECCOMP, seccomp);
  F(SONDE_PROCESS_SECCOMP, no_new_privs), F(SONDE_PROCESS_GPU, gpu_time), F(SONDE_PROCESS_GPU, gpu_memory);
  R(SONDE_PROCESS_DELAYS, delays);
}

SONDE_DESCRIBE(sonde_thread) {
  v.status(r.status), v.valid(r.valid, 0x3f), F(0, id), F(SONDE_THREAD_STATE, state), S(SONDE_THREAD_NAME, name);
  F(SONDE_THREAD_TIMES, user_time), F(SONDE_THREAD_TIMES, system_time), F(SONDE_THREAD_START_TIME, start_time);
  F(SONDE_THREAD_PRIORITY, priority), F(SONDE_THREAD_PRIORITY, nice), F(SONDE_THREAD_CPU_NUM, cpu_num);
}

SONDE_DESCRIBE(sonde_open_file) {
  v.status(r.status), v.valid(r.valid, 0x1f), F(0, fd), S(0, path), F(0, deleted), F(SONDE_OPEN_FILE_KIND, kind);
  F(SONDE_OPEN_FILE_POSITION, position), F(SONDE_OPEN_FILE_FLAGS, flags), F(SONDE_OPEN_FILE_FLAGS, mode);
  F(SONDE_OPEN_FILE_MOUNT_ID, mount_id), F(SONDE_OPEN_FILE_INODE, inode);
}

SONDE_DESCRIBE(sonde_map) {
  v.status(r.status), v.valid(r.valid, 0x1ff), F(0, start), F(0, end), F(0, perms), S(0, path), F(0, deleted);
  F(SONDE_MAP_FILE, offset), F(SONDE_MAP_FILE, inode), F(SONDE_MAP_RSS, rss), F(SONDE_MAP_PSS, pss);
  F(SONDE_MAP_SHARED, shared_clean), F(SONDE_MAP_SHARED, shared_dirty), F(SONDE_MAP_PRIVATE, private_clean);
  F(SONDE_MAP_PRIVATE, private_dirty), F(SONDE_MAP_REFERENCED, referenced), F(SONDE_MAP_ANONYMOUS, anonymous);
  F(SONDE_MAP_SWAP, swap), F(SONDE_MAP_LOCKED, locked);
}

SONDE_DESCRIBE(sonde_environ) { v.status(r.status), S(0, name), S(0, value), F(0, has_value); }

SONDE_DESCRIBE(sonde_limit) { v.status(r.status), F(0, kind), F(0, soft), F(0, hard); }

SONDE_DESCRIBE(sonde_exit) {
  v.valid(r.valid, 3);
  F(SONDE_EXIT_CODE, code), F(SONDE_EXIT_SIGNAL, signal_number), F(SONDE_EXIT_SIGNAL, core_dumped);
}

#undef F
#undef P
#undef S
#undef A
#undef R
#undef SONDE_DESCRIBE

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_DESCRIBE_H
