// SPDX-License-Identifier: MIT
// tree.h - a made-up machine: files in a temporary directory, and the options that make a context look at them.
//
//   Tree tree;
//   tree.write("proc/loadavg", "0.00 0.01 0.05 1/80 4711\n").link("proc/1/exe", "/sbin/init");
//   Context context(tree.options());
#ifndef SONDE_TESTS_SUPPORT_TREE_H
#define SONDE_TESTS_SUPPORT_TREE_H

#include <sonde/sonde.h>
#include <sys/types.h>

#include <string>
#include <string_view>

namespace sonde_test {

class Tree {
 public:
  // An empty temporary directory; it goes away with this object.
  Tree();
  ~Tree();
  Tree(const Tree &) = delete;
  Tree &operator=(const Tree &) = delete;

  // Paths are relative to the top: "proc/1/stat", "sys/class/net". What is missing above them is made. A failure ends
  // the program: without its files a test means nothing.
  Tree &write(std::string_view path, std::string_view bytes);
  Tree &mkdir(std::string_view path);
  Tree &link(std::string_view path, std::string_view target);
  Tree &fifo(std::string_view path);
  Tree &chmod(std::string_view path, mode_t mode);
  // A file, or a directory with all that is in it. What does not exist is fine.
  Tree &remove(std::string_view path);

  // The absolute path of the top, or of something below it.
  const std::string &path() const { return top_; }
  std::string at(std::string_view path) const;

  // Options whose roots are proc, sys, etc and dev in this directory, and the directory itself as rootfs (so run/utmp
  // is "run/utmp" here). The directories need not exist. The caller may set further members; valid as long as the tree
  // is.
  sonde_options *options() { return &options_; }

 private:
  std::string top_, proc_, sys_, etc_, dev_;
  sonde_options options_ = {};
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_TREE_H
