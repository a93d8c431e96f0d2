/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_virtualization.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names are short words of lower-case letters. */
static void check_name(const char *name) {
  if (name == NULL) return;
  const size_t len = strlen(name);
  CHECK(len > 0 && len < 16 && strspn(name, "abcdefghijklmnopqrstuvwxyz") == len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  sondei_span rest = in;
  sondei_span lines[3] = {in, in, in};
  for (size_t i = 0; i < 3; i++) sondei_span_take_line(&rest, &lines[i]);
  check_name(sondei_linux_virtualization_of_dmi(lines[0], lines[1], lines[2]));
  check_name(sondei_linux_virtualization_of_clocksources(in));
  check_name(sondei_linux_virtualization_of_device_tree(in));
  check_name(sondei_linux_virtualization_of_sysinfo(in));
  CHECK(size >= strlen("hypervisor") || !sondei_linux_has_hypervisor_flag(in));
  CHECK(size >= strlen("control_d") || !sondei_linux_is_xen_control_domain(in));
  return 0;
}
