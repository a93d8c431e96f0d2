/* SPDX-License-Identifier: MIT */
#include "tools/fields.h"

const char *field_names_find(const struct field_names *names, uint64_t value) {
  for (size_t i = 0; i < names->count; i++) {
    if (names->names[i].value == value) return names->names[i].name;
  }
  return NULL;
}

#define DEFINE_NAMES(what, prefix) \
  const struct field_names names_##what = {prefix, what##_table, sizeof what##_table / sizeof what##_table[0]}

static const struct field_name cpu_cache_type_table[] = {
    {SONDE_CACHE_UNKNOWN, "unknown"},
    {SONDE_CACHE_DATA, "data"},
    {SONDE_CACHE_INSTRUCTION, "instruction"},
    {SONDE_CACHE_UNIFIED, "unified"},
};
DEFINE_NAMES(cpu_cache_type, "SONDE_CACHE_");

static const struct field_name vulnerability_state_table[] = {
    {SONDE_VULNERABILITY_UNKNOWN, "unknown"},
    {SONDE_VULNERABILITY_NOT_AFFECTED, "not_affected"},
    {SONDE_VULNERABILITY_VULNERABLE, "vulnerable"},
    {SONDE_VULNERABILITY_MITIGATED, "mitigated"},
};
DEFINE_NAMES(vulnerability_state, "SONDE_VULNERABILITY_");

static const struct field_name unit_table[] = {
    {SONDE_UNIT_COUNT, "count"},
    {SONDE_UNIT_BYTES, "bytes"},
    {SONDE_UNIT_PAGES, "pages"},
    {SONDE_UNIT_NANOSECONDS, "nanoseconds"},
};
DEFINE_NAMES(unit, "SONDE_UNIT_");

static const struct field_name mount_flags_table[] = {
    {SONDE_MOUNT_READ_ONLY, "read_only"},
    {SONDE_MOUNT_REMOTE, "remote"},
    {SONDE_MOUNT_VIRTUAL, "virtual"},
    {SONDE_MOUNT_AUTO, "auto"},
};
DEFINE_NAMES(mount_flags, "SONDE_MOUNT_");

static const struct field_name disk_kind_table[] = {
    {SONDE_DISK_KIND_UNKNOWN, "unknown"}, {SONDE_DISK_KIND_HDD, "hdd"},       {SONDE_DISK_KIND_SSD, "ssd"},
    {SONDE_DISK_KIND_OPTICAL, "optical"}, {SONDE_DISK_KIND_FLOPPY, "floppy"}, {SONDE_DISK_KIND_RAM, "ram"},
    {SONDE_DISK_KIND_VIRTUAL, "virtual"},
};
DEFINE_NAMES(disk_kind, "SONDE_DISK_KIND_");

static const struct field_name family_table[] = {
    {SONDE_FAMILY_NONE, "none"}, {SONDE_FAMILY_INET, "inet"}, {SONDE_FAMILY_INET6, "inet6"},
    {SONDE_FAMILY_UNIX, "unix"}, {SONDE_FAMILY_LINK, "link"},
};
DEFINE_NAMES(family, "SONDE_FAMILY_");

static const struct field_name net_if_flags_table[] = {
    {SONDE_NET_IF_UP, "up"},
    {SONDE_NET_IF_BROADCAST, "broadcast"},
    {SONDE_NET_IF_LOOPBACK, "loopback"},
    {SONDE_NET_IF_POINTOPOINT, "pointopoint"},
    {SONDE_NET_IF_RUNNING, "running"},
    {SONDE_NET_IF_PROMISC, "promisc"},
    {SONDE_NET_IF_MULTICAST, "multicast"},
    {SONDE_NET_IF_NOARP, "noarp"},
};
DEFINE_NAMES(net_if_flags, "SONDE_NET_IF_");

static const struct field_name duplex_table[] = {
    {SONDE_DUPLEX_UNKNOWN, "unknown"},
    {SONDE_DUPLEX_HALF, "half"},
    {SONDE_DUPLEX_FULL, "full"},
};
DEFINE_NAMES(duplex, "SONDE_DUPLEX_");

static const struct field_name socket_type_table[] = {
    {SONDE_SOCKET_UNKNOWN, "unknown"},     {SONDE_SOCKET_STREAM, "stream"}, {SONDE_SOCKET_DGRAM, "dgram"},
    {SONDE_SOCKET_SEQPACKET, "seqpacket"}, {SONDE_SOCKET_RAW, "raw"},
};
DEFINE_NAMES(socket_type, "SONDE_SOCKET_");

static const struct field_name connection_state_table[] = {
    {SONDE_STATE_NONE, "none"},
    {SONDE_STATE_ESTABLISHED, "established"},
    {SONDE_STATE_SYN_SENT, "syn_sent"},
    {SONDE_STATE_SYN_RECV, "syn_recv"},
    {SONDE_STATE_FIN_WAIT1, "fin_wait1"},
    {SONDE_STATE_FIN_WAIT2, "fin_wait2"},
    {SONDE_STATE_TIME_WAIT, "time_wait"},
    {SONDE_STATE_CLOSE, "close"},
    {SONDE_STATE_CLOSE_WAIT, "close_wait"},
    {SONDE_STATE_LAST_ACK, "last_ack"},
    {SONDE_STATE_LISTEN, "listen"},
    {SONDE_STATE_CLOSING, "closing"},
    {SONDE_STATE_DELETE_TCB, "delete_tcb"},
    {SONDE_STATE_IDLE, "idle"},
    {SONDE_STATE_BOUND, "bound"},
    {SONDE_STATE_UNKNOWN, "unknown"},
};
DEFINE_NAMES(connection_state, "SONDE_STATE_");

static const struct field_name sensor_kind_table[] = {
    {SONDE_SENSOR_TEMPERATURE, "temperature"}, {SONDE_SENSOR_FAN, "fan"},     {SONDE_SENSOR_VOLTAGE, "voltage"},
    {SONDE_SENSOR_CURRENT, "current"},         {SONDE_SENSOR_POWER, "power"}, {SONDE_SENSOR_ENERGY, "energy"},
    {SONDE_SENSOR_HUMIDITY, "humidity"},
};
DEFINE_NAMES(sensor_kind, "SONDE_SENSOR_");

static const struct field_name battery_state_table[] = {
    {SONDE_BATTERY_UNKNOWN, "unknown"},           {SONDE_BATTERY_CHARGING, "charging"},
    {SONDE_BATTERY_DISCHARGING, "discharging"},   {SONDE_BATTERY_FULL, "full"},
    {SONDE_BATTERY_NOT_CHARGING, "not_charging"},
};
DEFINE_NAMES(battery_state, "SONDE_BATTERY_");

static const struct field_name service_start_type_table[] = {
    {SONDE_SERVICE_START_UNKNOWN, "start_unknown"},
    {SONDE_SERVICE_AUTOMATIC, "automatic"},
    {SONDE_SERVICE_MANUAL, "manual"},
    {SONDE_SERVICE_DISABLED, "disabled"},
    {SONDE_SERVICE_BOOT, "boot"},
    {SONDE_SERVICE_SYSTEM, "system"},
};
DEFINE_NAMES(service_start_type, "SONDE_SERVICE_");

static const struct field_name service_state_table[] = {
    {SONDE_SERVICE_UNKNOWN, "unknown"},
    {SONDE_SERVICE_STOPPED, "stopped"},
    {SONDE_SERVICE_START_PENDING, "start_pending"},
    {SONDE_SERVICE_STOP_PENDING, "stop_pending"},
    {SONDE_SERVICE_RUNNING, "running"},
    {SONDE_SERVICE_CONTINUE_PENDING, "continue_pending"},
    {SONDE_SERVICE_PAUSE_PENDING, "pause_pending"},
    {SONDE_SERVICE_PAUSED, "paused"},
};
DEFINE_NAMES(service_state, "SONDE_SERVICE_");

static const struct field_name pressure_resource_table[] = {
    {SONDE_PRESSURE_CPU, "cpu"},
    {SONDE_PRESSURE_MEMORY, "memory"},
    {SONDE_PRESSURE_IO, "io"},
    {SONDE_PRESSURE_IRQ, "irq"},
};
DEFINE_NAMES(pressure_resource, "SONDE_PRESSURE_");

static const struct field_name process_state_table[] = {
    {SONDE_PROCESS_STATE_UNKNOWN, "unknown"},     {SONDE_PROCESS_STATE_RUNNING, "running"},
    {SONDE_PROCESS_STATE_SLEEPING, "sleeping"},   {SONDE_PROCESS_STATE_DISK_SLEEP, "disk_sleep"},
    {SONDE_PROCESS_STATE_STOPPED, "stopped"},     {SONDE_PROCESS_STATE_TRACING_STOP, "tracing_stop"},
    {SONDE_PROCESS_STATE_ZOMBIE, "zombie"},       {SONDE_PROCESS_STATE_DEAD, "dead"},
    {SONDE_PROCESS_STATE_WAKE_KILL, "wake_kill"}, {SONDE_PROCESS_STATE_WAKING, "waking"},
    {SONDE_PROCESS_STATE_PARKED, "parked"},       {SONDE_PROCESS_STATE_IDLE, "idle"},
    {SONDE_PROCESS_STATE_LOCKED, "locked"},       {SONDE_PROCESS_STATE_WAITING, "waiting"},
};
DEFINE_NAMES(process_state, "SONDE_PROCESS_STATE_");

static const struct field_name process_field_table[] = {
#define PROCESS_FIELD_NAME(name, bit, text) {SONDE_PROCESS_##name, text},
    SONDE_PROCESS_FIELD_MAP(PROCESS_FIELD_NAME)
#undef PROCESS_FIELD_NAME
};
DEFINE_NAMES(process_field, "SONDE_PROCESS_");

static const struct field_name file_kind_table[] = {
    {SONDE_FILE_UNKNOWN, "unknown"},
    {SONDE_FILE_REGULAR, "regular"},
    {SONDE_FILE_DIRECTORY, "directory"},
    {SONDE_FILE_CHARACTER_DEVICE, "character_device"},
    {SONDE_FILE_BLOCK_DEVICE, "block_device"},
    {SONDE_FILE_PIPE, "pipe"},
    {SONDE_FILE_SOCKET, "socket"},
    {SONDE_FILE_OTHER, "other"},
};
DEFINE_NAMES(file_kind, "SONDE_FILE_");

static const struct field_name limit_kind_table[] = {
    {SONDE_LIMIT_CPU, "cpu"},           {SONDE_LIMIT_FSIZE, "fsize"},
    {SONDE_LIMIT_DATA, "data"},         {SONDE_LIMIT_STACK, "stack"},
    {SONDE_LIMIT_CORE, "core"},         {SONDE_LIMIT_RSS, "rss"},
    {SONDE_LIMIT_NPROC, "nproc"},       {SONDE_LIMIT_NOFILE, "nofile"},
    {SONDE_LIMIT_MEMLOCK, "memlock"},   {SONDE_LIMIT_AS, "as"},
    {SONDE_LIMIT_LOCKS, "locks"},       {SONDE_LIMIT_SIGPENDING, "sigpending"},
    {SONDE_LIMIT_MSGQUEUE, "msgqueue"}, {SONDE_LIMIT_NICE, "nice"},
    {SONDE_LIMIT_RTPRIO, "rtprio"},     {SONDE_LIMIT_RTTIME, "rttime"},
    {SONDE_LIMIT_SBSIZE, "sbsize"},     {SONDE_LIMIT_SWAP, "swap"},
    {SONDE_LIMIT_NPTS, "npts"},         {SONDE_LIMIT_KQUEUES, "kqueues"},
    {SONDE_LIMIT_UMTXP, "umtxp"},       {SONDE_LIMIT_PIPEBUF, "pipebuf"},
};
DEFINE_NAMES(limit_kind, "SONDE_LIMIT_");

const struct field_names *const all_names[] = {
    &names_cpu_cache_type,
    &names_vulnerability_state,
    &names_unit,
    &names_mount_flags,
    &names_disk_kind,
    &names_family,
    &names_net_if_flags,
    &names_duplex,
    &names_socket_type,
    &names_connection_state,
    &names_sensor_kind,
    &names_battery_state,
    &names_service_start_type,
    &names_service_state,
    &names_pressure_resource,
    &names_process_state,
    &names_process_field,
    &names_file_kind,
    &names_limit_kind,
};
const size_t num_names = sizeof all_names / sizeof all_names[0];
