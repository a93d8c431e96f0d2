// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_container.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

sondei_span Span(const std::string &text) { return sondei_span_of(text.data(), text.size()); }

std::string Environ(const std::string &text) {
  sondei_span value = sondei_span_text("untouched");
  return sondei_linux_container_of_environ(&value, Span(text)) ? std::string(value.data, value.len)
                                                               : "no, " + std::string(value.data, value.len);
}

TEST(LinuxContainer, Environ) {
  EXPECT_EQ(Environ(std::string("HOME=/\0container=lxc\0TERM=x\0", 28)), "lxc");
  EXPECT_EQ(Environ(std::string("container=systemd-nspawn\0", 25)), "systemd-nspawn");
  EXPECT_EQ(Environ("container=podman"), "podman");
  EXPECT_EQ(Environ(std::string("container=\0", 11)), "no, untouched");
  EXPECT_EQ(Environ(std::string("mycontainer=lxc\0xcontainer=a\0", 29)), "no, untouched");
  EXPECT_EQ(Environ("\xff"), "no, untouched");
  EXPECT_EQ(Environ("contain"), "no, untouched");
  EXPECT_EQ(Environ(""), "no, untouched");
}

TEST(LinuxContainer, Cgroup) {
  const struct {
    const char *origin;
    std::string text;
    const char *expected;
  } rows[] = {
      {"a host", "0::/init.scope\n", nullptr},
      {"the engine itself is not in a container", "0::/system.slice/docker.service\n", nullptr},
      {"a cgroup namespace", "0::/\n", nullptr},
      {"docker, v1", "12:pids:/docker/0123abcd\n1:name=systemd:/docker/0123abcd\n", "docker"},
      {"docker by systemd, v2", "0::/system.slice/docker-0123abcd.scope\n", "docker"},
      {"podman", "0::/machine.slice/libpod-0123abcd.scope/container\n", "podman"},
      {"kubernetes", "0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-0123.scope\n", "kubernetes"},
      {"docker below kubernetes", "11:cpu:/kubepods/besteffort/pod1/docker-0123.scope\n", "kubernetes"},
      {"lxc", "0::/lxc.payload.web/init.scope\n", "lxc"},
      {"lxc of old", "8:cpu:/lxc/web\n", "lxc"},
      {"a name with colons", "1:name=systemd:/a:b/docker/c\n", "docker"},
      {"garbage", std::string("\xff\x00:/docker/", 11), nullptr},
      {"truncated", "0:", nullptr},
      {"empty", "", nullptr},
  };
  for (const auto &row : rows) {
    EXPECT_STREQ(sondei_linux_container_of_cgroup(Span(row.text)), row.expected) << row.origin;
  }
}

TEST(LinuxContainer, Kernel) {
  EXPECT_STREQ(sondei_linux_container_of_kernel(Span("5.15.90.1-microsoft-standard-WSL2\n")), "wsl");
  EXPECT_STREQ(sondei_linux_container_of_kernel(Span("4.4.0-19041-Microsoft\n")), "wsl");
  EXPECT_STREQ(sondei_linux_container_of_kernel(Span("6.1.0-18-amd64\n")), nullptr);
  EXPECT_STREQ(sondei_linux_container_of_kernel(Span("microsof")), nullptr);
  EXPECT_STREQ(sondei_linux_container_of_kernel(Span("")), nullptr);
}

}  // namespace
