# SPDX-License-Identifier: MIT
"""What MODULE.bazel cannot take from a registry."""

load(":host_paths.bzl", "host_paths")

def _host_impl(_ctx):
    host_paths(name = "host_paths")

host = module_extension(implementation = _host_impl)
