// SPDX-License-Identifier: MIT
// scene.h - a hostile circumstance, made for real around a child process that then makes every call of the library.
#ifndef SONDE_TESTS_SUPPORT_SCENE_H
#define SONDE_TESTS_SUPPORT_SCENE_H

#include <memory>
#include <string>

#include "tests/support/observation.h"

namespace sonde_test {

// What the child does its work with. A function that fails ends the scene, and skips or fails its test.
struct SceneResult;

class Scene {
 public:
  // Children of this process that sleep: the subjects of the calls.
  void start_own();
  // In place of the first: this program, run from the file "exe" in folder, with that as its working directory, and the
  // file open and mapped.
  void start_own_on(const std::string &folder);
  // Another process, of whoever this is now, before it becomes somebody else; where that is allowed in a network
  // namespace of its own.
  void start_other();
  // Another process that is there already, and is not to be ended.
  void use_other(pid_t pid) { subjects_.other = pid; }

  // From now on the subjects go by the pids that /proc gives them, which is that of another pid namespace.
  void take_pids_of_proc();

  // Goes into new namespaces (CLONE_NEW*), those of mounts without any propagation. In a new pid or time namespace is
  // only who is born there: this process then waits for a child that goes on in its place.
  void enter(int namespaces);
  void mount_over(const char *path, const char *type, const char *options);
  // Gives up all rights: uid and gid 65534, no groups.
  void become_nobody();

  // Opens a context and handles now rather than when the calls are made.
  void open(const sonde_options *options = nullptr);
  // Makes every call.
  void observe();

  // The scene has itself looked at what it was made for.
  [[noreturn]] void succeed();
  [[noreturn]] void skip(const std::string &why);
  [[noreturn]] void fail(const std::string &why);
  // Skips where the errno says that this is not allowed or not known here, else fails.
  [[noreturn]] void give_up(const std::string &what);

  const Subjects &subjects() const { return subjects_; }
  const Opened *opened() const { return opened_.get(); }

 private:
  friend struct SceneResult run_scene(const std::function<void(Scene &)> &body);
  [[noreturn]] void end(const std::string &text);
  Subjects subjects_;
  std::unique_ptr<Opened> opened_;
  char *shared_ = nullptr;  // where the report goes: memory, since writing may be refused
};

struct SceneResult {
  std::string skipped, failed;  // why
  Observation seen;
};

// Runs body in a child. It has two minutes.
SceneResult run_scene(const std::function<void(Scene &)> &body);

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_SCENE_H
