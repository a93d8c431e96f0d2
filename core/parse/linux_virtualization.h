/* SPDX-License-Identifier: MIT */
/*
 * linux_virtualization.h - which hypervisor a machine runs on, from the words that various files give away.
 *
 * Each function returns a constant name ("kvm", "vmware", "hyperv", "xen" ...), or NULL when the text does not tell.
 */
#ifndef SONDE_CORE_PARSE_LINUX_VIRTUALIZATION_H
#define SONDE_CORE_PARSE_LINUX_VIRTUALIZATION_H

#include "core/parse/span.h"

/* The maker's words in the firmware's tables (/sys/class/dmi/id): sys_vendor, product_name, and whichever of
 * board_vendor and bios_vendor; empty spans where not told. "qemu" may also be KVM: see the clock sources. Machines of
 * cloud makers that are rented whole are no virtual machines. */
const char *sondei_linux_virtualization_of_dmi(sondei_span vendor, sondei_span product, sondei_span other_vendor);

/* clocksource0/available_clocksource: hypervisors offer clocks of their own. */
const char *sondei_linux_virtualization_of_clocksources(sondei_span in);

/* A device tree's hypervisor/compatible or compatible: strings that end in NUL. */
const char *sondei_linux_virtualization_of_device_tree(sondei_span in);

/* /proc/sysinfo of s390x: the control program of the innermost level. */
const char *sondei_linux_virtualization_of_sysinfo(sondei_span in);

/* Whether the flags of /proc/cpuinfo hold "hypervisor" (x86). */
bool sondei_linux_has_hypervisor_flag(sondei_span features);

/* Whether /proc/xen/capabilities is that of the privileged domain, which runs on the bare metal as far as anybody can
 * see. */
bool sondei_linux_is_xen_control_domain(sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_VIRTUALIZATION_H */
