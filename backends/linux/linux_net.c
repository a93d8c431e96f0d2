/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_net.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

#include "backends/linux/linux_dump.h"
#include "backends/linux/linux_file.h"
#include "core/parse/linux_hwaddr.h"
#include "core/parse/linux_if_flags.h"
#include "core/parse/linux_net_dev.h"
#include "core/parse/linux_rtnetlink.h"
#include "core/parse/linux_snmp.h"
#include "core/parse/linux_snmp6.h"
#include "core/parse/linux_softnet.h"
#include "core/parse/netmask.h"

/* A recording's /proc/self, if any, was the recorder; that of a host seen from a container is the container. When live
 * it is the calling thread's namespace, as with netlink; thread-self is there since Linux 3.17. */
sonde_status sondei_linux_read_net(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                   const char **path, const char *name) {
  const char *const folders[] = {env->live ? "thread-self/net/" : "1/net/", "self/net/", "net/"};
  sonde_status status = SONDE_ERR_UNSUPPORTED;
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    status = sondei_linux_path(env, state, path, folders[i], name, NULL, NULL);
    if (status != SONDE_OK) return status;
    status = sondei_linux_read(env, state, out, sondei_linux_root(env->procfs), *path, LINUX_UNTIL_EOF);
    if (status == SONDE_OK || !sondei_linux_is_missing(env)) return status;
  }
  return status;
}

sonde_status sondei_linux_fail_net_row(struct sonde_env *env, sondei_parse_error *err, size_t row_at,
                                       const char *path) {
  err->position += row_at;
  return sondei_linux_fail_parse(env, err, sondei_linux_root(env->procfs), path);
}

/* ---- Traffic --------------------------------------------------------------------------------------------------------
 */

static void linux_net_copy_counters(sonde_net_io *row, const struct sondei_linux_net_dev *device) {
  row->valid = SONDE_NET_IO_BYTES | SONDE_NET_IO_PACKETS | SONDE_NET_IO_ERRIN | SONDE_NET_IO_ERROUT |
               SONDE_NET_IO_DROPIN | SONDE_NET_IO_DROPOUT | SONDE_NET_IO_MULTICAST | SONDE_NET_IO_COLLISIONS |
               SONDE_NET_IO_DETAIL;
  row->bytes_recv = device->rx_bytes;
  row->packets_recv = device->rx_packets;
  row->errin = device->rx_errors;
  row->dropin = device->rx_dropped;
  row->fifo_in = device->rx_fifo;
  row->frame = device->rx_frame;
  row->compressed_in = device->rx_compressed;
  row->multicast = device->rx_multicast;
  row->bytes_sent = device->tx_bytes;
  row->packets_sent = device->tx_packets;
  row->errout = device->tx_errors;
  row->dropout = device->tx_dropped;
  row->fifo_out = device->tx_fifo;
  row->collisions = device->tx_collisions;
  row->carrier = device->tx_carrier;
  row->compressed_out = device->tx_compressed;
}

static sonde_status linux_net_io_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  const char *path = NULL;
  sondei_span text;
  sonde_status status = sondei_linux_read_net(env, state, &text, &path, "dev");
  if (status != SONDE_OK) return status;
  const size_t whole_len = text.len;
  struct sondei_linux_net_dev device;
  sondei_parse_error err;
  for (size_t at = 0; sondei_linux_next_net_dev(&device, &err, &text); at = whole_len - text.len) {
    sonde_net_io *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    status = sonde_fill_string(out, &row->name, device.name.data, device.name.len);
    if (status != SONDE_OK) return status;
    if (err.expected == NULL) {
      linux_net_copy_counters(row, &device);
    } else {
      row->status = sondei_linux_fail_net_row(env, &err, at, path);
    }
  }
  return SONDE_OK;
}

/* ---- Properties of interfaces ---------------------------------------------------------------------------------------
 */

/* Reads an attribute of an interface; *has: it is there and can be read. That it may not be read (Android) is the row's
 * status. Fails only for want of memory or descriptors: drivers answer EINVAL, EOPNOTSUPP and others for what they do
 * not know. */
static sonde_status linux_net_attribute(struct sonde_env *env, struct linux_state *state, sonde_net_if_stats *row,
                                        sondei_span *out, bool *has, struct linux_place interface,
                                        const char *attribute) {
  const sonde_status status = sondei_linux_read(env, state, out, interface, attribute, LINUX_ONE_RECORD);
  *has = status == SONDE_OK;
  if (status == SONDE_ERR_ACCESS) row->status = status;
  return !*has && sondei_linux_is_exhausted(env) ? status : SONDE_OK;
}

/* Megabits per second. -1 for unknown comes as 32 or 16 bits without a sign from older kernels and drivers. */
static sonde_status linux_net_fill_speed(struct sonde_env *env, struct linux_state *state, sonde_net_if_stats *row,
                                         struct linux_place interface) {
  sondei_span text;
  uint64_t speed = 0;
  bool has = false;
  const sonde_status status = linux_net_attribute(env, state, row, &text, &has, interface, "speed");
  if (has && sondei_span_whole_u64(text, &speed) && speed > 0 && speed < UINT32_MAX && speed != UINT16_MAX) {
    row->valid |= SONDE_NET_IF_STATS_SPEED;
    row->speed = speed * 1000000;
  }
  return status;
}

static sonde_status linux_net_fill_duplex(struct sonde_env *env, struct linux_state *state, sonde_net_if_stats *row,
                                          struct linux_place interface) {
  sondei_span text;
  bool has = false;
  const sonde_status status = linux_net_attribute(env, state, row, &text, &has, interface, "duplex");
  if (!has) return status;
  if (sondei_span_equals(text, "full\n")) row->duplex = SONDE_DUPLEX_FULL;
  if (sondei_span_equals(text, "half\n")) row->duplex = SONDE_DUPLEX_HALF;
  if (row->duplex != SONDE_DUPLEX_UNKNOWN) row->valid |= SONDE_NET_IF_STATS_DUPLEX;
  return status;
}

/* RUNNING is no flag in sysfs: the kernel makes it of "up" and the operational state. */
static sonde_status linux_net_fill_state(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                         sonde_net_if_stats *row, struct linux_place interface) {
  sondei_span text;
  sondei_parse_error err;
  bool has = false;
  sonde_status status = linux_net_attribute(env, state, row, &text, &has, interface, "flags");
  if (status != SONDE_OK) return status;
  if (has && sondei_linux_parse_if_flags(&row->flags, &err, text) == SONDE_OK) {
    row->valid |= SONDE_NET_IF_STATS_FLAGS;
  } else if (has) {
    row->status = sondei_linux_fail_parse(env, &err, interface, "flags");
  }
  status = sondei_linux_read_string(env, state, fill, &row->operstate, interface, "operstate");
  if (status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && sondei_linux_is_exhausted(env))) return status;
  if (status == SONDE_ERR_ACCESS) row->status = status;
  if ((row->valid & SONDE_NET_IF_STATS_FLAGS) == 0) return SONDE_OK;
  const sondei_span operstate = sondei_span_of(row->operstate.data, row->operstate.len);
  /* Before 2.6.17 there is no such file, and drivers that do not care say "unknown". */
  const bool is_operational =
      operstate.len == 0 || sondei_span_equals(operstate, "up") || sondei_span_equals(operstate, "unknown");
  row->isup = (row->flags & SONDE_NET_IF_UP) != 0 && is_operational;
  if (row->isup) row->flags |= SONDE_NET_IF_RUNNING;
  row->valid |= SONDE_NET_IF_STATS_ISUP;
  return SONDE_OK;
}

/* A number that is always one: anything else is not understood, and spoils the row. */
static sonde_status linux_net_fill_number(struct sonde_env *env, struct linux_state *state, sonde_net_if_stats *row,
                                          uint64_t *out, uint64_t max, uint64_t bit, struct linux_place interface,
                                          const char *attribute) {
  sondei_span text;
  uint64_t value = 0;
  bool has = false;
  const sonde_status status = linux_net_attribute(env, state, row, &text, &has, interface, attribute);
  if (!has) return status;
  if (sondei_span_whole_u64(text, &value) && value <= max) {
    *out = value;
    row->valid |= bit;
  } else {
    const sondei_parse_error err = {0, "a number that fits"};
    row->status = sondei_linux_fail_parse(env, &err, interface, attribute);
  }
  return status;
}

static sonde_status linux_net_fill_numbers(struct sonde_env *env, struct linux_state *state, sonde_net_if_stats *row,
                                           struct linux_place interface) {
  uint64_t index = 0;
  sonde_status status =
      linux_net_fill_number(env, state, row, &index, UINT32_MAX, SONDE_NET_IF_STATS_INDEX, interface, "ifindex");
  row->index = (uint32_t)index;
  if (status != SONDE_OK) return status;
  status = linux_net_fill_number(env, state, row, &row->mtu, UINT64_MAX, SONDE_NET_IF_STATS_MTU, interface, "mtu");
  if (status != SONDE_OK) return status;
  return linux_net_fill_number(env, state, row, &row->carrier_changes, UINT64_MAX, SONDE_NET_IF_STATS_CARRIER_CHANGES,
                               interface, "carrier_changes");
}

static sonde_status linux_net_fill_hwaddr(struct sonde_env *env, struct linux_state *state, sonde_net_if_stats *row,
                                          struct linux_place interface) {
  sondei_span text;
  sondei_parse_error err;
  bool has = false;
  const sonde_status status = linux_net_attribute(env, state, row, &text, &has, interface, "address");
  if (has && sondei_linux_parse_hwaddr(&row->hwaddr, &err, text) != SONDE_OK) {
    row->status = sondei_linux_fail_parse(env, &err, interface, "address");
  }
  return status;
}

/* *is_there: sysfs knows the interface. */
static sonde_status linux_net_fill_interface(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                             sonde_net_if_stats *row, bool *is_there) {
  const char *path = NULL;
  struct linux_place interface = {-1, ""};
  sonde_status status = sondei_linux_path(env, state, &path, "class/net/", row->name.data, NULL, NULL);
  if (status != SONDE_OK) return status;
  status = sondei_linux_open_place(env, state, &interface, sondei_linux_root(env->sysfs), path);
  *is_there = status == SONDE_OK;
  if (!*is_there) {
    if (sondei_linux_is_exhausted(env)) return status;
    if (!sondei_linux_is_missing(env)) row->status = status;
    return SONDE_OK;
  }
  status = linux_net_fill_state(env, state, fill, row, interface);
  if (status == SONDE_OK) status = linux_net_fill_numbers(env, state, row, interface);
  if (status == SONDE_OK) status = linux_net_fill_speed(env, state, row, interface);
  if (status == SONDE_OK) status = linux_net_fill_duplex(env, state, row, interface);
  if (status == SONDE_OK) status = linux_net_fill_hwaddr(env, state, row, interface);
  sondei_linux_close_place(state, &interface);
  return status;
}

/* The names in /proc/net/dev, which knows the caller's network namespace; /sys shows that of whoever mounted it. */
static sonde_status linux_net_names_from_proc(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                              bool *has) {
  const char *path = NULL;
  sondei_span text;
  sonde_status status = sondei_linux_read_net(env, state, &text, &path, "dev");
  *has = status == SONDE_OK;
  if (!*has) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  const size_t whole_len = text.len;
  struct sondei_linux_net_dev device;
  sondei_parse_error err;
  for (size_t at = 0; sondei_linux_next_net_dev(&device, &err, &text); at = whole_len - text.len) {
    sonde_net_if_stats *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    status = sonde_fill_string(out, &row->name, device.name.data, device.name.len);
    if (status != SONDE_OK) return status;
    /* Counters that are not understood do not matter here. */
    if (device.name.len == 0) row->status = sondei_linux_fail_net_row(env, &err, at, path);
  }
  return SONDE_OK;
}

static sonde_status linux_net_stats_by_name(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  for (size_t i = 0; i < sonde_fill_count(out); i++) {
    sonde_net_if_stats *const row = sonde_fill_at(out, i);
    bool is_there = false;
    if (row->name.len == 0) continue;
    const sonde_status status = linux_net_fill_interface(env, state, out, row, &is_there);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

static sonde_status linux_net_stats_by_walk(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  struct linux_walk walk;
  const char *name = NULL;
  sonde_status status =
      sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->sysfs), "class/net");
  if (status != SONDE_OK) return status;
  for (;;) {
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    bool is_there = false;
    sonde_net_if_stats *const row = sonde_fill_row(out);
    status = row == NULL ? SONDE_ERR_NO_MEMORY : sonde_fill_string(out, &row->name, name, strlen(name));
    if (status == SONDE_OK) status = linux_net_fill_interface(env, state, out, row, &is_there);
    if (status != SONDE_OK) break;
    /* Gone meanwhile, or no interface: bonding_masters is a file. */
    if (!is_there && row->status == SONDE_OK) sonde_fill_drop_row(out);
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

/* ---- The kernel's own list of interfaces
 * ------------------------------------------------------------------------------
 */

enum {
  LINUX_DUMP_TRIES = 16 /* while interfaces come and go */
};

/* Makes one row of the message about an interface. */
typedef sonde_status linux_net_fill_link(struct sonde_env *env, struct linux_dump *dump, struct sonde_fill *out,
                                         sondei_span payload);

static sonde_status linux_net_pull_links(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                         struct sonde_fill *out, linux_net_fill_link *fill_link) {
  const unsigned char body[16] = {0}; /* struct ifinfomsg */
  struct sondei_linux_netlink_message message;
  bool at_end = false;
  sonde_status status = sondei_linux_dump_ask(env, state, dump, SONDEI_RTM_GETLINK, body, sizeof body);
  while (status == SONDE_OK) {
    status = sondei_linux_dump_next(env, state, dump, &message, &at_end);
    if (status != SONDE_OK || at_end) break;
    if (message.type == SONDEI_RTM_NEWLINK) status = fill_link(env, dump, out, message.payload);
  }
  return status;
}

/* What follows the interfaces, in the same dump. */
typedef sonde_status linux_net_fill_more(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                         struct sonde_fill *out);

/* A row for each interface, and what fill_more (which may be NULL) adds to them; anew while the table changes. */
static sonde_status linux_net_dump_links(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                         linux_net_fill_link *fill_link, linux_net_fill_more *fill_more) {
  static const char what[] = "netlink route";
  struct linux_dump dump;
  if (!env->live) return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "socket", what, sizeof what - 1);
  sonde_status status = sondei_linux_dump_open(env, state, &dump, NETLINK_ROUTE, what);
  if (status != SONDE_OK) return status;
  for (int i = 0; i < LINUX_DUMP_TRIES; i++) {
    while (sonde_fill_count(out) > 0) sonde_fill_drop_row(out);
    status = linux_net_pull_links(env, state, &dump, out, fill_link);
    if (status == SONDE_OK && fill_more != NULL) status = fill_more(env, state, &dump, out);
    if (status != SONDE_OK || !dump.is_interrupted) break;
  }
  if (status == SONDE_OK && dump.is_interrupted) {
    status = sonde_env_fail(env, SONDE_ERR_OS, EAGAIN, "EAGAIN", "netlink", what, sizeof what - 1);
  }
  sondei_linux_dump_close(state, &dump);
  return status;
}

/* ---- Whose interfaces sysfs shows
 * ------------------------------------------------------------------------------------
 */

static bool linux_net_is_same_address(const sonde_address *a, const sonde_address *b) {
  return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Sysfs shows the network namespace in which it was mounted: what it says of an interface that is another there, or not
 * there at all, is not true here. The kernel's answer is. */
static sonde_status linux_net_check_link(struct sonde_env *env, struct linux_dump *dump, struct sonde_fill *out,
                                         sondei_span payload) {
  struct sondei_linux_if_link link;
  sondei_parse_error err;
  if (sondei_linux_parse_if_link(&link, &err, payload) != SONDE_OK) {
    (void)sonde_env_fail_parse(env, err.expected, err.position, dump->what, strlen(dump->what));
    return SONDE_OK;
  }
  for (size_t i = 0; i < sonde_fill_count(out); i++) {
    sonde_net_if_stats *const row = sonde_fill_at(out, i);
    if (row->name.len != link.name.len || memcmp(row->name.data, link.name.data, link.name.len) != 0) continue;
    const uint32_t flags = sondei_linux_if_flags(link.flags);
    const bool is_same = row->index == link.index && linux_net_is_same_address(&row->hwaddr, &link.address) &&
                         ((row->flags ^ flags) & SONDE_NET_IF_UP) == 0 && (!link.has_mtu || row->mtu == link.mtu);
    if (is_same) return SONDE_OK;
    row->valid = SONDE_NET_IF_STATS_INDEX | SONDE_NET_IF_STATS_FLAGS | SONDE_NET_IF_STATS_ISUP;
    row->index = link.index;
    row->flags = flags;
    row->isup = (flags & SONDE_NET_IF_UP) != 0 && (flags & SONDE_NET_IF_RUNNING) != 0;
    row->hwaddr = link.address;
    row->duplex = SONDE_DUPLEX_UNKNOWN;
    row->speed = 0;
    row->mtu = link.mtu;
    if (link.has_mtu) row->valid |= SONDE_NET_IF_STATS_MTU;
    row->carrier_changes = link.carrier_changes;
    if (link.has_carrier_changes) row->valid |= SONDE_NET_IF_STATS_CARRIER_CHANGES;
    row->operstate.data = link.operstate;
    row->operstate.len = strlen(link.operstate);
    return SONDE_OK;
  }
  return SONDE_OK;
}

/* What neither sysfs nor the kernel knows any more: it went after its name was read. */
static void linux_net_drop_vanished(struct sonde_fill *out) {
  size_t kept = 0;
  for (size_t i = 0; i < sonde_fill_count(out); i++) {
    const sonde_net_if_stats *const row = sonde_fill_at(out, i);
    if (row->valid == 0 && row->status == SONDE_OK) continue;
    if (kept != i) *(sonde_net_if_stats *)sonde_fill_at(out, kept) = *row;
    kept++;
  }
  while (sonde_fill_count(out) > kept) sonde_fill_drop_row(out);
}

static sonde_status linux_net_check_links(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  struct linux_dump dump;
  sonde_status status = sondei_linux_dump_open(env, state, &dump, NETLINK_ROUTE, "netlink route");
  if (status == SONDE_OK) {
    status = linux_net_pull_links(env, state, &dump, out, linux_net_check_link);
    sondei_linux_dump_close(state, &dump);
    if (status == SONDE_OK) linux_net_drop_vanished(out);
  }
  return status != SONDE_OK && sondei_linux_is_exhausted(env) ? status : SONDE_OK;
}

static sonde_status linux_net_if_stats_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  bool has_names = false;
  sonde_status status = linux_net_names_from_proc(env, state, out, &has_names);
  if (status != SONDE_OK) return status;
  if (!has_names) return linux_net_stats_by_walk(env, state, out);
  status = linux_net_stats_by_name(env, state, out);
  return status == SONDE_OK && env->live ? linux_net_check_links(env, state, out) : status;
}

/* ---- Hardware and protocol addresses --------------------------------------------------------------------------------
 */

/* Its hardware address or, for now, none. */
static sonde_status linux_net_fill_hardware(struct sonde_env *env, struct linux_dump *dump, struct sonde_fill *out,
                                            sondei_span payload) {
  struct sondei_linux_if_link link;
  sondei_parse_error err;
  sonde_net_if_addr *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  if (sondei_linux_parse_if_link(&link, &err, payload) != SONDE_OK) {
    row->status = sonde_env_fail_parse(env, err.expected, err.position, dump->what, strlen(dump->what));
    return SONDE_OK;
  }
  row->index = link.index;
  row->address = link.address;
  row->broadcast = link.broadcast;
  return sonde_fill_string(out, &row->name, link.name.data, link.name.len);
}

/* The row of the interface among the first num_links, which stand in the order of the dump; as addresses do, the search
 * goes on from the last hit. */
static sonde_net_if_addr *linux_net_find_link(struct sonde_fill *fill, size_t num_links, size_t *cursor,
                                              uint32_t index) {
  for (size_t i = 0; i < num_links; i++) {
    sonde_net_if_addr *const row = sonde_fill_at(fill, (*cursor + i) % num_links);
    if (row->status != SONDE_OK || row->index != index) continue;
    *cursor = (*cursor + i) % num_links;
    return row;
  }
  return NULL;
}

static sonde_status linux_net_fill_address(struct linux_dump *dump, struct sonde_fill *out, size_t num_links,
                                           size_t *cursor, const struct sondei_linux_if_addr *addr) {
  sonde_net_if_addr *row = linux_net_find_link(out, num_links, cursor, addr->index);
  if (row == NULL) {
    dump->is_interrupted = true; /* it came after the interfaces were told */
    return SONDE_OK;
  }
  if (row->address.family != SONDE_FAMILY_NONE) {
    const size_t link = *cursor;
    row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->name = ((const sonde_net_if_addr *)sonde_fill_at(out, link))->name;
    row->index = addr->index;
  }
  row->address = addr->address;
  row->netmask = sondei_netmask(&addr->address, addr->prefix_len);
  row->broadcast = addr->broadcast;
  row->ptp = addr->peer;
  row->prefix_len = addr->prefix_len;
  return SONDE_OK;
}

static sonde_status linux_net_fill_addresses(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                             struct sonde_fill *out) {
  const unsigned char body[8] = {0}; /* struct ifaddrmsg */
  const size_t num_links = sonde_fill_count(out);
  struct sondei_linux_netlink_message message;
  struct sondei_linux_if_addr addr;
  sondei_parse_error err;
  size_t cursor = 0;
  bool at_end = false;
  const bool was_interrupted = dump->is_interrupted;
  sonde_status status = sondei_linux_dump_ask(env, state, dump, SONDEI_RTM_GETADDR, body, sizeof body);
  while (status == SONDE_OK) {
    status = sondei_linux_dump_next(env, state, dump, &message, &at_end);
    if (status != SONDE_OK || at_end) break;
    if (message.type != SONDEI_RTM_NEWADDR) continue;
    if (sondei_linux_parse_if_addr(&addr, &err, message.payload) != SONDE_OK) {
      sonde_net_if_addr *const row = sonde_fill_row(out);
      if (row == NULL) return SONDE_ERR_NO_MEMORY;
      row->status = sonde_env_fail_parse(env, err.expected, err.position, dump->what, strlen(dump->what));
    } else if (addr.address.family != SONDE_FAMILY_NONE) {
      status = linux_net_fill_address(dump, out, num_links, &cursor, &addr);
    }
  }
  dump->is_interrupted |= was_interrupted;
  return status;
}

static sonde_status linux_net_if_addr_list(struct sonde_env *env, void *state, struct sonde_fill *out) {
  return linux_net_dump_links(env, state, out, linux_net_fill_hardware, linux_net_fill_addresses);
}

/* ---- Errors ---------------------------------------------------------------------------------------------------------
 */

static void linux_net_copy_errors(sonde_net_error *row, const struct sondei_linux_if_link *link) {
  const uint64_t *const stats = link->stats;
  row->index = link->index;
  if (link->num_stats <= SONDEI_LINUX_LINK_TX_WINDOW) return;
  row->valid = SONDE_NET_ERROR_COUNTS;
  row->rx_length = stats[SONDEI_LINUX_LINK_RX_LENGTH];
  row->rx_over = stats[SONDEI_LINUX_LINK_RX_OVER];
  row->rx_crc = stats[SONDEI_LINUX_LINK_RX_CRC];
  row->rx_frame = stats[SONDEI_LINUX_LINK_RX_FRAME];
  row->rx_fifo = stats[SONDEI_LINUX_LINK_RX_FIFO];
  row->rx_missed = stats[SONDEI_LINUX_LINK_RX_MISSED];
  row->tx_aborted = stats[SONDEI_LINUX_LINK_TX_ABORTED];
  row->tx_carrier = stats[SONDEI_LINUX_LINK_TX_CARRIER];
  row->tx_fifo = stats[SONDEI_LINUX_LINK_TX_FIFO];
  row->tx_heartbeat = stats[SONDEI_LINUX_LINK_TX_HEARTBEAT];
  row->tx_window = stats[SONDEI_LINUX_LINK_TX_WINDOW];
  if (link->num_stats > SONDEI_LINUX_LINK_RX_NO_HANDLER) {
    row->rx_no_handler = stats[SONDEI_LINUX_LINK_RX_NO_HANDLER];
    row->valid |= SONDE_NET_ERROR_NO_HANDLER;
  }
  if (link->num_stats > SONDEI_LINUX_LINK_RX_OTHER_HOST) {
    row->rx_other_host = stats[SONDEI_LINUX_LINK_RX_OTHER_HOST];
    row->valid |= SONDE_NET_ERROR_OTHER_HOST;
  }
}

static sonde_status linux_net_fill_error(struct sonde_env *env, struct linux_dump *dump, struct sonde_fill *out,
                                         sondei_span payload) {
  struct sondei_linux_if_link link;
  sondei_parse_error err;
  sonde_net_error *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  if (sondei_linux_parse_if_link(&link, &err, payload) != SONDE_OK) {
    row->status = sonde_env_fail_parse(env, err.expected, err.position, dump->what, strlen(dump->what));
    return SONDE_OK;
  }
  linux_net_copy_errors(row, &link);
  return sonde_fill_string(out, &row->name, link.name.data, link.name.len);
}

static sonde_status linux_net_error_list(struct sonde_env *env, void *state, struct sonde_fill *out) {
  return linux_net_dump_links(env, state, out, linux_net_fill_error, NULL);
}

/* ---- Protocols ------------------------------------------------------------------------------------------------------
 */

static sonde_status linux_net_add_counter(struct sonde_fill *out, sonde_net_protocol **made, sondei_span protocol,
                                          sondei_span name, int64_t value) {
  sonde_net_protocol *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->value = value;
  *made = row;
  const sonde_status status = sonde_fill_string(out, &row->protocol, protocol.data, protocol.len);
  return status == SONDE_OK ? sonde_fill_string(out, &row->name, name.data, name.len) : status;
}

static sonde_status linux_net_fill_snmp(struct sonde_env *env, struct sonde_fill *out, sondei_span text,
                                        const char *path) {
  struct sondei_linux_snmp_table table;
  struct sondei_linux_snmp_counter counter;
  sondei_parse_error err;
  sonde_net_protocol *row = NULL;
  const sondei_span whole = text;
  for (size_t at = 0; sondei_linux_next_snmp_table(&table, &err, &text); at = whole.len - text.len) {
    if (err.expected != NULL) {
      const sondei_span none = sondei_span_of(whole.data, 0);
      const sonde_status status = linux_net_add_counter(out, &row, table.protocol, none, 0);
      if (status != SONDE_OK) return status;
      row->status = sondei_linux_fail_net_row(env, &err, at, path);
      continue;
    }
    for (size_t values_at = (size_t)(table.values.data - whole.data);
         sondei_linux_next_snmp_counter(&counter, &err, &table); values_at = (size_t)(table.values.data - whole.data)) {
      const sonde_status status = linux_net_add_counter(out, &row, table.protocol, counter.name, counter.value);
      if (status != SONDE_OK) return status;
      if (err.expected != NULL) row->status = sondei_linux_fail_net_row(env, &err, values_at, path);
    }
  }
  return SONDE_OK;
}

static sonde_status linux_net_fill_snmp6(struct sonde_env *env, struct sonde_fill *out, sondei_span text,
                                         const char *path) {
  struct sondei_linux_snmp6 counter;
  sondei_parse_error err;
  sonde_net_protocol *row = NULL;
  const size_t whole_len = text.len;
  for (size_t at = 0; sondei_linux_next_snmp6(&counter, &err, &text); at = whole_len - text.len) {
    const sonde_status status = linux_net_add_counter(out, &row, counter.protocol, counter.name, counter.value);
    if (status != SONDE_OK) return status;
    if (err.expected != NULL) row->status = sondei_linux_fail_net_row(env, &err, at, path);
  }
  return SONDE_OK;
}

/* Summed over the CPUs; what a row does not tell is told of none. */
static sonde_status linux_net_fill_softnet(struct sonde_env *env, struct sonde_fill *out, sondei_span text,
                                           const char *path) {
  const sondei_span protocol = sondei_span_text("softnet");
  struct sondei_linux_softnet cpu;
  struct sondei_linux_softnet sum = {.valid = UINT32_MAX};
  sondei_parse_error err;
  sonde_net_protocol *row = NULL;
  sonde_status bad = SONDE_OK;
  const size_t whole_len = text.len;
  for (size_t at = 0; sondei_linux_next_softnet(&cpu, &err, &text); at = whole_len - text.len) {
    if (err.expected != NULL) bad = sondei_linux_fail_net_row(env, &err, at, path);
    sum.valid &= cpu.valid;
    for (size_t i = 0; i < SONDEI_LINUX_SOFTNET_COLUMN_COUNT; i++) {
      if (cpu.value[i] > INT64_MAX - sum.value[i]) {
        err.position = 0;
        err.expected = "a sum below 2^63";
        bad = sondei_linux_fail_net_row(env, &err, at, path);
      } else {
        sum.value[i] += cpu.value[i];
      }
    }
  }
  if (bad != SONDE_OK) {
    /* One row for all of them: a sum without one of the CPUs would be wrong. */
    const sonde_status status = linux_net_add_counter(out, &row, protocol, sondei_span_of(NULL, 0), 0);
    if (status == SONDE_OK) row->status = bad;
    return status;
  }
  for (size_t i = 0; whole_len > 0 && i < SONDEI_LINUX_SOFTNET_COLUMN_COUNT; i++) {
    if ((sum.valid >> i & 1) == 0) continue;
    const char *const name = sondei_linux_softnet_name((enum sondei_linux_softnet_column)i);
    const sonde_status status =
        linux_net_add_counter(out, &row, protocol, sondei_span_text(name), (int64_t)sum.value[i]);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

typedef sonde_status linux_net_fill_text(struct sonde_env *env, struct sonde_fill *out, sondei_span text,
                                         const char *path);

/* IPv6 that is switched off, or a kernel without connection tracking, has no such file: no rows then. */
static sonde_status linux_net_fill_file(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                        linux_net_fill_text *fill_text, const char *name, bool *is_there) {
  const char *path = NULL;
  sondei_span text;
  const sonde_status status = sondei_linux_read_net(env, state, &text, &path, name);
  if (status != SONDE_OK) return sondei_linux_is_missing(env) ? SONDE_OK : status;
  *is_there = true;
  return fill_text(env, out, text, path);
}

static sonde_status linux_net_fill_conntrack(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                             const char *path, const char *name) {
  uint64_t value = 0;
  sonde_net_protocol *row = NULL;
  sonde_status status = sondei_linux_read_u64(env, state, &value, sondei_linux_root(env->procfs), path);
  if (status != SONDE_OK && sondei_linux_is_missing(env)) return SONDE_OK;
  if (status != SONDE_OK && status != SONDE_ERR_PARSE && status != SONDE_ERR_ACCESS) return status;
  const sonde_status row_status = status == SONDE_OK && value > INT64_MAX ? SONDE_ERR_PARSE : status;
  const bool is_bad = row_status != SONDE_OK;
  status = linux_net_add_counter(out, &row, sondei_span_text("conntrack"), sondei_span_text(name),
                                 is_bad ? 0 : (int64_t)value);
  if (status == SONDE_OK && is_bad) row->status = row_status;
  return status;
}

static sonde_status linux_net_protocol_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  bool is_there = false;
  sonde_status status = linux_net_fill_file(env, state, out, linux_net_fill_snmp, "snmp", &is_there);
  if (status == SONDE_OK) status = linux_net_fill_file(env, state, out, linux_net_fill_snmp, "netstat", &is_there);
  if (status == SONDE_OK) status = linux_net_fill_file(env, state, out, linux_net_fill_snmp6, "snmp6", &is_there);
  if (status == SONDE_OK && !is_there) {
    static const char what[] = "net/snmp";
    status = sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, ENOENT, "ENOENT", "open", what, sizeof what - 1);
  }
  if (status == SONDE_OK)
    status = linux_net_fill_file(env, state, out, linux_net_fill_softnet, "softnet_stat", &is_there);
  if (status != SONDE_OK) return status;
  status = linux_net_fill_conntrack(env, state, out, "sys/net/netfilter/nf_conntrack_count", "count");
  if (status != SONDE_OK) return status;
  return linux_net_fill_conntrack(env, state, out, "sys/net/netfilter/nf_conntrack_max", "max");
}

const struct sonde_net_ops sondei_linux_net_ops = {
    .io_list = linux_net_io_list,
    .if_addr_list = linux_net_if_addr_list,
    .if_stats_list = linux_net_if_stats_list,
    .connection_list = sondei_linux_connection_list,
    .protocol_list = linux_net_protocol_list,
    .error_list = linux_net_error_list,
};
