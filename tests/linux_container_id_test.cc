// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_container_id.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

const std::string kId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kOther = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
const std::string kPod = "pod2b4c8a1e-6d53-4f0e-9d5a-0a1b2c3d4e5f";

// "engine id", or nothing.
std::string Find(const std::string &path) {
  sondei_span id = sondei_span_text("before");
  const char *engine = "before";
  const bool found = sondei_linux_container_id_of(&id, &engine, sondei_span_of(path.data(), path.size()));
  EXPECT_EQ(found, std::string(engine) != "before");
  return found ? engine + (" " + std::string(id.data, id.len)) : "";
}

TEST(LinuxContainerId, Table) {
  const struct {
    const char *origin;
    std::string path;
    std::string expected;
  } rows[] = {
      {"docker, cgroupfs", "/docker/" + kId, "docker " + kId},
      {"docker, systemd", "/system.slice/docker-" + kId + ".scope", "docker " + kId},
      {"docker, rootless", "/user.slice/user-1000.slice/user@1000.service/user.slice/docker-" + kId + ".scope",
       "docker " + kId},
      {"a cgroup below the container's", "/docker/" + kId + "/init.scope", "docker " + kId},
      {"docker in docker: the inner", "/docker/" + kId + "/docker/" + kOther, "docker " + kOther},
      {"kubernetes, cgroupfs", "/kubepods/burstable/" + kPod + "/" + kId, "kubernetes " + kId},
      {"kubernetes, containerd and systemd",
       "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-" + kPod + ".slice/cri-containerd-" + kId +
           ".scope",
       "containerd " + kId},
      {"kubernetes, cri-o", "/kubepods.slice/kubepods-besteffort.slice/x.slice/crio-" + kId + ".scope", "crio " + kId},
      {"cri-o's monitor is no container", "/kubepods.slice/crio-conmon-" + kId + ".scope", ""},
      {"containerd with systemd's names but without systemd",
       "/system.slice/containerd.service/kubepods-burstable-" + kPod + ".slice:cri-containerd:" + kId,
       "containerd " + kId},
      {"the same of other engines", "/a.slice:docker:" + kId, "docker " + kId},
      {"the same of other engines", "/a.slice:crio:" + kId, "crio " + kId},
      {"the same of other engines", "/a.slice:libpod:" + kId, "podman " + kId},
      {"the same of other engines", "/a.slice:new:" + kId, "container " + kId},
      {"a colon and no id", "/a.slice:crio:x", ""},
      {"podman, systemd", "/machine.slice/libpod-" + kId + ".scope/container", "podman " + kId},
      {"podman, cgroupfs", "/libpod_parent/libpod-" + kId, "podman " + kId},
      {"podman's monitor", "/machine.slice/libpod-conmon-" + kId + ".scope", ""},
      {"podman, cgroupfs, an id alone", "/libpod_parent/" + kId, "podman " + kId},
      {"a letter before the digits", "/docker/g" + kId.substr(1), ""},
      {"nerdctl", "/system.slice/nerdctl-" + kId + ".scope", "containerd " + kId},
      {"Amazon ECS", "/ecs/5f1e9d0c-7a52/" + kId, "ecs " + kId},
      {"Amazon Fargate", "/ecs/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef-1234567890",
       "ecs 0123456789abcdef0123456789abcdef-1234567890"},
      {"ECS: a task is 32 digits, '-' and a number", "/ecs/0123456789abcdef0123456789abcdef-12a", ""},
      {"ECS: a task is 32 digits, '-' and a number", "/ecs/0123456789abcdef0123456789abcdef-", ""},
      {"ECS: a task is 32 digits, '-' and a number", "/ecs/0123456789abcdef0123456789abcdef", ""},
      {"ECS: a task is 32 digits, '-' and a number", "/ecs/0123456789abcdef0123456789abcdeg-1", ""},
      {"ECS: a task is 32 digits, '-' and a number", "/ecs/0123456789abcdef0123456789abcde-1", ""},
      {"ECS: a task is 32 digits, '-' and a number", "/ecs/0123456789abcdef0123456789abcdef0-1", ""},
      {"a task's name that is not ECS's", "/box/0123456789abcdef0123456789abcdef-1234567890", ""},
      {"lxc 2", "/lxc/web 1", "lxc web 1"},
      {"lxc 3", "/lxc.payload/web/system.slice", "lxc web"},
      {"lxc 4", "/lxc.payload.web/init.scope", "lxc web"},
      {"lxc's monitor", "/lxc.monitor.web", ""},
      {"an lxc name that leads elsewhere", "/lxc/../x", ""},
      {"nspawn", "/machine.slice/machine-deb.scope/payload", "nspawn deb"},
      {"nspawn as a service", "/machine.slice/systemd-nspawn@deb.service/payload", "nspawn deb"},
      {"nspawn's names without the unit's ending", "/machine.slice/systemd-nspawn@deb", ""},
      {"a machine's scope elsewhere", "/system.slice/machine-deb.scope", ""},
      {"a virtual machine is no container", "/machine.slice/machine-qemu", ""},
      {"a user's session", "/user.slice/user-1000.slice/session-2.scope", ""},
      {"63 digits", "/docker/" + kId.substr(1), ""},
      {"65 digits", "/docker/0" + kId, ""},
      {"upper case is nobody's", "/docker/" + kId.substr(0, 63) + "F", ""},
      {"a letter that is no digit", "/docker/" + kId.substr(0, 63) + "g", ""},
      {"a sign that is no digit", "/docker/" + kId.substr(0, 63) + "/", ""},
      {"an id with something behind", "/docker/" + kId + "x", ""},
      {"an empty name", "/lxc.payload./x", ""},
      {"some other engine", "/box/" + kId, "container " + kId},
      {"two slashes are one", "/lxc//web", "lxc web"},
      {"a name of one letter", "/a/lxc/b/c", "lxc b"},
      {"the part above is one letter", "/lxc/a/b", "lxc a"},
      {"garbage", "\xff\xfe//\x01", ""},
      {"truncated", "/docker/", ""},
      {"empty", "", ""},
  };
  for (const auto &row : rows) EXPECT_EQ(Find(row.path), row.expected) << row.origin;
}

}  // namespace
