# SPDX-License-Identifier: MIT
"""What MODULE.bazel cannot take from a registry."""

load(":host_paths.bzl", "host_paths")
load(":host_tools.bzl", "host_curses", "terminal_emulator")

def _host_impl(_ctx):
    host_paths(name = "host_paths")
    host_curses(name = "host_curses")
    terminal_emulator(name = "pyte")

host = module_extension(implementation = _host_impl)
