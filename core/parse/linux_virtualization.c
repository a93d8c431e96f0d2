/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_virtualization.h"

struct word {
  const char *text;
  const char *name;
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *name_of_start(sondei_span in, const struct word *words, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (sondei_span_starts_with(in, words[i].text)) return words[i].name;
  }
  return NULL;
}

/* "i3.metal", "c7i.metal-24xl": rented whole. */
static bool is_metal(sondei_span product) {
  size_t dot = 0;
  if (!sondei_span_find(product, '.', &dot)) return false;
  sondei_span_advance(&product, dot);
  return sondei_span_starts_with(product, ".metal");
}

const char *sondei_linux_virtualization_of_dmi(sondei_span vendor, sondei_span product, sondei_span other_vendor) {
  static const struct word products[] = {
      {"KVM", "kvm"},
      {"OpenStack", "kvm"},
      {"KubeVirt", "kvm"},
      {"RHEV Hypervisor", "kvm"},
      {"oVirt", "kvm"},
      {"AHV", "kvm"},
      {"Alibaba Cloud ECS", "kvm"},
      {"Google Compute Engine", "kvm"},
      {"HVM domU", "xen"},
      {"VMware", "vmware"},
      {"VirtualBox", "virtualbox"},
      {"Parallels", "parallels"},
      {"BHYVE", "bhyve"},
      {"Bochs", "bochs"},
      {"Apple Virtualization", "apple"},
      {"Standard PC", "qemu"},
  };
  static const struct word vendors[] = {
      {"KVM", "kvm"},
      {"OpenStack", "kvm"},
      {"KubeVirt", "kvm"},
      {"Amazon EC2", "kvm"},
      {"DigitalOcean", "kvm"},
      {"Cloud Hypervisor", "kvm"},
      {"QEMU", "qemu"},
      {"VMware", "vmware"},
      {"VMW", "vmware"},
      {"innotek GmbH", "virtualbox"},
      {"Xen", "xen"},
      {"Bochs", "bochs"},
      {"Parallels", "parallels"},
      {"BHYVE", "bhyve"},
      {"Apple Virtualization", "apple"},
  };
  if (sondei_span_starts_with(vendor, "Microsoft") && sondei_span_starts_with(product, "Virtual Machine")) {
    return "hyperv";
  }
  if (sondei_span_starts_with(vendor, "Hetzner") && sondei_span_starts_with(product, "vServer")) return "kvm";
  if (sondei_span_starts_with(vendor, "Amazon EC2") && is_metal(product)) return NULL;
  const char *name = name_of_start(product, products, COUNT(products));
  if (name == NULL) name = name_of_start(vendor, vendors, COUNT(vendors));
  if (name == NULL) name = name_of_start(other_vendor, vendors, COUNT(vendors));
  return name;
}

const char *sondei_linux_virtualization_of_clocksources(sondei_span in) {
  static const struct word clocks[] = {{"kvm-clock", "kvm"}, {"hyperv_clocksource", "hyperv"}, {"xen", "xen"}};
  sondei_span line;
  sondei_span word;
  if (!sondei_span_take_line(&in, &line)) return NULL;
  while (sondei_span_take_word(&line, &word)) {
    const char *const name = name_of_start(word, clocks, COUNT(clocks));
    if (name != NULL) return name;
  }
  return NULL;
}

const char *sondei_linux_virtualization_of_device_tree(sondei_span in) {
  static const struct word compatibles[] = {
      {"linux,kvm", "kvm"},         {"xen,", "xen"}, {"vmware", "vmware"}, {"qemu,pseries", "qemu"},
      {"linux,dummy-virt", "qemu"},
  };
  sondei_span entry;
  while (sondei_span_take_until(&in, '\0', &entry)) {
    const char *const name = name_of_start(entry, compatibles, COUNT(compatibles));
    if (name != NULL) return name;
  }
  return NULL;
}

const char *sondei_linux_virtualization_of_sysinfo(sondei_span in) {
  static const struct word programs[] = {{"z/VM", "zvm"}, {"KVM", "kvm"}};
  sondei_span line;
  /* VM00 is the innermost level, and comes first: "VM00 Control Program: z/VM    6.4.0". */
  while (sondei_span_take_line(&in, &line)) {
    if (!sondei_span_take_text(&line, "VM00 Control Program:")) continue;
    sondei_span_skip_blanks(&line);
    return name_of_start(line, programs, COUNT(programs));
  }
  return NULL;
}

static bool has_word(sondei_span in, const char *text) {
  sondei_span word;
  while (sondei_span_take_word(&in, &word)) {
    if (sondei_span_equals(word, text)) return true;
  }
  return false;
}

bool sondei_linux_has_hypervisor_flag(sondei_span features) { return has_word(features, "hypervisor"); }

bool sondei_linux_is_xen_control_domain(sondei_span in) {
  sondei_span line;
  return sondei_span_take_line(&in, &line) && has_word(line, "control_d");
}
