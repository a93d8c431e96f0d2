/* SPDX-License-Identifier: MIT */
#include "tools/command.h"

bool command_host(struct session *session) {
  sonde_host_info info = {0};
  sonde_status status = sonde_host_info_get(session->context, &info);
  report_record(session, "Host", &record_host_info, &info, status);
  sonde_host_info_free(&info);

  sonde_host_times times;
  status = sonde_host_times_get(session->context, &times);
  report_record(session, "Times", &record_host_times, &times, status);
  return true;
}

bool command_users(struct session *session) {
  sonde_user_list users = {0};
  const sonde_status status = sonde_user_list_get(session->context, &users);
  REPORT_LIST(session, "user_list", NULL, &record_user, users, status);
  sonde_user_list_free(&users);
  return true;
}

bool command_services(struct session *session) {
  sonde_service_list services = {0};
  const sonde_status status = sonde_service_list_get(session->context, &services);
  REPORT_LIST(session, "service_list", NULL, &record_service, services, status);
  sonde_service_list_free(&services);
  return true;
}

bool command_sensors(struct session *session) {
  sonde_sensor_list sensors = {0};
  sonde_status status = sonde_sensor_list_get(session->context, &sensors, SONDE_SENSOR_ALL, NULL);
  REPORT_LIST(session, "sensor_list", "Sensors", &record_sensor, sensors, status);
  sonde_sensor_list_free(&sensors);

  sonde_battery_list batteries = {0};
  status = sonde_battery_list_get(session->context, &batteries);
  REPORT_LIST(session, "battery_list", "Batteries", &record_battery, batteries, status);
  sonde_battery_list_free(&batteries);

  sonde_gpu_list gpus = {0};
  status = sonde_gpu_list_get(session->context, &gpus);
  REPORT_LIST(session, "gpu_list", "GPUs", &record_gpu, gpus, status);
  sonde_gpu_list_free(&gpus);
  return true;
}

bool command_cgroup(struct session *session) {
  sonde_pid pid = 0;
  if (!command_read_pid(session, &pid)) return false;
  sonde_cgroup cgroup = {0};
  sonde_status status = sonde_cgroup_get(session->context, &cgroup, pid);
  report_record(session, "Control group", &record_cgroup, &cgroup, status);
  sonde_cgroup_free(&cgroup);

  sonde_pressure_list pressure = {0};
  status = sonde_pressure_list_get(session->context, &pressure, NULL);
  REPORT_LIST(session, "pressure_list", "Pressure on the whole system", &record_pressure, pressure, status);
  sonde_pressure_list_free(&pressure);
  return true;
}

bool command_supports(struct session *session) {
  struct text_table table = {0};
  text_table_column(&table, "capability", false);
  text_table_column(&table, "backend", false);
  session->num_shown++;
  for (int i = 0; sonde_capability_name((sonde_capability)i) != NULL; i++) {
    const sonde_capability capability = (sonde_capability)i;
    const char *const name = sonde_capability_name(capability);
    const bool supported = sonde_supports(session->context, capability);
    if (session->doc != NULL) {
      json_add(session->doc, report_root(session), name, json_bool(session->doc, supported));
      continue;
    }
    text_add(text_table_cell_begin(&table), name);
    text_table_cell_end(&table, COLOUR_NONE);
    const char *const backend = sonde_backend_of(session->context, capability);
    text_add(text_table_cell_begin(&table), supported && backend != NULL ? backend : "no");
    text_table_cell_end(&table, supported ? COLOUR_GOOD : COLOUR_FAINT);
  }
  if (session->doc == NULL) text_table_print(&table, &session->out, true);
  text_table_free(&table);
  return true;
}
