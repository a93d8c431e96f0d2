/* SPDX-License-Identifier: MIT */
/*
 * fields.h - the records of sonde.h as tables: name, type, place and valid bit of each field.
 *
 * One table per record serves its text and its JSON. What is not in a table is not shown anywhere, so a test compares
 * every table with the struct in sonde.h.
 */
#ifndef SONDE_TOOLS_FIELDS_H
#define SONDE_TOOLS_FIELDS_H

#include <sonde/sonde.h>

typedef enum field_type {
  FIELD_BOOL,
  FIELD_U32,
  FIELD_I32,
  FIELD_U64,
  FIELD_I64,
  FIELD_DOUBLE,
  FIELD_STRING,  /* sonde_string */
  FIELD_CHARS,   /* char[], ended by NUL */
  FIELD_ADDRESS, /* sonde_address; absent when its family is NONE */
  FIELD_STATUS,  /* sonde_status */
  FIELD_ENUM,    /* an enum with `names` */
  FIELD_FLAGS32, /* or-ed bits with `names` */
  FIELD_FLAGS64,
  FIELD_U32_ARRAY, /* a pointer, and a size_t at count_offset */
  FIELD_U64_ARRAY,
  FIELD_I64_ARRAY,
  FIELD_STRING_ARRAY,
  FIELD_RECORD,        /* a struct inside, of `record` */
  FIELD_RECORD_POINTER /* a pointer to one; absent when NULL */
} field_type;

/* How a number is put into words; JSON always has the number itself. */
typedef enum field_unit {
  UNIT_NONE,
  UNIT_BYTES,
  UNIT_DURATION, /* ns */
  UNIT_MOMENT,   /* ns since 1970 */
  UNIT_HERTZ,
  UNIT_BIT_RATE,
  UNIT_BYTE_RATE, /* bytes per second */
  UNIT_RATIO,     /* 0..1 */
  UNIT_PERCENT,
  UNIT_CPU, /* SONDE_CPU_TOTAL and SONDE_NUMA_ALL are "all" */
  UNIT_HEX,
  UNIT_OCTAL
} field_unit;

/* The words for the values of an enum, or for bits. */
struct field_name {
  uint64_t value;
  const char *name;
};
struct field_names {
  const char *prefix; /* of the enumerators in sonde.h: "SONDE_PROCESS_STATE_" */
  const struct field_name *names;
  size_t count;
};

/* The word for a value, or NULL. */
const char *field_names_find(const struct field_names *names, uint64_t value);

enum {
  FIELD_DETAIL = 1 << 0, /* left out of text tables (there are too many columns), but not of a record by itself */
  FIELD_JSON_ONLY = 1 << 1,
  FIELD_IDENTITY = 1 << 2 /* tells which row this is: also told, even if 0, of a row that was not understood */
};

struct record;

struct field {
  const char *name;
  field_type type;
  field_unit unit;
  unsigned flags; /* FIELD_DETAIL, ... */
  size_t offset;
  size_t size;            /* of the member */
  const char *count_name; /* arrays */
  size_t count_offset;
  uint64_t bit; /* told only when one of these bits is in the record's `valid`; 0: always told */
  const struct field_names *names;
  const struct record *record;
};

#define RECORD_HAS_NONE ((size_t)-1)

struct record {
  const char *name; /* "sonde_cpu_times" */
  size_t size;
  size_t valid_offset; /* of `valid`, RECORD_HAS_NONE without one */
  size_t status_offset;
  const struct field *fields;
  size_t num_fields;
};

/* Whether this record tells the field. A string without a bit is told unless it is empty; in a row that was not
 * understood, a field without a bit is told unless it is 0 and no FIELD_IDENTITY. */
bool field_is_told(const struct record *record, const struct field *field, const void *data);

/* SONDE_OK for a record without a status. */
sonde_status record_status(const struct record *record, const void *data);

/* The field of that name, or NULL. */
const struct field *record_find(const struct record *record, const char *name);

/* Fields that were picked, in that order. */
struct field_choice {
  const struct field **fields;
  size_t count;
};

/* The member of `data`, by its type: FIELD_U32 and _U64; FIELD_I32, _I64, _ENUM and _STATUS; bits of either size. */
uint64_t field_u64(const struct field *field, const void *data);
int64_t field_i64(const struct field *field, const void *data);
double field_double(const struct field *field, const void *data);
bool field_bool(const struct field *field, const void *data);
/* FIELD_STRING and FIELD_CHARS. */
sonde_string field_string(const struct field *field, const void *data);
sonde_address field_address(const struct field *field, const void *data);
/* The record inside: data + offset, or what the pointer there points to. */
const void *field_record(const struct field *field, const void *data);
/* Arrays: how many, and element number index. */
size_t field_count(const struct field *field, const void *data);
uint64_t field_u32_at(const struct field *field, const void *data, size_t index);
uint64_t field_u64_at(const struct field *field, const void *data, size_t index);
int64_t field_i64_at(const struct field *field, const void *data, size_t index);
sonde_string field_string_at(const struct field *field, const void *data, size_t index);

extern const struct record record_cpu_times;
extern const struct record record_cpu_percents;
extern const struct record record_cpu_count;
extern const struct record record_cpu_stats;
extern const struct record record_cpu_freq;
extern const struct record record_load_average;
extern const struct record record_cpu_topology;
extern const struct record record_cpu_cache;
extern const struct record record_cpu_info;
extern const struct record record_cpu_interrupt;
extern const struct record record_cpu_schedstat;
extern const struct record record_cpu_throttle;
extern const struct record record_cpu_vulnerability;
extern const struct record record_virtual_memory;
extern const struct record record_swap_memory;
extern const struct record record_swap_device;
extern const struct record record_numa_node;
extern const struct record record_memory_stat;
extern const struct record record_hugepages;
extern const struct record record_disk_partition;
extern const struct record record_disk_usage;
extern const struct record record_disk_io;
extern const struct record record_disk_io_rate;
extern const struct record record_disk_device;
extern const struct record record_net_io;
extern const struct record record_net_io_rate;
extern const struct record record_net_if_addr;
extern const struct record record_net_if_stats;
extern const struct record record_connection;
extern const struct record record_tcp_info;
extern const struct record record_net_protocol;
extern const struct record record_net_error;
extern const struct record record_sensor;
extern const struct record record_battery;
extern const struct record record_gpu;
extern const struct record record_host_info;
extern const struct record record_host_times;
extern const struct record record_user;
extern const struct record record_service;
extern const struct record record_cgroup;
extern const struct record record_pressure;
extern const struct record record_ids;
extern const struct record record_process_memory_ex;
extern const struct record record_process_footprint;
extern const struct record record_process_delays;
extern const struct record record_process_capabilities;
extern const struct record record_process_signals;
extern const struct record record_process_namespaces;
extern const struct record record_process_microstates;
extern const struct record record_process;
extern const struct record record_thread;
extern const struct record record_open_file;
extern const struct record record_map;
extern const struct record record_environ;
extern const struct record record_limit;

/* All of the above. */
extern const struct record *const all_records[];
extern const size_t num_records;

/* The words, each list complete: a test compares them with sonde.h. */
extern const struct field_names names_cpu_cache_type;
extern const struct field_names names_vulnerability_state;
extern const struct field_names names_unit;
extern const struct field_names names_mount_flags;
extern const struct field_names names_disk_kind;
extern const struct field_names names_family;
extern const struct field_names names_net_if_flags;
extern const struct field_names names_duplex;
extern const struct field_names names_socket_type;
extern const struct field_names names_connection_state;
extern const struct field_names names_sensor_kind;
extern const struct field_names names_battery_state;
extern const struct field_names names_service_start_type;
extern const struct field_names names_service_state;
extern const struct field_names names_pressure_resource;
extern const struct field_names names_process_state;
extern const struct field_names names_process_field;
extern const struct field_names names_file_kind;
extern const struct field_names names_limit_kind;

extern const struct field_names *const all_names[];
extern const size_t num_names;

#endif /* SONDE_TOOLS_FIELDS_H */
