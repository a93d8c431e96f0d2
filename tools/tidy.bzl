# SPDX-License-Identifier: MIT
"""clang-tidy over the C files, as an aspect: only what changed is looked at again.

bazel build --config=tidy //...
"""

load("@rules_cc//cc:defs.bzl", "CcInfo")

def _include_flags(context):
    flags = []
    for option, folders in [
        ("-iquote", context.quote_includes),
        ("-isystem", context.system_includes),
        ("-I", context.includes),
    ]:
        for folder in folders.to_list():
            flags += [option, folder]
    return flags + ["-D" + define for define in context.defines.to_list()]

def _tidy_impl(target, ctx):
    if CcInfo not in target or target.label.workspace_name or not hasattr(ctx.rule.attr, "srcs"):
        return [OutputGroupInfo(tidy = depset())]
    context = target[CcInfo].compilation_context
    flags = _include_flags(context) + [
        "-D" + define
        for define in getattr(ctx.rule.attr, "local_defines", [])
    ]
    reports = []
    sources = [file for src in ctx.rule.attr.srcs for file in src.files.to_list()]
    for source in sources:
        if source.extension != "c" or not source.is_source:
            continue
        report = ctx.actions.declare_file("%s_%s.tidy" % (target.label.name, source.basename))
        ctx.actions.run_shell(
            outputs = [report],
            inputs = depset(
                sources + [ctx.file._config],
                transitive = [context.headers],
            ),
            arguments = [report.path, source.path, "-std=c11"] + flags,
            command = """
                out=$1 source=$2; shift 2
                if ! /usr/bin/clang-tidy-19 --quiet --warnings-as-errors='*' "$source" -- "$@" > "$out" 2> "$out.err"; then
                  cat "$out" "$out.err" >&2
                  exit 1
                fi
                rm -f "$out.err"
            """,
            mnemonic = "ClangTidy",
            progress_message = "clang-tidy " + source.short_path,
            use_default_shell_env = True,
        )
        reports.append(report)
    return [OutputGroupInfo(tidy = depset(reports))]

tidy = aspect(
    implementation = _tidy_impl,
    attrs = {
        "_config": attr.label(
            allow_single_file = True,
            default = "//:.clang-tidy",
        ),
    },
)
