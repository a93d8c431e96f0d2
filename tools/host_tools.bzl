# SPDX-License-Identifier: MIT
"""What the command and its tests take from the machine they are built on, where it has it.

@host_curses//:curses is ncurses with wide characters and defines SONDE_HAS_CURSES; it is empty where that is not
installed. @pyte is the terminal emulator that tools/setup fetched; without it the tests that need it are skipped.
"""

load(":host_paths.bzl", "CACHE_ENVIRON", "cache_folder")

_CURSES = """
load("@rules_cc//cc:defs.bzl", "cc_library")
cc_library(
    name = "curses",
    defines = %r,
    linkopts = %r,
    visibility = ["//visibility:public"],
)
"""

_TRIAL = """
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
int main(void) {
  wint_t key = 0;
  use_tioctl(TRUE);
  return get_wch(&key) + tputs("", 1, putchar) + set_escdelay(25);
}
"""

def _host_curses_impl(ctx):
    ctx.file("trial.c", _TRIAL)
    compiler = ctx.which(ctx.os.environ.get("CC", "cc")) or ctx.which("gcc")
    found = []
    for libraries in [["-lncursesw"], ["-lncursesw", "-ltinfo"], ["-lncurses"]]:
        if compiler and ctx.execute([compiler, "trial.c", "-o", "trial"] + libraries).return_code == 0:
            found = libraries
            break
    ctx.file("BUILD", _CURSES % (["SONDE_HAS_CURSES"] if found else [], found))

host_curses = repository_rule(
    implementation = _host_curses_impl,
    environ = ["CC", "PATH"],
    local = True,
)

def _terminal_emulator_impl(ctx):
    folder = ctx.path(cache_folder(ctx) + "/pyte")
    ctx.file("folder", "The packages are in this folder, if it was there.\n")
    if folder.exists:
        for name in ["pyte", "wcwidth"]:
            ctx.symlink(ctx.path(str(folder) + "/" + name), name)
    ctx.file("BUILD", """
exports_files(["folder"])
filegroup(
    name = "files",
    srcs = glob(["pyte/**", "wcwidth/**"], exclude = ["**/__pycache__/**"], allow_empty = True),
    visibility = ["//visibility:public"],
)
""")

terminal_emulator = repository_rule(
    implementation = _terminal_emulator_impl,
    environ = CACHE_ENVIRON,
    local = True,
)
