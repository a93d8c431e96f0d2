# SPDX-License-Identifier: MIT
"""@host_paths//:paths.bzl: where this machine keeps what tools/setup fetched, for the cross toolchains."""

def cache_folder(ctx):
    """The folder that tools/setup fills; the same rule as there.

    Args:
      ctx: of a repository rule

    Returns:
      its path, as a string
    """
    env = ctx.os.environ
    if env.get("SONDE_CACHE"):
        return env["SONDE_CACHE"]
    if env.get("XDG_CACHE_HOME"):
        return env["XDG_CACHE_HOME"] + "/sonde"
    return env.get("HOME", "") + "/.cache/sonde"

CACHE_ENVIRON = ["SONDE_CACHE", "XDG_CACHE_HOME", "HOME"]

def _host_paths_impl(ctx):
    cache = cache_folder(ctx)
    ctx.file("BUILD", "")
    ctx.file("paths.bzl", "\n".join([
        "%s = %r" % entry
        for entry in [
            ("ZIG", cache + "/zig/zig"),
            ("ZIG_CACHE", cache + "/zig-cache"),
            ("WINE", cache + "/wine"),
            ("PSUTIL", cache + "/psutil"),
            ("ILLUMOS_SYSROOT", ctx.os.environ.get("SONDE_ILLUMOS_SYSROOT", "/nonexistent")),
        ]
    ]) + "\n")

host_paths = repository_rule(
    implementation = _host_paths_impl,
    environ = CACHE_ENVIRON + ["SONDE_ILLUMOS_SYSROOT"],
    local = True,
)
