# SPDX-License-Identifier: MIT
"""Builds and runs things for the platforms of targets.bzl, within one build."""

load("@host_paths//:paths.bzl", "WINE")
load(":targets.bzl", "TARGETS")

def _to_platform_impl(_settings, attr):
    return {"//command_line_option:platforms": "//platforms:" + attr.platform}

_to_platform = transition(
    implementation = _to_platform_impl,
    inputs = [],
    outputs = ["//command_line_option:platforms"],
)

_ALLOWLIST = attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist")

def _built_for_impl(ctx):
    return [DefaultInfo(files = depset(transitive = [target[DefaultInfo].files for target in ctx.attr.targets]))]

built_for = rule(
    doc = "The files of `targets`, built for `platform`.",
    implementation = _built_for_impl,
    attrs = {
        "platform": attr.string(mandatory = True),
        "targets": attr.label_list(cfg = _to_platform),
        "_allowlist_function_transition": _ALLOWLIST,
    },
)

def _renamed_for_impl(ctx):
    ctx.actions.symlink(
        output = ctx.outputs.out,
        target_file = ctx.attr.target[0][DefaultInfo].files_to_run.executable,
        is_executable = True,
    )
    return [DefaultInfo(files = depset([ctx.outputs.out]), runfiles = ctx.runfiles(files = [ctx.outputs.out]))]

renamed_for = rule(
    doc = "The program `target`, built for `platform`, as the file `out`.",
    implementation = _renamed_for_impl,
    attrs = {
        "out": attr.output(mandatory = True),
        "platform": attr.string(mandatory = True),
        "target": attr.label(cfg = _to_platform),
        "_allowlist_function_transition": _ALLOWLIST,
    },
)

def _emulated_test_impl(ctx):
    program = ctx.attr.program[0][DefaultInfo]
    executable = program.files_to_run.executable
    script = ctx.actions.declare_file(ctx.label.name)
    emulator = ctx.attr.emulator
    if emulator == "wine":
        emulator = "env 'SONDE_WINE=%s' %s" % (WINE, ctx.file._wine.short_path)
    ctx.actions.write(
        output = script,
        content = "#!/bin/sh\nexec %s ./%s \"$@\"\n" % (emulator, executable.short_path),
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = [executable, ctx.file._wine]).merge(program.default_runfiles)
    return [DefaultInfo(executable = script, runfiles = runfiles)]

_emulated_test = rule(
    doc = "Runs `program`, built for `platform`, under `emulator`.",
    implementation = _emulated_test_impl,
    attrs = {
        "emulator": attr.string(mandatory = True),
        "platform": attr.string(mandatory = True),
        "program": attr.label(cfg = _to_platform),
        "_allowlist_function_transition": _ALLOWLIST,
        "_wine": attr.label(
            allow_single_file = True,
            default = "//tools:wine",
        ),
    },
    test = True,
)

def emulated_tests(name, programs, platforms = TARGETS.keys(), size = "small", shards = None):
    """Declares `name`, a suite that runs each test program on each platform that has an emulator.

    Args:
      name: the suite
      programs: a dict of lists of arguments, by the test's name
      platforms: where to run them
      size: as of any test
      shards: in how many parts
    """
    tests = []
    for program, args in programs.items():
        for platform in platforms:
            target = TARGETS[platform]
            if target.emulator:
                test = "%s_on_%s" % (program, platform)
                tests.append(test)
                _emulated_test(
                    name = test,
                    size = size,
                    args = args,
                    emulator = target.emulator,
                    platform = platform,
                    program = program,
                    shard_count = shards,
                    tags = ["manual"],
                )
    native.test_suite(
        name = name,
        tags = ["manual"],
        tests = tests,
    )
