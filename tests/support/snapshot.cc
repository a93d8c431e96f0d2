// SPDX-License-Identifier: MIT
#include "tests/support/snapshot.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace sonde_test {

namespace {

std::string number_text(double value) {
  if (!std::isfinite(value)) return "\"not finite\"";
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

std::string address_text(const sonde_address &address) {
  if (address.family == SONDE_FAMILY_NONE) return "null";
  char text[SONDE_ADDRESS_TEXT_MAX];
  const size_t len = sonde_address_format(text, sizeof text, &address);
  return json_string({text, len});
}

constexpr uint64_t kAlways = 0;

// Builds one row.
class Describer {
 public:
  Describer(Snapshot *out, uint64_t valid, sonde_status status = SONDE_OK) : out_(out) {
    row_.valid = valid;
    row_.status = status;
  }
  ~Describer() { out_->rows.push_back(std::move(row_)); }
  Describer(const Describer &) = delete;
  Describer &operator=(const Describer &) = delete;

  Row &row() { return row_; }
  void key(std::string key) { row_.key = std::move(key); }

  void field(const char *name, uint64_t value, uint64_t bit = kAlways) {
    put(name, std::to_string(value), value == 0, bit);
  }
  void field(const char *name, uint32_t value, uint64_t bit = kAlways) { field(name, uint64_t{value}, bit); }
  void field(const char *name, int64_t value, uint64_t bit = kAlways) {
    put(name, std::to_string(value), value == 0, bit);
  }
  void field(const char *name, int32_t value, uint64_t bit = kAlways) { field(name, int64_t{value}, bit); }
  void field(const char *name, bool value, uint64_t bit = kAlways) { put(name, value ? "true" : "false", !value, bit); }
  void field(const char *name, double value, uint64_t bit = kAlways) {
    if (!std::isfinite(value)) broken(name, "is not finite");
    put(name, number_text(value), value == 0, bit);
  }
  void field(const char *name, const sonde_string &value, uint64_t bit = kAlways) {
    if (value.data == nullptr) {
      broken(name, "has no data");
      put(name, "\"\"", true, bit);
      return;
    }
    if (value.data[value.len] != '\0') broken(name, "has no NUL behind it");
    put(name, json_string({value.data, value.len}), value.len == 0, bit);
  }
  void field(const char *name, const sonde_address &value, uint64_t bit = kAlways) {
    put(name, address_text(value), value.family == SONDE_FAMILY_NONE, bit);
  }
  template <typename T>
  void array(const char *name, const T *values, size_t count, uint64_t bit = kAlways) {
    if (values == nullptr && count > 0) {
      broken(name, "is NULL with a count");
      return;
    }
    std::string text = "[";
    for (size_t i = 0; i < count; i++) {
      if (i > 0) text += ", ";
      text += element(values[i]);
    }
    put(name, text + "]", count == 0, bit);
  }
  // A record behind a pointer that is NULL unless its bit is valid.
  template <typename Body>
  void nested(const char *prefix, const void *pointer, uint64_t bit, Body body) {
    if (bit != kAlways && ((row_.valid & bit) != 0) != (pointer != nullptr))
      broken(prefix, "is NULL, or not, unlike its bit");
    if (pointer != nullptr) body();
  }

 private:
  static std::string element(uint32_t value) { return std::to_string(value); }
  static std::string element(uint64_t value) { return std::to_string(value); }
  static std::string element(int64_t value) { return std::to_string(value); }
  static std::string element(const sonde_string &value) { return json_string({value.data, value.len}); }

  void broken(const char *name, const char *what) {
    out_->broken.push_back("row " + std::to_string(out_->rows.size()) + " (" + row_.key + "): " + name + " " + what);
  }
  void put(const char *name, std::string text, bool empty, uint64_t bit) {
    if (bit != kAlways && (row_.valid & bit) == 0) {
      if (!empty) broken(name, ("is not valid, but holds " + text).c_str());
      return;
    }
    row_.fields.push_back({name, std::move(text), empty});
  }

  Snapshot *out_;
  Row row_;
};

std::string quoted(const sonde_string &string) { return json_string({string.data, string.len}); }

}  // namespace

std::string json_string(std::string_view bytes) {
  std::string text = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '"' || byte == '\\') {
      text += '\\';
      text += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      text += c;
    } else {
      static const char hex[] = "0123456789abcdef";
      text += "\\u00";
      text += hex[byte >> 4];
      text += hex[byte & 15];
    }
  }
  return text + "\"";
}

const Field *Row::find(std::string_view name) const {
  for (const Field &field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::string Snapshot::json() const {
  std::string text = "{\"status\": " + json_string(sonde_status_name(status)) + ", \"rows\": [";
  for (size_t i = 0; i < rows.size(); i++) {
    const Row &row = rows[i];
    text += i == 0 ? "\n  {" : ",\n  {";
    const char *separator = "";
    if (row.status != SONDE_OK) {
      text += "\"status\": " + json_string(sonde_status_name(row.status));
      separator = ", ";
    }
    for (const Field &field : row.fields) {
      text += separator;
      text += json_string(field.name) + ": " + field.value;
      separator = ", ";
    }
    const struct {
      const char *name;
      uint64_t mask;
    } masks[] = {{"denied", row.denied}, {"failed", row.failed}};
    for (const auto &mask : masks) {
      if (mask.mask == 0) continue;
      text += separator;
      text += json_string(mask.name) + ": [";
      const char *comma = "";
      for (unsigned bit = 0; bit < 64; bit++) {
        const uint64_t one = UINT64_C(1) << bit;
        if ((mask.mask & one) == 0) continue;
        const char *name = sonde_process_field_name(one);
        text += comma;
        text += json_string(name != nullptr ? name : "?");
        comma = ", ";
      }
      text += "]";
      separator = ", ";
    }
    text += "}";
  }
  text += rows.empty() ? "]}" : "\n ]}";
  return text;
}

#define FIELD(name) d.field(#name, r.name)
#define TOLD(name, bit) d.field(#name, r.name, bit)
#define ENUM(name) d.field(#name, static_cast<int64_t>(r.name))
#define TOLD_ENUM(name, bit) d.field(#name, static_cast<int64_t>(r.name), bit)

void describe(Snapshot *out, const sonde_cpu_times &r) {
  Describer d(out, r.valid, r.status);
  d.key("cpu " + std::to_string(r.cpu));
  FIELD(cpu);
  TOLD(user, SONDE_CPU_TIMES_USER);
  TOLD(system, SONDE_CPU_TIMES_SYSTEM);
  TOLD(idle, SONDE_CPU_TIMES_IDLE);
  TOLD(nice, SONDE_CPU_TIMES_NICE);
  TOLD(iowait, SONDE_CPU_TIMES_IOWAIT);
  TOLD(irq, SONDE_CPU_TIMES_IRQ);
  TOLD(softirq, SONDE_CPU_TIMES_SOFTIRQ);
  TOLD(steal, SONDE_CPU_TIMES_STEAL);
  TOLD(guest, SONDE_CPU_TIMES_GUEST);
  TOLD(guest_nice, SONDE_CPU_TIMES_GUEST_NICE);
  TOLD(dpc, SONDE_CPU_TIMES_DPC);
}

void describe(Snapshot *out, const sonde_cpu_count &r) {
  Describer d(out, r.valid);
  TOLD(logical, SONDE_CPU_COUNT_LOGICAL);
  TOLD(physical, SONDE_CPU_COUNT_PHYSICAL);
  TOLD(packages, SONDE_CPU_COUNT_PACKAGES);
  TOLD(configured, SONDE_CPU_COUNT_CONFIGURED);
  TOLD(usable, SONDE_CPU_COUNT_USABLE);
  TOLD(limit, SONDE_CPU_COUNT_LIMIT);
}

void describe(Snapshot *out, const sonde_cpu_stats &r) {
  Describer d(out, r.valid);
  TOLD(ctx_switches, SONDE_CPU_STATS_CTX_SWITCHES);
  TOLD(interrupts, SONDE_CPU_STATS_INTERRUPTS);
  TOLD(soft_interrupts, SONDE_CPU_STATS_SOFT_INTERRUPTS);
  TOLD(syscalls, SONDE_CPU_STATS_SYSCALLS);
  TOLD(traps, SONDE_CPU_STATS_TRAPS);
  TOLD(procs_created, SONDE_CPU_STATS_PROCS_CREATED);
  TOLD(procs_running, SONDE_CPU_STATS_PROCS_RUNNING);
  TOLD(procs_blocked, SONDE_CPU_STATS_PROCS_BLOCKED);
}

void describe(Snapshot *out, const sonde_cpu_freq &r) {
  Describer d(out, r.valid, r.status);
  d.key("cpu " + std::to_string(r.cpu));
  FIELD(cpu);
  TOLD(current, SONDE_CPU_FREQ_CURRENT);
  TOLD(min, SONDE_CPU_FREQ_MIN);
  TOLD(max, SONDE_CPU_FREQ_MAX);
  TOLD(base, SONDE_CPU_FREQ_BASE);
  FIELD(governor);
}

void describe(Snapshot *out, const sonde_load_average &r) {
  Describer d(out, r.valid);
  TOLD(load1, SONDE_LOAD_AVERAGE_LOAD);
  TOLD(load5, SONDE_LOAD_AVERAGE_LOAD);
  TOLD(load15, SONDE_LOAD_AVERAGE_LOAD);
  TOLD(running, SONDE_LOAD_AVERAGE_TASKS);
  TOLD(total_tasks, SONDE_LOAD_AVERAGE_TASKS);
}

void describe(Snapshot *out, const sonde_cpu_topology &r) {
  Describer d(out, r.valid, r.status);
  d.key("cpu " + std::to_string(r.cpu));
  FIELD(cpu);
  FIELD(online);
  TOLD(package, SONDE_CPU_TOPOLOGY_PACKAGE);
  TOLD(die, SONDE_CPU_TOPOLOGY_DIE);
  TOLD(cluster, SONDE_CPU_TOPOLOGY_CLUSTER);
  TOLD(core, SONDE_CPU_TOPOLOGY_CORE);
  TOLD(numa_node, SONDE_CPU_TOPOLOGY_NUMA_NODE);
  TOLD(efficiency_class, SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS);
  TOLD(capacity, SONDE_CPU_TOPOLOGY_CAPACITY);
  TOLD(group, SONDE_CPU_TOPOLOGY_GROUP);
}

void describe(Snapshot *out, const sonde_cpu_cache &r) {
  Describer d(out, r.valid, r.status);
  d.key("cache L" + std::to_string(r.level) + " type " + std::to_string(r.type) + " of cpu " +
        (r.num_cpus > 0 ? std::to_string(r.cpus[0]) : "?"));
  FIELD(level);
  ENUM(type);
  TOLD(size, SONDE_CPU_CACHE_SIZE);
  TOLD(line_size, SONDE_CPU_CACHE_LINE_SIZE);
  TOLD(ways, SONDE_CPU_CACHE_WAYS);
  TOLD(sets, SONDE_CPU_CACHE_SETS);
  d.array("cpus", r.cpus, r.num_cpus, SONDE_CPU_CACHE_CPUS);
}

void describe(Snapshot *out, const sonde_cpu_info &r) {
  Describer d(out, r.valid, r.status);
  d.key("cpu " + std::to_string(r.first_cpu));
  FIELD(first_cpu);
  FIELD(num_cpus);
  TOLD(vendor, SONDE_CPU_INFO_VENDOR);
  TOLD(model_name, SONDE_CPU_INFO_MODEL_NAME);
  TOLD(microcode, SONDE_CPU_INFO_MICROCODE);
  TOLD(family, SONDE_CPU_INFO_FAMILY);
  TOLD(model, SONDE_CPU_INFO_MODEL);
  TOLD(stepping, SONDE_CPU_INFO_STEPPING);
  d.array("features", r.features, r.num_features, SONDE_CPU_INFO_FEATURES);
}

void describe(Snapshot *out, const sonde_cpu_interrupt &r) {
  Describer d(out, 0, r.status);
  d.key((r.soft ? "softirq " : "irq ") + quoted(r.name));
  FIELD(name);
  FIELD(description);
  FIELD(soft);
  FIELD(count);
  d.array("cpus", r.cpus, r.num_cpus);
  d.array("counts", r.counts, r.num_cpus);
}

void describe(Snapshot *out, const sonde_cpu_schedstat &r) {
  Describer d(out, r.valid, r.status);
  d.key("cpu " + std::to_string(r.cpu));
  FIELD(cpu);
  TOLD(run_time, SONDE_CPU_SCHEDSTAT_RUN_TIME);
  TOLD(wait_time, SONDE_CPU_SCHEDSTAT_WAIT_TIME);
  TOLD(timeslices, SONDE_CPU_SCHEDSTAT_TIMESLICES);
}

void describe(Snapshot *out, const sonde_cpu_throttle &r) {
  Describer d(out, r.valid, r.status);
  d.key("cpu " + std::to_string(r.cpu));
  FIELD(cpu);
  TOLD(core_count, SONDE_CPU_THROTTLE_CORE_COUNT);
  TOLD(core_time, SONDE_CPU_THROTTLE_CORE_TIME);
  TOLD(package_count, SONDE_CPU_THROTTLE_PACKAGE_COUNT);
  TOLD(package_time, SONDE_CPU_THROTTLE_PACKAGE_TIME);
}

void describe(Snapshot *out, const sonde_cpu_vulnerability &r) {
  Describer d(out, 0, r.status);
  d.key("vulnerability " + quoted(r.name));
  FIELD(name);
  ENUM(state);
  FIELD(description);
}

void describe(Snapshot *out, const sonde_cpu_percents &r) {
  Describer d(out, r.valid);
  TOLD(user, SONDE_CPU_TIMES_USER);
  TOLD(system, SONDE_CPU_TIMES_SYSTEM);
  TOLD(idle, SONDE_CPU_TIMES_IDLE);
  TOLD(nice, SONDE_CPU_TIMES_NICE);
  TOLD(iowait, SONDE_CPU_TIMES_IOWAIT);
  TOLD(irq, SONDE_CPU_TIMES_IRQ);
  TOLD(softirq, SONDE_CPU_TIMES_SOFTIRQ);
  TOLD(steal, SONDE_CPU_TIMES_STEAL);
  TOLD(guest, SONDE_CPU_TIMES_GUEST);
  TOLD(guest_nice, SONDE_CPU_TIMES_GUEST_NICE);
  TOLD(dpc, SONDE_CPU_TIMES_DPC);
  FIELD(busy);
}

void describe(Snapshot *out, const sonde_virtual_memory &r) {
  Describer d(out, r.valid);
  TOLD(total, SONDE_MEMORY_TOTAL);
  TOLD(available, SONDE_MEMORY_AVAILABLE);
  TOLD(used, SONDE_MEMORY_USED);
  TOLD(free, SONDE_MEMORY_FREE);
  TOLD(active, SONDE_MEMORY_ACTIVE);
  TOLD(inactive, SONDE_MEMORY_INACTIVE);
  TOLD(buffers, SONDE_MEMORY_BUFFERS);
  TOLD(cached, SONDE_MEMORY_CACHED);
  TOLD(shared, SONDE_MEMORY_SHARED);
  TOLD(slab, SONDE_MEMORY_SLAB);
  TOLD(wired, SONDE_MEMORY_WIRED);
  TOLD(compressed, SONDE_MEMORY_COMPRESSED);
  TOLD(laundry, SONDE_MEMORY_LAUNDRY);
  TOLD(arc, SONDE_MEMORY_ARC);
  TOLD(dirty, SONDE_MEMORY_DIRTY);
  TOLD(committed, SONDE_MEMORY_COMMITTED);
  TOLD(commit_limit, SONDE_MEMORY_COMMIT_LIMIT);
  TOLD(slab_reclaimable, SONDE_MEMORY_SLAB_RECLAIMABLE);
  TOLD(page_tables, SONDE_MEMORY_PAGE_TABLES);
  TOLD(hugepages_total, SONDE_MEMORY_HUGEPAGES);
  TOLD(hugepages_free, SONDE_MEMORY_HUGEPAGES);
  FIELD(page_size);
}

void describe(Snapshot *out, const sonde_swap_memory &r) {
  Describer d(out, r.valid);
  TOLD(total, SONDE_SWAP_TOTAL);
  TOLD(used, SONDE_SWAP_USED);
  TOLD(free, SONDE_SWAP_FREE);
  TOLD(sin, SONDE_SWAP_SIN);
  TOLD(sout, SONDE_SWAP_SOUT);
}

void describe(Snapshot *out, const sonde_swap_device &r) {
  Describer d(out, r.valid, r.status);
  d.key("swap " + quoted(r.name));
  FIELD(name);
  FIELD(type);
  FIELD(total);
  TOLD(used, SONDE_SWAP_DEVICE_USED);
  TOLD(peak, SONDE_SWAP_DEVICE_PEAK);
  TOLD(priority, SONDE_SWAP_DEVICE_PRIORITY);
}

void describe(Snapshot *out, const sonde_numa_node &r) {
  Describer d(out, r.valid, r.status);
  d.key("node " + std::to_string(r.node));
  FIELD(node);
  TOLD(total, SONDE_NUMA_NODE_TOTAL);
  TOLD(free, SONDE_NUMA_NODE_FREE);
  d.array("cpus", r.cpus, r.num_cpus, SONDE_NUMA_NODE_CPUS);
}

void describe(Snapshot *out, const sonde_memory_stat &r) {
  Describer d(out, 0, r.status);
  d.key(quoted(r.source) + quoted(r.name));
  FIELD(source);
  FIELD(name);
  FIELD(value);
  ENUM(unit);
}

void describe(Snapshot *out, const sonde_hugepages &r) {
  Describer d(out, r.valid, r.status);
  d.key("hugepages " + std::to_string(r.node) + " " + std::to_string(r.page_size));
  FIELD(node);
  FIELD(page_size);
  TOLD(total, SONDE_HUGEPAGES_TOTAL);
  TOLD(free, SONDE_HUGEPAGES_FREE);
  TOLD(reserved, SONDE_HUGEPAGES_RESERVED);
  TOLD(surplus, SONDE_HUGEPAGES_SURPLUS);
  TOLD(overcommit, SONDE_HUGEPAGES_OVERCOMMIT);
}

void describe(Snapshot *out, const sonde_heap_info &r) {
  Describer d(out, r.valid);
  TOLD(heap_used, SONDE_HEAP_USED);
  TOLD(mmap_used, SONDE_HEAP_MMAP_USED);
  TOLD(heap_count, SONDE_HEAP_COUNT);
}

void describe(Snapshot *out, const sonde_disk_partition &r) {
  Describer d(out, r.valid, r.status);
  d.key("mount " + std::to_string(r.mount_id) + " " + quoted(r.mountpoint));
  FIELD(device);
  FIELD(mountpoint);
  FIELD(fstype);
  FIELD(opts);
  TOLD(root, SONDE_PARTITION_ROOT);
  FIELD(flags);
  TOLD(mount_id, SONDE_PARTITION_MOUNT_ID);
  TOLD(parent_id, SONDE_PARTITION_MOUNT_ID);
  TOLD(dev_major, SONDE_PARTITION_DEV);
  TOLD(dev_minor, SONDE_PARTITION_DEV);
}

void describe(Snapshot *out, const sonde_disk_usage &r) {
  Describer d(out, r.valid);
  TOLD(total, SONDE_DISK_USAGE_SPACE);
  TOLD(used, SONDE_DISK_USAGE_SPACE);
  TOLD(free, SONDE_DISK_USAGE_SPACE);
  TOLD(reserved, SONDE_DISK_USAGE_SPACE);
  TOLD(inodes, SONDE_DISK_USAGE_INODES);
  TOLD(inodes_used, SONDE_DISK_USAGE_INODES);
  TOLD(inodes_free, SONDE_DISK_USAGE_INODES);
  TOLD(block_size, SONDE_DISK_USAGE_SPACE);
  TOLD(read_only, SONDE_DISK_USAGE_READ_ONLY);
}

void describe(Snapshot *out, const sonde_disk_io &r) {
  Describer d(out, r.valid, r.status);
  d.key("disk " + quoted(r.name));
  FIELD(name);
  FIELD(partition);
  TOLD(read_count, SONDE_DISK_IO_COUNTS);
  TOLD(write_count, SONDE_DISK_IO_COUNTS);
  TOLD(read_bytes, SONDE_DISK_IO_BYTES);
  TOLD(write_bytes, SONDE_DISK_IO_BYTES);
  TOLD(read_time, SONDE_DISK_IO_TIMES);
  TOLD(write_time, SONDE_DISK_IO_TIMES);
  TOLD(read_merged, SONDE_DISK_IO_MERGED);
  TOLD(write_merged, SONDE_DISK_IO_MERGED);
  TOLD(busy_time, SONDE_DISK_IO_BUSY_TIME);
  TOLD(weighted_time, SONDE_DISK_IO_WEIGHTED_TIME);
  TOLD(in_flight, SONDE_DISK_IO_IN_FLIGHT);
  TOLD(discard_count, SONDE_DISK_IO_DISCARD);
  TOLD(discard_bytes, SONDE_DISK_IO_DISCARD);
  TOLD(discard_merged, SONDE_DISK_IO_DISCARD);
  TOLD(discard_time, SONDE_DISK_IO_DISCARD);
  TOLD(flush_count, SONDE_DISK_IO_FLUSH);
  TOLD(flush_time, SONDE_DISK_IO_FLUSH);
}

void describe(Snapshot *out, const sonde_disk_device &r) {
  Describer d(out, r.valid, r.status);
  d.key("device " + quoted(r.name));
  FIELD(name);
  FIELD(parent);
  FIELD(vendor);
  FIELD(model);
  FIELD(serial);
  FIELD(firmware);
  FIELD(wwn);
  TOLD(size, SONDE_DISK_DEVICE_SIZE);
  TOLD_ENUM(kind, SONDE_DISK_DEVICE_KIND);
  TOLD(removable, SONDE_DISK_DEVICE_REMOVABLE);
  TOLD(read_only, SONDE_DISK_DEVICE_READ_ONLY);
  TOLD(logical_block_size, SONDE_DISK_DEVICE_BLOCK_SIZES);
  TOLD(physical_block_size, SONDE_DISK_DEVICE_BLOCK_SIZES);
  TOLD(dev_major, SONDE_DISK_DEVICE_DEV);
  TOLD(dev_minor, SONDE_DISK_DEVICE_DEV);
  FIELD(type);
  FIELD(mapped_name);
  FIELD(backing_file);
  d.array("members", r.members, r.num_members);
  FIELD(label);
  FIELD(uuid);
}

void describe(Snapshot *out, const sonde_net_io &r) {
  Describer d(out, r.valid, r.status);
  d.key("interface " + quoted(r.name));
  FIELD(name);
  TOLD(bytes_sent, SONDE_NET_IO_BYTES);
  TOLD(bytes_recv, SONDE_NET_IO_BYTES);
  TOLD(packets_sent, SONDE_NET_IO_PACKETS);
  TOLD(packets_recv, SONDE_NET_IO_PACKETS);
  TOLD(errin, SONDE_NET_IO_ERRIN);
  TOLD(errout, SONDE_NET_IO_ERROUT);
  TOLD(dropin, SONDE_NET_IO_DROPIN);
  TOLD(dropout, SONDE_NET_IO_DROPOUT);
  TOLD(multicast, SONDE_NET_IO_MULTICAST);
  TOLD(collisions, SONDE_NET_IO_COLLISIONS);
  TOLD(fifo_in, SONDE_NET_IO_DETAIL);
  TOLD(fifo_out, SONDE_NET_IO_DETAIL);
  TOLD(frame, SONDE_NET_IO_DETAIL);
  TOLD(carrier, SONDE_NET_IO_DETAIL);
  TOLD(compressed_in, SONDE_NET_IO_DETAIL);
  TOLD(compressed_out, SONDE_NET_IO_DETAIL);
}

void describe(Snapshot *out, const sonde_net_if_addr &r) {
  Describer d(out, 0, r.status);
  d.key("address " + quoted(r.name) + " " + address_text(r.address));
  FIELD(name);
  FIELD(index);
  FIELD(address);
  FIELD(netmask);
  FIELD(broadcast);
  FIELD(ptp);
  FIELD(prefix_len);
}

void describe(Snapshot *out, const sonde_net_if_stats &r) {
  Describer d(out, r.valid, r.status);
  d.key("interface " + quoted(r.name));
  FIELD(name);
  TOLD(index, SONDE_NET_IF_STATS_INDEX);
  TOLD(isup, SONDE_NET_IF_STATS_ISUP);
  TOLD_ENUM(duplex, SONDE_NET_IF_STATS_DUPLEX);
  TOLD(speed, SONDE_NET_IF_STATS_SPEED);
  TOLD(mtu, SONDE_NET_IF_STATS_MTU);
  TOLD(flags, SONDE_NET_IF_STATS_FLAGS);
  FIELD(operstate);
  FIELD(hwaddr);
  TOLD(carrier_changes, SONDE_NET_IF_STATS_CARRIER_CHANGES);
}

// The key is what both sources tell: /proc/net knows no scope, and no NUL in a name.
void describe(Snapshot *out, const sonde_connection &r) {
  Describer d(out, r.valid, r.status);
  sonde_address laddr = r.laddr, raddr = r.raddr;
  laddr.scope_id = raddr.scope_id = 0;
  std::string path(r.lpath.data, r.lpath.len);
  std::replace(path.begin(), path.end(), '\0', '@');
  d.key("socket " + std::to_string(r.inode) + " " + address_text(laddr) + " " + address_text(raddr) + " " +
        json_string(path));
  ENUM(family);
  ENUM(type);
  ENUM(state);
  FIELD(laddr);
  FIELD(raddr);
  FIELD(lpath);
  FIELD(rpath);
  if (r.valid & SONDE_CONNECTION_VALID_OWNER) {
    FIELD(pid);
    FIELD(fd);
  }
  TOLD(uid, SONDE_CONNECTION_VALID_UID);
  TOLD(inode, SONDE_CONNECTION_VALID_INODE);
  TOLD(recv_queue, SONDE_CONNECTION_VALID_QUEUES);
  TOLD(send_queue, SONDE_CONNECTION_VALID_QUEUES);
  TOLD(retransmits, SONDE_CONNECTION_VALID_RETRANSMITS);
  TOLD(drops, SONDE_CONNECTION_VALID_DROPS);
  TOLD(interface_index, SONDE_CONNECTION_VALID_INTERFACE);
  d.field("tcp_info", r.tcp_info != nullptr);
}

void describe(Snapshot *out, const sonde_net_protocol &r) {
  Describer d(out, 0, r.status);
  d.key(quoted(r.protocol) + quoted(r.name));
  FIELD(protocol);
  FIELD(name);
  FIELD(value);
}

void describe(Snapshot *out, const sonde_net_error &r) {
  Describer d(out, r.valid, r.status);
  d.key("interface " + quoted(r.name));
  FIELD(name);
  FIELD(index);
  TOLD(rx_length, SONDE_NET_ERROR_COUNTS);
  TOLD(rx_over, SONDE_NET_ERROR_COUNTS);
  TOLD(rx_crc, SONDE_NET_ERROR_COUNTS);
  TOLD(rx_frame, SONDE_NET_ERROR_COUNTS);
  TOLD(rx_fifo, SONDE_NET_ERROR_COUNTS);
  TOLD(rx_missed, SONDE_NET_ERROR_COUNTS);
  TOLD(tx_aborted, SONDE_NET_ERROR_COUNTS);
  TOLD(tx_carrier, SONDE_NET_ERROR_COUNTS);
  TOLD(tx_fifo, SONDE_NET_ERROR_COUNTS);
  TOLD(tx_heartbeat, SONDE_NET_ERROR_COUNTS);
  TOLD(tx_window, SONDE_NET_ERROR_COUNTS);
  TOLD(rx_no_handler, SONDE_NET_ERROR_NO_HANDLER);
  TOLD(rx_other_host, SONDE_NET_ERROR_OTHER_HOST);
}

void describe(Snapshot *out, const sonde_sensor &r) {
  Describer d(out, r.valid, r.status);
  d.key("sensor " + std::to_string(r.kind) + " " + quoted(r.chip) + " " + quoted(r.label));
  ENUM(kind);
  FIELD(chip);
  FIELD(label);
  TOLD(current, SONDE_SENSOR_VALID_CURRENT);
  TOLD(high, SONDE_SENSOR_VALID_HIGH);
  TOLD(critical, SONDE_SENSOR_VALID_CRITICAL);
  TOLD(low, SONDE_SENSOR_VALID_LOW);
  TOLD(low_critical, SONDE_SENSOR_VALID_LOW_CRITICAL);
  TOLD(wrap, SONDE_SENSOR_VALID_WRAP);
  TOLD(alarm, SONDE_SENSOR_VALID_ALARM);
}

void describe(Snapshot *out, const sonde_battery &r) {
  Describer d(out, r.valid, r.status);
  d.key("battery " + quoted(r.name));
  FIELD(name);
  ENUM(state);
  TOLD(percent, SONDE_BATTERY_VALID_PERCENT);
  TOLD(time_left, SONDE_BATTERY_VALID_TIME_LEFT);
  TOLD(power_plugged, SONDE_BATTERY_VALID_POWER_PLUGGED);
  TOLD(energy, SONDE_BATTERY_VALID_ENERGY);
  TOLD(energy_full, SONDE_BATTERY_VALID_ENERGY);
  TOLD(energy_design, SONDE_BATTERY_VALID_ENERGY);
  TOLD(power, SONDE_BATTERY_VALID_POWER);
  TOLD(voltage, SONDE_BATTERY_VALID_VOLTAGE);
  TOLD(cycles, SONDE_BATTERY_VALID_CYCLES);
}

void describe(Snapshot *out, const sonde_gpu &r) {
  Describer d(out, r.valid, r.status);
  d.key("gpu " + quoted(r.id));
  FIELD(id);
  FIELD(name);
  FIELD(vendor);
  FIELD(driver);
  TOLD(memory_total, SONDE_GPU_MEMORY);
  TOLD(memory_used, SONDE_GPU_MEMORY);
  TOLD(utilization_ratio, SONDE_GPU_UTILIZATION);
  TOLD(temperature, SONDE_GPU_TEMPERATURE);
  TOLD(power, SONDE_GPU_POWER);
  TOLD(frequency, SONDE_GPU_FREQUENCY);
}

void describe(Snapshot *out, const sonde_host_info &r) {
  Describer d(out, 0);
  FIELD(hostname);
  FIELD(os_name);
  FIELD(os_id);
  FIELD(os_version);
  FIELD(os_pretty_name);
  FIELD(kernel_name);
  FIELD(kernel_release);
  FIELD(kernel_version);
  FIELD(architecture);
  FIELD(machine_id);
  FIELD(boot_id);
  FIELD(virtualization);
  FIELD(container);
}

void describe(Snapshot *out, const sonde_host_times &r) {
  Describer d(out, r.valid);
  TOLD(boot_time, SONDE_HOST_TIMES_BOOT_TIME);
  TOLD(uptime, SONDE_HOST_TIMES_UPTIME);
  TOLD(now, SONDE_HOST_TIMES_NOW);
  TOLD(monotonic, SONDE_HOST_TIMES_MONOTONIC);
}

void describe(Snapshot *out, const sonde_user &r) {
  Describer d(out, r.valid, r.status);
  d.key("user " + quoted(r.name) + " " + quoted(r.terminal));
  FIELD(name);
  FIELD(terminal);
  FIELD(host);
  TOLD(started, SONDE_USER_STARTED);
  if (r.valid & SONDE_USER_PID) FIELD(pid);
}

void describe(Snapshot *out, const sonde_service &r) {
  Describer d(out, 0, r.status);
  d.key("service " + quoted(r.name));
  FIELD(name);
  FIELD(display_name);
  FIELD(binpath);
  FIELD(username);
  FIELD(description);
  ENUM(start_type);
  ENUM(state);
  FIELD(pid);
}

void describe(Snapshot *out, const sonde_cgroup &r) {
  Describer d(out, r.valid);
  FIELD(version);
  FIELD(path);
  TOLD(memory_usage, SONDE_CGROUP_MEMORY_USAGE);
  TOLD(memory_limit, SONDE_CGROUP_MEMORY_LIMIT);
  TOLD(memory_high, SONDE_CGROUP_MEMORY_HIGH);
  TOLD(memory_anon, SONDE_CGROUP_MEMORY_DETAIL);
  TOLD(memory_file, SONDE_CGROUP_MEMORY_DETAIL);
  TOLD(memory_inactive_file, SONDE_CGROUP_MEMORY_DETAIL);
  TOLD(swap_usage, SONDE_CGROUP_SWAP_USAGE);
  TOLD(swap_limit, SONDE_CGROUP_SWAP_LIMIT);
  TOLD(cpu_limit, SONDE_CGROUP_CPU_LIMIT);
  TOLD(cpu_usage, SONDE_CGROUP_CPU_USAGE);
  TOLD(cpu_user, SONDE_CGROUP_CPU_USAGE);
  TOLD(cpu_system, SONDE_CGROUP_CPU_USAGE);
  TOLD(cpu_periods, SONDE_CGROUP_CPU_THROTTLED);
  TOLD(cpu_throttled_periods, SONDE_CGROUP_CPU_THROTTLED);
  TOLD(cpu_throttled_time, SONDE_CGROUP_CPU_THROTTLED);
  TOLD(pids_current, SONDE_CGROUP_PIDS_CURRENT);
  TOLD(pids_limit, SONDE_CGROUP_PIDS_LIMIT);
  TOLD(oom_kills, SONDE_CGROUP_OOM_KILLS);
  d.array("cpuset", r.cpuset, r.cpuset_len, SONDE_CGROUP_CPUSET);
  TOLD(io_read_bytes, SONDE_CGROUP_IO);
  TOLD(io_write_bytes, SONDE_CGROUP_IO);
  TOLD(io_read_count, SONDE_CGROUP_IO);
  TOLD(io_write_count, SONDE_CGROUP_IO);
}

void describe(Snapshot *out, const sonde_pressure &r) {
  Describer d(out, r.valid, r.status);
  d.key("pressure " + std::to_string(r.resource));
  ENUM(resource);
  TOLD(some_avg10_ratio, SONDE_PRESSURE_SOME);
  TOLD(some_avg60_ratio, SONDE_PRESSURE_SOME);
  TOLD(some_avg300_ratio, SONDE_PRESSURE_SOME);
  TOLD(some_total, SONDE_PRESSURE_SOME);
  TOLD(full_avg10_ratio, SONDE_PRESSURE_FULL);
  TOLD(full_avg60_ratio, SONDE_PRESSURE_FULL);
  TOLD(full_avg300_ratio, SONDE_PRESSURE_FULL);
  TOLD(full_total, SONDE_PRESSURE_FULL);
}

namespace {

void describe_ids(Describer *d, const char *const names[4], const sonde_ids &ids, uint64_t bit) {
  d->field(names[0], ids.real, bit);
  d->field(names[1], ids.effective, bit);
  d->field(names[2], ids.saved, bit);
  d->field(names[3], ids.fs, bit);
}

}  // namespace

#define NESTED(parent, name) d.field(#parent "." #name, r.parent->name)
#define NESTED_BIT(parent, name, bit)                                        \
  do {                                                                       \
    if (r.parent->valid & (bit)) d.field(#parent "." #name, r.parent->name); \
  } while (0)

void describe(Snapshot *out, const sonde_process &r) {
  Describer d(out, r.valid, r.status);
  d.key("pid " + std::to_string(r.pid));
  d.row().denied = r.denied;
  d.row().failed = r.failed;
  FIELD(pid);
  TOLD(name, SONDE_PROCESS_NAME);
  if (r.valid & SONDE_PROCESS_PPID) FIELD(ppid);
  TOLD_ENUM(state, SONDE_PROCESS_STATE);
  TOLD(start_time, SONDE_PROCESS_START_TIME);
  TOLD(start_id, SONDE_PROCESS_START_TIME);
  TOLD(unique_id, SONDE_PROCESS_UNIQUE_ID);
  TOLD(user_time, SONDE_PROCESS_CPU_TIMES);
  TOLD(system_time, SONDE_PROCESS_CPU_TIMES);
  TOLD(children_user_time, SONDE_PROCESS_CHILDREN_TIMES);
  TOLD(children_system_time, SONDE_PROCESS_CHILDREN_TIMES);
  TOLD(iowait_time, SONDE_PROCESS_IOWAIT_TIME);
  TOLD(guest_time, SONDE_PROCESS_GUEST_TIME);
  TOLD(children_guest_time, SONDE_PROCESS_GUEST_TIME);
  TOLD(run_delay, SONDE_PROCESS_RUN_DELAY);
  TOLD(rss, SONDE_PROCESS_RSS);
  TOLD(vms, SONDE_PROCESS_VMS);
  TOLD(shared, SONDE_PROCESS_MEMORY);
  TOLD(text, SONDE_PROCESS_MEMORY);
  TOLD(data, SONDE_PROCESS_MEMORY);
  d.nested("memory_ex", r.memory_ex, SONDE_PROCESS_MEMORY_EX, [&] {
    NESTED_BIT(memory_ex, peak_rss, SONDE_MEMORY_EX_PEAK_RSS);
    NESTED_BIT(memory_ex, peak_vms, SONDE_MEMORY_EX_PEAK_VMS);
    NESTED_BIT(memory_ex, rss_anon, SONDE_MEMORY_EX_RSS_SPLIT);
    NESTED_BIT(memory_ex, rss_file, SONDE_MEMORY_EX_RSS_SPLIT);
    NESTED_BIT(memory_ex, rss_shmem, SONDE_MEMORY_EX_RSS_SPLIT);
    NESTED_BIT(memory_ex, swap, SONDE_MEMORY_EX_SWAP);
    NESTED_BIT(memory_ex, hugetlb, SONDE_MEMORY_EX_HUGETLB);
    NESTED_BIT(memory_ex, locked, SONDE_MEMORY_EX_LOCKED);
    NESTED_BIT(memory_ex, pinned, SONDE_MEMORY_EX_PINNED);
    NESTED_BIT(memory_ex, stack, SONDE_MEMORY_EX_STACK);
    NESTED_BIT(memory_ex, lib, SONDE_MEMORY_EX_LIB);
    NESTED_BIT(memory_ex, page_tables, SONDE_MEMORY_EX_PAGE_TABLES);
  });
  d.nested("footprint", r.footprint, SONDE_PROCESS_FOOTPRINT, [&] {
    NESTED_BIT(footprint, uss, SONDE_FOOTPRINT_USS);
    NESTED_BIT(footprint, pss, SONDE_FOOTPRINT_PSS);
    NESTED_BIT(footprint, swap, SONDE_FOOTPRINT_SWAP);
  });
  TOLD(minor_faults, SONDE_PROCESS_PAGE_FAULTS);
  TOLD(major_faults, SONDE_PROCESS_PAGE_FAULTS);
  TOLD(children_minor_faults, SONDE_PROCESS_CHILDREN_PAGE_FAULTS);
  TOLD(children_major_faults, SONDE_PROCESS_CHILDREN_PAGE_FAULTS);
  TOLD(voluntary_ctx_switches, SONDE_PROCESS_CTX_SWITCHES);
  TOLD(involuntary_ctx_switches, SONDE_PROCESS_CTX_SWITCHES);
  TOLD(read_count, SONDE_PROCESS_IO);
  TOLD(write_count, SONDE_PROCESS_IO);
  TOLD(read_bytes, SONDE_PROCESS_IO);
  TOLD(write_bytes, SONDE_PROCESS_IO);
  TOLD(read_chars, SONDE_PROCESS_IO);
  TOLD(write_chars, SONDE_PROCESS_IO);
  TOLD(cancelled_write_bytes, SONDE_PROCESS_IO);
  TOLD(num_threads, SONDE_PROCESS_NUM_THREADS);
  TOLD(num_fds, SONDE_PROCESS_NUM_FDS);
  TOLD(num_handles, SONDE_PROCESS_NUM_HANDLES);
  TOLD(nice, SONDE_PROCESS_NICE);
  TOLD(priority, SONDE_PROCESS_PRIORITY);
  TOLD(rt_priority, SONDE_PROCESS_PRIORITY);
  TOLD(policy, SONDE_PROCESS_PRIORITY);
  TOLD(ionice_class, SONDE_PROCESS_IONICE);
  TOLD(ionice_value, SONDE_PROCESS_IONICE);
  TOLD(cpu_num, SONDE_PROCESS_CPU_NUM);
  TOLD(autogroup_nice, SONDE_PROCESS_AUTOGROUP);
  TOLD(autogroup, SONDE_PROCESS_AUTOGROUP);
  if (r.valid & SONDE_PROCESS_PGRP) {
    FIELD(pgrp);
    FIELD(session);
  }
  if (r.valid & SONDE_PROCESS_TTY) {
    FIELD(tpgid);
    FIELD(tty);
  }
  TOLD(terminal, SONDE_PROCESS_TERMINAL);
  TOLD(os_flags, SONDE_PROCESS_FLAGS);
  TOLD(exit_signal, SONDE_PROCESS_FLAGS);
  TOLD(umask, SONDE_PROCESS_UMASK);
  static const char *const uid_names[] = {"uids.real", "uids.effective", "uids.saved", "uids.fs"};
  static const char *const gid_names[] = {"gids.real", "gids.effective", "gids.saved", "gids.fs"};
  describe_ids(&d, uid_names, r.uids, SONDE_PROCESS_UIDS);
  describe_ids(&d, gid_names, r.gids, SONDE_PROCESS_GIDS);
  TOLD(loginuid, SONDE_PROCESS_LOGINUID);
  TOLD(bitness, SONDE_PROCESS_BITNESS);
  d.array("groups", r.groups, r.num_groups, SONDE_PROCESS_GROUPS);
  TOLD(username, SONDE_PROCESS_USERNAME);
  d.array("args", r.args, r.num_args, SONDE_PROCESS_CMDLINE);
  TOLD(cmdline, SONDE_PROCESS_CMDLINE);
  TOLD(exe, SONDE_PROCESS_EXE);
  TOLD(exe_deleted, SONDE_PROCESS_EXE);
  TOLD(cwd, SONDE_PROCESS_CWD);
  TOLD(root, SONDE_PROCESS_ROOT);
  TOLD(cgroup, SONDE_PROCESS_CGROUP);
  TOLD(container_id, SONDE_PROCESS_CGROUP);
  TOLD(label, SONDE_PROCESS_LABEL);
  TOLD(wchan, SONDE_PROCESS_WCHAN);
  TOLD(zone, SONDE_PROCESS_ZONE);
  d.nested("namespaces", r.namespaces, SONDE_PROCESS_NAMESPACES, [&] {
    NESTED(namespaces, cgroup);
    NESTED(namespaces, ipc);
    NESTED(namespaces, mnt);
    NESTED(namespaces, net);
    NESTED(namespaces, pid);
    NESTED(namespaces, pid_for_children);
    NESTED(namespaces, time);
    NESTED(namespaces, time_for_children);
    NESTED(namespaces, user);
    NESTED(namespaces, uts);
  });
  d.nested("capabilities", r.capabilities, SONDE_PROCESS_CAPABILITIES, [&] {
    NESTED(capabilities, inheritable);
    NESTED(capabilities, permitted);
    NESTED(capabilities, effective);
    NESTED(capabilities, bounding);
    NESTED(capabilities, ambient);
  });
  d.nested("signals", r.signals, SONDE_PROCESS_SIGNALS, [&] {
    NESTED(signals, pending);
    NESTED(signals, shared_pending);
    NESTED(signals, blocked);
    NESTED(signals, ignored);
    NESTED(signals, caught);
    NESTED(signals, queued);
    NESTED(signals, queued_limit);
  });
  d.array("ns_pids", r.ns_pids, r.num_ns_pids, SONDE_PROCESS_NS_PIDS);
  TOLD(oom_score, SONDE_PROCESS_OOM);
  TOLD(oom_score_adj, SONDE_PROCESS_OOM);
  TOLD(seccomp, SONDE_PROCESS_SECCOMP);
  TOLD(no_new_privs, SONDE_PROCESS_SECCOMP);
  d.nested("delays", r.delays, SONDE_PROCESS_DELAYS, [&] {
    NESTED_BIT(delays, cpu_count, SONDE_DELAYS_CPU);
    NESTED_BIT(delays, cpu_total, SONDE_DELAYS_CPU);
    NESTED_BIT(delays, blkio_count, SONDE_DELAYS_BLKIO);
    NESTED_BIT(delays, blkio_total, SONDE_DELAYS_BLKIO);
    NESTED_BIT(delays, swapin_count, SONDE_DELAYS_SWAPIN);
    NESTED_BIT(delays, swapin_total, SONDE_DELAYS_SWAPIN);
    NESTED_BIT(delays, freepages_count, SONDE_DELAYS_FREEPAGES);
    NESTED_BIT(delays, freepages_total, SONDE_DELAYS_FREEPAGES);
    NESTED_BIT(delays, thrashing_count, SONDE_DELAYS_THRASHING);
    NESTED_BIT(delays, thrashing_total, SONDE_DELAYS_THRASHING);
    NESTED_BIT(delays, compact_count, SONDE_DELAYS_COMPACT);
    NESTED_BIT(delays, compact_total, SONDE_DELAYS_COMPACT);
    NESTED_BIT(delays, wpcopy_count, SONDE_DELAYS_WPCOPY);
    NESTED_BIT(delays, wpcopy_total, SONDE_DELAYS_WPCOPY);
    NESTED_BIT(delays, irq_count, SONDE_DELAYS_IRQ);
    NESTED_BIT(delays, irq_total, SONDE_DELAYS_IRQ);
  });
}

void describe(Snapshot *out, const sonde_thread &r) {
  Describer d(out, r.valid, r.status);
  d.key("thread " + std::to_string(r.id));
  FIELD(id);
  TOLD_ENUM(state, SONDE_THREAD_STATE);
  TOLD(name, SONDE_THREAD_NAME);
  TOLD(user_time, SONDE_THREAD_TIMES);
  TOLD(system_time, SONDE_THREAD_TIMES);
  TOLD(start_time, SONDE_THREAD_START_TIME);
  TOLD(priority, SONDE_THREAD_PRIORITY);
  TOLD(nice, SONDE_THREAD_PRIORITY);
  TOLD(cpu_num, SONDE_THREAD_CPU_NUM);
}

void describe(Snapshot *out, const sonde_open_file &r) {
  Describer d(out, r.valid, r.status);
  d.key("fd " + std::to_string(r.fd));
  FIELD(fd);
  FIELD(path);
  FIELD(deleted);
  TOLD_ENUM(kind, SONDE_OPEN_FILE_KIND);
  TOLD(position, SONDE_OPEN_FILE_POSITION);
  TOLD(flags, SONDE_OPEN_FILE_FLAGS);
  const sonde_string mode = {r.mode, strnlen(r.mode, sizeof r.mode - 1)};
  d.field("mode", mode, SONDE_OPEN_FILE_FLAGS);
  TOLD(mount_id, SONDE_OPEN_FILE_MOUNT_ID);
  TOLD(inode, SONDE_OPEN_FILE_INODE);
}

void describe(Snapshot *out, const sonde_map &r) {
  Describer d(out, r.valid, r.status);
  d.key("map " + std::to_string(r.start));
  FIELD(start);
  FIELD(end);
  const sonde_string perms = {r.perms, strnlen(r.perms, sizeof r.perms - 1)};
  d.field("perms", perms);
  FIELD(path);
  FIELD(deleted);
  TOLD(offset, SONDE_MAP_FILE);
  TOLD(inode, SONDE_MAP_FILE);
  TOLD(rss, SONDE_MAP_RSS);
  TOLD(pss, SONDE_MAP_PSS);
  TOLD(shared_clean, SONDE_MAP_SHARED);
  TOLD(shared_dirty, SONDE_MAP_SHARED);
  TOLD(private_clean, SONDE_MAP_PRIVATE);
  TOLD(private_dirty, SONDE_MAP_PRIVATE);
  TOLD(referenced, SONDE_MAP_REFERENCED);
  TOLD(anonymous, SONDE_MAP_ANONYMOUS);
  TOLD(swap, SONDE_MAP_SWAP);
  TOLD(locked, SONDE_MAP_LOCKED);
}

void describe(Snapshot *out, const sonde_environ &r) {
  Describer d(out, 0, r.status);
  d.key(quoted(r.name));
  FIELD(name);
  FIELD(value);
  FIELD(has_value);
}

void describe(Snapshot *out, const sonde_limit &r) {
  Describer d(out, 0, r.status);
  d.key("limit " + std::to_string(r.kind));
  const char *const name = sonde_limit_name(r.kind);
  d.field("kind", sonde_string{name != nullptr ? name : "", name != nullptr ? std::strlen(name) : 0});
  FIELD(soft);
  FIELD(hard);
}

void describe(Snapshot *out, const sonde_exit &r) {
  Describer d(out, r.valid);
  TOLD(code, SONDE_EXIT_CODE);
  TOLD(signal_number, SONDE_EXIT_SIGNAL);
  TOLD(core_dumped, SONDE_EXIT_SIGNAL);
}

void describe(Snapshot *out, sonde_pid pid) {
  Describer d(out, 0);
  d.key("pid " + std::to_string(pid));
  d.field("pid", pid);
}

void describe(Snapshot *out, uint32_t cpu) {
  Describer d(out, 0);
  d.key("cpu " + std::to_string(cpu));
  d.field("cpu", cpu);
}

void describe(Snapshot *out, bool answer) {
  Describer d(out, 0);
  d.field("answer", answer);
}

void describe(Snapshot *out, double number) {
  Describer d(out, 0);
  d.field("number", number);
}

}  // namespace sonde_test
