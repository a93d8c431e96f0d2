# SPDX-License-Identifier: MIT
"""A C and C++ toolchain for a GCC-like driver, from one row of //platforms:targets.bzl."""

load("@host_paths//:paths.bzl", "ZIG", "ZIG_CACHE")
load(
    "@rules_cc//cc:cc_toolchain_config_lib.bzl",
    "artifact_name_pattern",
    "env_entry",
    "env_set",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
    "with_feature_set",
)
load("@rules_cc//cc:defs.bzl", "CcToolchainConfigInfo", "cc_common", "cc_toolchain")

_COMPILE = ["assemble", "preprocess-assemble", "c-compile", "c++-compile", "c++-header-parsing"]
_LINK = ["c++-link-executable", "c++-link-dynamic-library", "c++-link-nodeps-dynamic-library"]

def _flags(actions, flags, mode = None):
    return flag_set(
        actions = actions,
        flag_groups = [flag_group(flags = flags)] if flags else [],
        with_features = [with_feature_set(features = [mode])] if mode else [],
    )

def _config_impl(ctx):
    target = ["--target=" + ctx.attr.triple] if ctx.attr.triple else []
    tools = {"ar": ctx.attr.ar, "gcc": ctx.attr.driver}
    zig = ctx.attr.driver == "zig-cc"
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = ctx.label.name,
        host_system_name = "local",
        target_system_name = ctx.attr.triple,
        target_cpu = ctx.label.name,
        target_libc = "unknown",
        compiler = "gcc",
        abi_version = "unknown",
        abi_libc_version = "unknown",
        tool_paths = [
            tool_path(name = name, path = tools.get(name, "/bin/false"))
            for name in ["ar", "cpp", "gcc", "gcov", "ld", "nm", "objcopy", "objdump", "strip"]
        ],
        artifact_name_patterns = [
            artifact_name_pattern(category_name = "executable", prefix = "", extension = ".exe"),
        ] if ctx.attr.windows else [],
        features = [
            feature(name = "dbg"),
            feature(name = "opt"),
            feature(name = "default_compile_flags", enabled = True, flag_sets = [
                _flags(_COMPILE, target + ctx.attr.compile),
                _flags(["c++-compile"], ["-lc++"] if ctx.attr.cxx == "c++" else []),
                _flags(_COMPILE, ["-g", "-O0"], "dbg"),
                _flags(_COMPILE, ["-O2", "-DNDEBUG", "-ffunction-sections", "-fdata-sections"], "opt"),
                # zig has UBSan on when it does not optimise; a trap needs no runtime library.
                _flags(_COMPILE, ["-fsanitize-trap=undefined"] if zig else []),
            ]),
            # -MMD, not -MD: system headers need no declaration then.
            feature(name = "dependency_file", enabled = True, flag_sets = [flag_set(
                actions = _COMPILE,
                flag_groups = [flag_group(
                    expand_if_available = "dependency_file",
                    flags = ["-MMD", "-MF", "%{dependency_file}"],
                )],
            )]),
            feature(name = "default_link_flags", enabled = True, flag_sets = [
                _flags(_LINK, target + ctx.attr.link),
            ]),
            # Only C++ tests ask for this one: features = ["cxx"]. zig builds libc++ then, slowly.
            feature(name = "cxx", flag_sets = [
                _flags(_LINK, ["-l" + ctx.attr.cxx]),
            ]),
            feature(name = "zig", enabled = zig, env_sets = [env_set(
                actions = _COMPILE + _LINK,
                env_entries = [
                    env_entry(key = "ZIG", value = ZIG),
                    env_entry(key = "ZIG_GLOBAL_CACHE_DIR", value = ZIG_CACHE),
                    env_entry(key = "ZIG_LOCAL_CACHE_DIR", value = ZIG_CACHE),
                ],
            )]),
        ],
    )

_config = rule(
    implementation = _config_impl,
    attrs = {
        "ar": attr.string(),
        "compile": attr.string_list(),
        "cxx": attr.string(),
        "driver": attr.string(),
        "link": attr.string_list(),
        "triple": attr.string(),
        "windows": attr.bool(),
    },
    provides = [CcToolchainConfigInfo],
)

def cross_toolchain(name, target):
    """Declares the toolchain of platform `name`, on Linux.

    Args:
      name: the platform
      target: its row
    """
    _config(
        name = name + "_config",
        ar = target.ar,
        compile = target.compile,
        cxx = target.cxx,
        driver = target.driver,
        link = target.link,
        triple = target.triple,
        windows = target.os == "windows",
    )
    tools = ":zig-cc"
    cc_toolchain(
        name = name + "_cc",
        all_files = tools,
        ar_files = tools,
        as_files = tools,
        compiler_files = tools,
        dwp_files = tools,
        linker_files = tools,
        objcopy_files = tools,
        strip_files = tools,
        supports_param_files = False,
        toolchain_config = name + "_config",
    )
    native.toolchain(
        name = name,
        exec_compatible_with = ["@platforms//os:linux"],
        target_compatible_with = [
            "//platforms" + target.os if target.os.startswith(":") else "@platforms//os:" + target.os,
            "//platforms" + target.cpu if target.cpu.startswith(":") else "@platforms//cpu:" + target.cpu,
            "//platforms:cross",
        ],
        toolchain = name + "_cc",
        toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
    )
