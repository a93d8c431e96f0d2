# SPDX-License-Identifier: MIT
"""A test that is a script (sh_test is no part of Bazel from version 9 on)."""

def _script_test_impl(ctx):
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = executable, target_file = ctx.file.script, is_executable = True)
    return [DefaultInfo(executable = executable, runfiles = ctx.runfiles(files = ctx.files.data + [ctx.file.script]))]

script_test = rule(
    doc = "Runs `script` with `args`, at the top of the tree; it sees the files of `data`.",
    implementation = _script_test_impl,
    attrs = {
        "data": attr.label_list(allow_files = True),
        "script": attr.label(
            allow_single_file = True,
            mandatory = True,
        ),
    },
    test = True,
)
