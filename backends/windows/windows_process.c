/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_process.h" /* first */

#include "backends/windows/windows_connection.h"

const struct sonde_process_ops sondei_windows_process_ops = {
    /* windows_process_table.c */
    .pid_list = sondei_windows_pid_list,
    .pid_exists = sondei_windows_pid_exists,
    .table = sondei_windows_process_table,
    .get = sondei_windows_process_get,
    .thread_list = sondei_windows_thread_list,
    /* windows_process_handle.c */
    .handle_size = sizeof(struct windows_process_own),
    .open = sondei_windows_process_open,
    .close = sondei_windows_process_close,
    .is_running = sondei_windows_process_is_running,
    .read = sondei_windows_process_read,
    /* windows_process_detail.c */
    .map_list = sondei_windows_map_list,
    .environ_list = sondei_windows_environ_list,
    /* windows_process_action.c */
    .suspend = sondei_windows_suspend,
    .resume = sondei_windows_resume,
    .terminate = sondei_windows_kill, /* there is nothing gentler */
    .kill = sondei_windows_kill,
    .set_nice = sondei_windows_set_nice,
    .set_ionice = sondei_windows_set_ionice,
    .affinity = sondei_windows_affinity,
    .set_affinity = sondei_windows_set_affinity,
    .wait = sondei_windows_wait,
    /* windows_open_file.c */
    .open_file_list = sondei_windows_open_file_list,
    /* windows_connection.c */
    .connection_list = sondei_windows_process_connection_list,
};
