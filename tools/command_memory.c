/* SPDX-License-Identifier: MIT */
#include "tools/command.h"

bool command_memory(struct session *session) {
  sonde *const context = session->context;
  sonde_virtual_memory memory;
  sonde_status status = sonde_virtual_memory_get(context, &memory);
  report_record(session, "Memory", &record_virtual_memory, &memory, status);

  sonde_swap_memory swap;
  status = sonde_swap_memory_get(context, &swap);
  report_record(session, "Swap", &record_swap_memory, &swap, status);

  sonde_swap_device_list devices = {0};
  status = sonde_swap_device_list_get(context, &devices);
  REPORT_LIST(session, "swap_device_list", "Swap devices", &record_swap_device, devices, status);
  sonde_swap_device_list_free(&devices);

  sonde_numa_node_list nodes = {0};
  status = sonde_numa_node_list_get(context, &nodes);
  REPORT_LIST(session, "numa_node_list", "NUMA nodes", &record_numa_node, nodes, status);
  sonde_numa_node_list_free(&nodes);

  sonde_hugepages_list hugepages = {0};
  status = sonde_hugepages_list_get(context, &hugepages);
  REPORT_LIST(session, "hugepages_list", "Huge pages", &record_hugepages, hugepages, status);
  sonde_hugepages_list_free(&hugepages);

  if ((session->line->given & OPTION_ALL) == 0) return true;
  sonde_memory_stat_list stats = {0};
  status = sonde_memory_stat_list_get(context, &stats);
  REPORT_LIST(session, "memory_stat_list", "All that the system tells", &record_memory_stat, stats, status);
  sonde_memory_stat_list_free(&stats);
  return true;
}
