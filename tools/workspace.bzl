# SPDX-License-Identifier: MIT
"""External repositories for Bazel 4 to 6 without network access (see WORKSPACE).

Bazel 4.2.3 fetches @rules_cc, @rules_java and @remote_coverage_tools for any C++ test; defined here
first, they come from this file instead. GoogleTest and Google Benchmark are Debian's, yyjson is the
source that tools/setup fetched.
"""

load(":host_paths.bzl", "CACHE_ENVIRON", "cache_folder", "host_paths")
load(":host_tools.bzl", "host_curses", "terminal_emulator")

_CC = ["cc_binary", "cc_import", "cc_library", "cc_proto_library", "cc_test", "cc_toolchain", "cc_toolchain_suite", "objc_library"]
_JAVA = ["java_binary", "java_import", "java_library", "java_plugin", "java_runtime", "java_test", "java_toolchain"]

def _native(rules):
    return "\n".join(["%s = native.%s" % (rule, rule) for rule in rules])

# A .bzl file cannot export a global under its own name; it can load it and export it again.
_RULES_CC = {
    "BUILD": "",
    "cc/BUILD": "",
    "cc/cc_toolchain_config_lib.bzl": """
load("@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl", _a = "artifact_name_pattern", _ee = "env_entry", _es = "env_set", _f = "feature", _g = "flag_group", _s = "flag_set", _t = "tool_path", _w = "with_feature_set")
artifact_name_pattern = _a
env_entry = _ee
env_set = _es
feature = _f
flag_group = _g
flag_set = _s
tool_path = _t
with_feature_set = _w
""",
    "cc/defs.bzl": """
load(":private.bzl", _common = "common", _config = "config", _info = "info")
cc_common = _common
CcInfo = _info
CcToolchainConfigInfo = _config
""" + _native(_CC),
    "cc/private.bzl": "common = cc_common\nconfig = CcToolchainConfigInfo\ninfo = CcInfo\n",
}

_RULES_JAVA = {
    "BUILD": "",
    "java/BUILD": "",
    "java/defs.bzl": _native(_JAVA),
}

_COVERAGE = {
    "BUILD": """
package(default_visibility = ["//visibility:public"])
sh_binary(name = "lcov_merger", srcs = ["merge.sh"])
sh_binary(name = "coverage_report_generator", srcs = ["merge.sh"])
""",
    # Clang's coverage is lcov already: all that is left to do is to join the reports.
    "merge.sh": """#!/bin/sh
for arg; do
  case $arg in
    --coverage_dir=*) reports=$(find "${arg#*=}" -name '*.dat') ;;
    --reports_file=*) reports=$(cat "${arg#*=}") ;;
    --output_file=*) output=${arg#*=} ;;
  esac
done
cat /dev/null $reports > "$output"
""",
}

_GOOGLETEST = """
load("@rules_cc//cc:defs.bzl", "cc_library")
package(default_visibility = ["//visibility:public"])
cc_library(
    name = "gtest",
    srcs = glob(
        ["googletest/src/*.cc", "googletest/src/*.h"],
        exclude = ["googletest/src/gtest-all.cc", "googletest/src/gtest_main.cc"],
    ),
    hdrs = glob(["googletest/include/**/*.h"]),
    copts = ["-Iexternal/googletest/googletest"],
    includes = ["googletest/include"],
    linkopts = select({"@platforms//os:windows": [], "//conditions:default": ["-pthread"]}),
    linkstatic = True,
)
cc_library(
    name = "gtest_main",
    srcs = ["googletest/src/gtest_main.cc"],
    linkstatic = True,
    deps = [":gtest"],
)
"""

_BENCHMARK = """
load("@rules_cc//cc:defs.bzl", "cc_library")
package(default_visibility = ["//visibility:public"])
cc_library(name = "benchmark", linkopts = ["-lbenchmark", "-pthread"])
cc_library(name = "benchmark_main", linkopts = ["-lbenchmark_main", "-lbenchmark", "-pthread"])
"""

_YYJSON = """
load("@rules_cc//cc:defs.bzl", "cc_library")
cc_library(
    name = "yyjson",
    srcs = ["yyjson.c"],
    hdrs = ["yyjson.h"],
    includes = ["."],
    linkstatic = True,
    visibility = ["//visibility:public"],
)
"""

def _files_repository_impl(ctx):
    for path, text in ctx.attr.files.items():
        ctx.file(path, text, executable = path.endswith(".sh"))

_files_repository = repository_rule(
    implementation = _files_repository_impl,
    attrs = {"files": attr.string_dict()},
)

def _fetched_repository_impl(ctx):
    folder = ctx.path(cache_folder(ctx) + "/" + ctx.name)
    if not folder.exists:
        fail("%s is missing: run tools/setup once" % folder)
    for file in folder.readdir():
        ctx.symlink(file, file.basename)
    ctx.file("BUILD", ctx.attr.build)

# A source folder that tools/setup fetched.
_fetched_repository = repository_rule(
    implementation = _fetched_repository_impl,
    attrs = {"build": attr.string()},
    environ = CACHE_ENVIRON,
    local = True,
)

# buildifier: disable=unnamed-macro
def sonde_workspace():
    """Defines every external repository and registers the cross toolchains."""
    _files_repository(name = "rules_cc", files = _RULES_CC)
    _files_repository(name = "rules_java", files = _RULES_JAVA)
    _files_repository(name = "remote_coverage_tools", files = _COVERAGE)
    _files_repository(name = "google_benchmark", files = {"BUILD": _BENCHMARK})
    _fetched_repository(name = "yyjson", build = _YYJSON)
    host_paths(name = "host_paths")
    host_curses(name = "host_curses")
    terminal_emulator(name = "pyte")
    native.new_local_repository(
        name = "googletest",
        build_file_content = _GOOGLETEST,
        path = "/usr/src/googletest",
    )
    native.register_toolchains("//toolchains:all")
