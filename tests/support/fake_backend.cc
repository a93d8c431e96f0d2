// SPDX-License-Identifier: MIT
#include "tests/support/fake_backend.h"

#include <string>
#include <type_traits>

#include "tests/support/describe.h"

namespace sonde_test {
namespace {

// Writes a record by its description.
class Filler {
 public:
  Filler(sonde_fill *fill, size_t row, uint64_t wanted = UINT64_MAX) : fill_(fill), row_(row), wanted_(wanted) {}

  bool is_out_of_memory() const { return is_out_of_memory_; }

  void status(const sonde_status &status) { set(status, row_ == 1 ? SONDE_ERR_PARSE : SONDE_OK); }

  void valid(const uint64_t &mask, uint64_t all) {
    valid_ = (row_ == 0 ? all : row_ == 1 ? 0 : all & UINT64_C(0x5555555555555555)) & wanted_;
    set(mask, valid_);
  }

  template <class T>
  void field(const char *, uint64_t bit, const T &value) {
    if (!is_told(bit)) return;
    if constexpr (std::is_same_v<T, bool>) {
      set(value, true);
    } else if constexpr (std::is_enum_v<T> || std::is_arithmetic_v<T>) {
      set(value, static_cast<T>(std::is_enum_v<T> ? 1 : 1 + row_ + next_++ % 64));
    }
  }

  template <class T>
  void pid(const char *name, uint64_t bit, const T &value) {
    field(name, bit, value);
  }

  void string(const char *name, uint64_t bit, const sonde_string &value) {
    if (!is_told(bit) || fill_ == nullptr) return;
    const std::string text = std::string(name) + std::string(row_ * 40, 'x');
    if (sonde_fill_string(fill_, const_cast<sonde_string *>(&value), text.data(), text.size()) != SONDE_OK) {
      is_out_of_memory_ = true;
    }
  }

  template <class T>
  void array(const char *name, uint64_t bit, const T *const &pointer, const size_t &count) {
    if (!is_told(bit)) return;
    T *const made = static_cast<T *>(sonde_fill_array(fill_, 3, sizeof(T)));
    if (made == nullptr) {
      is_out_of_memory_ = true;
      return;
    }
    const_cast<const T *&>(pointer) = made;
    set(count, size_t{3});
    for (size_t i = 0; i < 3; i++) {
      if constexpr (std::is_same_v<T, sonde_string>) {
        made[i] = {"", 0};
        string(name, 0, made[i]);
      } else {
        made[i] = static_cast<T>(i * 2);
      }
    }
  }

  template <class T>
  void record(const char *, uint64_t bit, const T *const &pointer) {
    if (!is_told(bit)) return;
    T *const made = static_cast<T *>(sonde_fill_array(fill_, 1, sizeof(T)));
    if (made == nullptr) {
      is_out_of_memory_ = true;
      return;
    }
    const_cast<const T *&>(pointer) = made;
    Filler inside(fill_, row_);
    describe(*made, inside);
  }

 private:
  bool is_told(uint64_t bit) const { return bit == 0 ? row_ != 1 : (valid_ & bit) != 0; }

  template <class T>
  static void set(const T &place, T value) {
    const_cast<T &>(place) = value;
  }

  sonde_fill *fill_;
  size_t row_;
  uint64_t wanted_;
  uint64_t valid_ = 0;
  unsigned next_ = 0;
  bool is_out_of_memory_ = false;
};

sonde_status no_memory(sonde_env *env) {
  return sonde_env_fail(env, SONDE_ERR_NO_MEMORY, 0, nullptr, "allocate", nullptr, 0);
}

template <class Row>
sonde_status rows(sonde_env *env, sonde_fill *fill, size_t count = 3, uint64_t wanted = UINT64_MAX) {
  for (size_t i = 0; i < count; i++) {
    Row *const row = static_cast<Row *>(sonde_fill_row(fill));
    if (row == nullptr) return no_memory(env);
    Filler filler(fill, i, wanted);
    describe(*row, filler);
    if (filler.is_out_of_memory()) return no_memory(env);
    if (i == 1) sonde_env_fail_parse(env, "an answer", 3, "row 1", 5);
  }
  return SONDE_OK;
}

template <class Record>
sonde_status record(sonde_env *env, Record *out, sonde_fill *memory = nullptr) {
  Filler filler(memory, 0);
  describe(*out, filler);
  return filler.is_out_of_memory() ? no_memory(env) : SONDE_OK;
}

template <class Number>
sonde_status numbers(sonde_env *env, sonde_fill *fill) {
  for (int i = 1; i <= 3; i++) {
    Number *const row = static_cast<Number *>(sonde_fill_row(fill));
    if (row == nullptr) return no_memory(env);
    *row = static_cast<Number>(i);
  }
  return SONDE_OK;
}

struct State {
  bool is_open;
};

struct Own {
  sonde_pid pid;
};

sonde_status open(sonde_env *, void *state) {
  static_cast<State *>(state)->is_open = true;
  return SONDE_OK;
}
void close(sonde_env *, void *state) { static_cast<State *>(state)->is_open = false; }

template <class Row>
sonde_status list_slot(sonde_env *env, void *, sonde_fill *out) {
  return rows<Row>(env, out);
}
template <class Record>
sonde_status record_slot(sonde_env *env, void *, Record *out) {
  return record(env, out);
}
template <class Row>
sonde_status process_list_slot(sonde_env *env, void *, sonde_fill *out, sonde_process_ref *) {
  return rows<Row>(env, out);
}
sonde_status action_slot(sonde_env *, void *, sonde_process_ref *) { return SONDE_OK; }

sonde_status one_process(sonde_env *env, sonde_fill *out, sonde_pid pid, uint64_t fields) {
  const sonde_status status = rows<sonde_process>(env, out, 1, fields);
  if (status == SONDE_OK) static_cast<sonde_process *>(sonde_fill_at(out, 0))->pid = pid;
  return status;
}

sonde_status wait_slot(sonde_env *, void *, sonde_process_ref *const *refs, size_t count, bool *ended,
                       sonde_exit *exits, uint64_t) {
  for (size_t i = 0; i < count; i++) {
    ended[i] = true;
    exits[i].valid = SONDE_EXIT_CODE;
    exits[i].code = refs[i]->pid % 256;
  }
  return SONDE_OK;
}

sonde_cpu_ops make_cpu() {
  sonde_cpu_ops ops = {};
  ops.times = [](sonde_env *env, void *, sonde_cpu_times *out) {
    const sonde_status status = record(env, out);
    out->cpu = SONDE_CPU_TOTAL;
    return status;
  };
  ops.times_list = list_slot<sonde_cpu_times>;
  ops.count = record_slot<sonde_cpu_count>;
  ops.stats = record_slot<sonde_cpu_stats>;
  ops.freq_list = list_slot<sonde_cpu_freq>;
  ops.load_average = record_slot<sonde_load_average>;
  ops.topology_list = list_slot<sonde_cpu_topology>;
  ops.cache_list = list_slot<sonde_cpu_cache>;
  ops.info_list = list_slot<sonde_cpu_info>;
  ops.interrupt_list = list_slot<sonde_cpu_interrupt>;
  ops.schedstat_list = list_slot<sonde_cpu_schedstat>;
  ops.throttle_list = list_slot<sonde_cpu_throttle>;
  ops.vulnerability_list = list_slot<sonde_cpu_vulnerability>;
  return ops;
}

sonde_memory_ops make_memory() {
  sonde_memory_ops ops = {};
  ops.virtual_memory = record_slot<sonde_virtual_memory>;
  ops.swap_memory = record_slot<sonde_swap_memory>;
  ops.swap_device_list = list_slot<sonde_swap_device>;
  ops.numa_node_list = list_slot<sonde_numa_node>;
  ops.stat_list = list_slot<sonde_memory_stat>;
  ops.heap_info = record_slot<sonde_heap_info>;
  ops.heap_trim = [](sonde_env *, void *) { return SONDE_OK; };
  ops.hugepages_list = list_slot<sonde_hugepages>;
  return ops;
}

sonde_disk_ops make_disk() {
  sonde_disk_ops ops = {};
  ops.partition_list = [](sonde_env *env, void *, sonde_fill *out, bool) {
    return rows<sonde_disk_partition>(env, out);
  };
  ops.usage = [](sonde_env *env, void *, sonde_disk_usage *out, const char *, uint64_t) { return record(env, out); };
  ops.io_list = list_slot<sonde_disk_io>;
  ops.device_list = list_slot<sonde_disk_device>;
  return ops;
}

sonde_net_ops make_net() {
  sonde_net_ops ops = {};
  ops.io_list = list_slot<sonde_net_io>;
  ops.if_addr_list = list_slot<sonde_net_if_addr>;
  ops.if_stats_list = list_slot<sonde_net_if_stats>;
  ops.connection_list = [](sonde_env *env, void *, sonde_fill *out, uint32_t) {
    return rows<sonde_connection>(env, out);
  };
  ops.protocol_list = list_slot<sonde_net_protocol>;
  ops.error_list = list_slot<sonde_net_error>;
  return ops;
}

sonde_sensor_ops make_sensor() {
  sonde_sensor_ops ops = {};
  ops.sensor_list = [](sonde_env *env, void *, sonde_fill *out, uint32_t, const char *) {
    return rows<sonde_sensor>(env, out);
  };
  ops.battery_list = list_slot<sonde_battery>;
  ops.gpu_list = list_slot<sonde_gpu>;
  return ops;
}

sonde_host_ops make_host() {
  sonde_host_ops ops = {};
  ops.info = [](sonde_env *env, void *, sonde_host_info *out, sonde_fill *memory) { return record(env, out, memory); };
  ops.times = record_slot<sonde_host_times>;
  ops.user_list = list_slot<sonde_user>;
  ops.service_list = list_slot<sonde_service>;
  ops.service = [](sonde_env *env, void *, sonde_fill *out, const char *) { return rows<sonde_service>(env, out); };
  return ops;
}

sonde_limits_ops make_limits() {
  sonde_limits_ops ops = {};
  ops.cgroup = [](sonde_env *env, void *, sonde_cgroup *out, sonde_fill *memory, sonde_pid) {
    return record(env, out, memory);
  };
  ops.pressure_list = [](sonde_env *env, void *, sonde_fill *out, const char *) {
    return rows<sonde_pressure>(env, out);
  };
  return ops;
}

sonde_process_ops make_process() {
  sonde_process_ops ops = {};
  ops.pid_list = [](sonde_env *env, void *, sonde_fill *out) { return numbers<sonde_pid>(env, out); };
  ops.pid_exists = [](sonde_env *, void *, bool *out, sonde_pid) {
    *out = true;
    return SONDE_OK;
  };
  ops.table = [](sonde_env *env, void *, sonde_fill *out, uint64_t fields) {
    return rows<sonde_process>(env, out, 3, fields);
  };
  ops.get = [](sonde_env *env, void *, sonde_fill *out, sonde_pid pid, uint64_t fields) {
    return one_process(env, out, pid, fields);
  };
  ops.handle_size = sizeof(Own);
  ops.open = [](sonde_env *, void *, sonde_process_ref *ref) {
    ref->start_id = static_cast<uint64_t>(ref->pid) * 10;
    ref->exact = true;
    static_cast<Own *>(ref->own)->pid = ref->pid;
    return SONDE_OK;
  };
  ops.close = [](sonde_env *, void *, sonde_process_ref *ref) { static_cast<Own *>(ref->own)->pid = 0; };
  ops.is_running = [](sonde_env *, void *, bool *out, sonde_process_ref *) {
    *out = true;
    return SONDE_OK;
  };
  ops.read = [](sonde_env *env, void *, sonde_fill *out, sonde_process_ref *ref, uint64_t fields) {
    return one_process(env, out, ref->pid, fields);
  };
  ops.thread_list = process_list_slot<sonde_thread>;
  ops.open_file_list = [](sonde_env *env, void *, sonde_fill *out, sonde_process_ref *, bool) {
    return rows<sonde_open_file>(env, out);
  };
  ops.map_list = [](sonde_env *env, void *, sonde_fill *out, sonde_process_ref *, bool) {
    return rows<sonde_map>(env, out);
  };
  ops.connection_list = [](sonde_env *env, void *, sonde_fill *out, sonde_process_ref *, uint32_t) {
    return rows<sonde_connection>(env, out);
  };
  ops.environ_list = process_list_slot<sonde_environ>;
  ops.limit_list = process_list_slot<sonde_limit>;
  ops.set_limit = [](sonde_env *, void *, sonde_process_ref *, const sonde_limit *) { return SONDE_OK; };
  ops.signal = [](sonde_env *, void *, sonde_process_ref *, int) { return SONDE_OK; };
  ops.suspend = action_slot;
  ops.resume = action_slot;
  ops.terminate = action_slot;
  ops.kill = action_slot;
  ops.set_nice = [](sonde_env *, void *, sonde_process_ref *, int) { return SONDE_OK; };
  ops.set_ionice = [](sonde_env *, void *, sonde_process_ref *, int, int) { return SONDE_OK; };
  ops.affinity = [](sonde_env *env, void *, sonde_fill *out, sonde_process_ref *) {
    return numbers<uint32_t>(env, out);
  };
  ops.set_affinity = [](sonde_env *, void *, sonde_process_ref *, const uint32_t *, size_t) { return SONDE_OK; };
  ops.wait = wait_slot;
  return ops;
}

}  // namespace

const sonde_backend *fake_backend() {
  static const sonde_cpu_ops cpu = make_cpu();
  static const sonde_memory_ops memory = make_memory();
  static const sonde_disk_ops disk = make_disk();
  static const sonde_net_ops net = make_net();
  static const sonde_sensor_ops sensor = make_sensor();
  static const sonde_host_ops host = make_host();
  static const sonde_limits_ops limits = make_limits();
  static const sonde_process_ops process = make_process();
  static const sonde_backend backend = {SONDE_BACKEND_ABI, "fake", 0,    sizeof(State), open,  close,   &cpu,
                                        &memory,           &disk,  &net, &sensor,       &host, &limits, &process};
  return &backend;
}

}  // namespace sonde_test
