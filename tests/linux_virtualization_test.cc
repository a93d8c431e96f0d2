// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_virtualization.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

sondei_span Span(const std::string &text) { return sondei_span_of(text.data(), text.size()); }

TEST(LinuxVirtualization, Dmi) {
  const struct {
    const char *origin;
    std::string vendor, product, other;
    const char *expected;
  } rows[] = {
      {"QEMU's q35", "QEMU", "Standard PC (Q35 + ICH9, 2009)", "SeaBIOS", "qemu"},
      {"QEMU with another vendor", "Red Hat", "KVM", "SeaBIOS", "kvm"},
      {"OpenStack", "OpenStack Foundation", "OpenStack Nova", "SeaBIOS", "kvm"},
      {"EC2 Nitro", "Amazon EC2", "m5.large", "Amazon EC2", "kvm"},
      {"EC2 without a hypervisor", "Amazon EC2", "i3.metal", "Amazon EC2", nullptr},
      {"EC2 without a hypervisor", "Amazon EC2", "c7i.metal-24xl", "Amazon EC2", nullptr},
      {"EC2 of old", "Xen", "HVM domU", "Xen", "xen"},
      {"Google", "Google", "Google Compute Engine", "Google", "kvm"},
      {"Alibaba", "Alibaba Cloud", "Alibaba Cloud ECS", "SeaBIOS", "kvm"},
      {"DigitalOcean", "DigitalOcean", "Droplet", "DigitalOcean", "kvm"},
      {"Hetzner's virtual servers", "Hetzner", "vServer", "Hetzner", "kvm"},
      {"Hetzner's whole machines", "Hetzner", "EX44", "Hetzner", nullptr},
      {"a product name of another maker", "Dell Inc.", "vServer", "Dell Inc.", nullptr},
      {"only the maker tells: DigitalOcean", "DigitalOcean", "Droplet", "SeaBIOS", "kvm"},
      {"EC2: a name without a dot", "Amazon EC2", "metal", "Amazon EC2", "kvm"},
      {"Hyper-V and Azure", "Microsoft Corporation", "Virtual Machine", "American Megatrends Inc.", "hyperv"},
      {"a laptop of Microsoft's", "Microsoft Corporation", "Surface Pro 7", "Microsoft Corporation", nullptr},
      {"VMware", "VMware, Inc.", "VMware Virtual Platform", "Phoenix Technologies LTD", "vmware"},
      {"VirtualBox", "innotek GmbH", "VirtualBox", "innotek GmbH", "virtualbox"},
      {"Parallels", "Parallels International GmbH.", "Parallels ARM Virtual Machine", "", "parallels"},
      {"bhyve", "FreeBSD", "BHYVE", "BHYVE", "bhyve"},
      {"Virtualization.framework", "Apple Inc.", "Apple Virtualization Generic Platform", "", "apple"},
      {"only the firmware tells", "", "", "Bochs", "bochs"},
      {"a server", "Dell Inc.", "PowerEdge R640", "Dell Inc.", nullptr},
      {"Oracle's own machines", "Oracle Corporation", "ORACLE SERVER X9-2", "Oracle Corporation", nullptr},
      {"garbage", "\xff", "\xfe", "\xfd", nullptr},
      {"empty", "", "", "", nullptr},
  };
  for (const auto &row : rows) {
    EXPECT_STREQ(sondei_linux_virtualization_of_dmi(Span(row.vendor), Span(row.product), Span(row.other)), row.expected)
        << row.origin << ": " << row.product;
  }
}

TEST(LinuxVirtualization, Clocksources) {
  EXPECT_STREQ(sondei_linux_virtualization_of_clocksources(Span("tsc kvm-clock acpi_pm \n")), "kvm");
  EXPECT_STREQ(sondei_linux_virtualization_of_clocksources(Span("hyperv_clocksource_tsc_page acpi_pm \n")), "hyperv");
  EXPECT_STREQ(sondei_linux_virtualization_of_clocksources(Span("xen tsc hpet acpi_pm \n")), "xen");
  EXPECT_STREQ(sondei_linux_virtualization_of_clocksources(Span("tsc hpet acpi_pm \n")), nullptr);
  EXPECT_STREQ(sondei_linux_virtualization_of_clocksources(Span("arch_sys_counter \n")), nullptr);
  EXPECT_STREQ(sondei_linux_virtualization_of_clocksources(Span("\xff")), nullptr);
  EXPECT_STREQ(sondei_linux_virtualization_of_clocksources(Span("")), nullptr);
}

TEST(LinuxVirtualization, DeviceTree) {
  EXPECT_STREQ(sondei_linux_virtualization_of_device_tree(Span(std::string("linux,kvm\0", 10))), "kvm");
  EXPECT_STREQ(sondei_linux_virtualization_of_device_tree(Span(std::string("xen,xen-4.14\0xen,xen\0", 21))), "xen");
  EXPECT_STREQ(sondei_linux_virtualization_of_device_tree(Span(std::string("linux,dummy-virt\0", 17))), "qemu");
  EXPECT_STREQ(sondei_linux_virtualization_of_device_tree(Span(std::string("a,b\0qemu,pseries\0", 17))), "qemu");
  EXPECT_STREQ(
      sondei_linux_virtualization_of_device_tree(Span(std::string("raspberrypi,4-model-b\0brcm,bcm2711\0", 35))),
      nullptr);
  EXPECT_STREQ(sondei_linux_virtualization_of_device_tree(Span("\xff")), nullptr);
  EXPECT_STREQ(sondei_linux_virtualization_of_device_tree(Span("")), nullptr);
}

TEST(LinuxVirtualization, Sysinfo) {
  EXPECT_STREQ(
      sondei_linux_virtualization_of_sysinfo(Span("Manufacturer:         IBM\n\nVM00 Name:            LINUX01 \n"
                                                  "VM00 Control Program: z/VM    6.4.0         \n")),
      "zvm");
  EXPECT_STREQ(sondei_linux_virtualization_of_sysinfo(Span("VM00 Control Program: KVM/Linux       \nVM01 Control "
                                                           "Program: z/VM    7.2.0\n")),
               "kvm");
  EXPECT_STREQ(sondei_linux_virtualization_of_sysinfo(Span("VM00 Control Program: other\n")), nullptr);
  EXPECT_STREQ(sondei_linux_virtualization_of_sysinfo(Span("LPAR Number:          1\n")), nullptr);
  EXPECT_STREQ(sondei_linux_virtualization_of_sysinfo(Span("VM00 Control Program:")), nullptr);
  EXPECT_STREQ(sondei_linux_virtualization_of_sysinfo(Span("")), nullptr);
}

TEST(LinuxVirtualization, Flags) {
  EXPECT_TRUE(sondei_linux_has_hypervisor_flag(Span("fpu hypervisor lahf_lm")));
  EXPECT_FALSE(sondei_linux_has_hypervisor_flag(Span("fpu hypervisors")));
  EXPECT_FALSE(sondei_linux_has_hypervisor_flag(Span("")));
  EXPECT_TRUE(sondei_linux_is_xen_control_domain(Span("control_d\n")));
  EXPECT_FALSE(sondei_linux_is_xen_control_domain(Span("\n")));
  EXPECT_FALSE(sondei_linux_is_xen_control_domain(Span("")));
}

}  // namespace
