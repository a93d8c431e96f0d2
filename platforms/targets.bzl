# SPDX-License-Identifier: MIT
"""The cross targets, as data. One row makes a platform, a toolchain, and everything built and run for it.

Columns: os and cpu (a name in @platforms, or a label of this package), the compiler driver and archiver
("zig-cc" is //toolchains:zig-cc), the triple for --target ("" for none), compile and link flags, the C++
library for tests, the emulator that runs its programs here ("" for none; "wine" is //tools:wine), and whether
its system headers come with tools/setup.
"""

_LLVM_AR = "/usr/bin/llvm-ar-19"

def _target(os, cpu, triple, driver = "zig-cc", ar = _LLVM_AR, compile = ["-fPIC"], link = [], cxx = "c++", emulator = "", ready = True):
    return struct(
        os = os,
        cpu = cpu,
        triple = triple,
        driver = driver,
        ar = ar,
        compile = compile,
        link = link,
        cxx = cxx,
        emulator = emulator,
        ready = ready,
    )

def _linux(cpu, triple, emulator):
    return _target("linux", cpu, triple, link = ["-static"], emulator = emulator)

def _mingw(cpu, prefix):
    return _target(
        "windows",
        cpu,
        "",
        driver = "/usr/bin/%s-w64-mingw32-gcc-posix" % prefix,
        ar = "/usr/bin/%s-w64-mingw32-ar" % prefix,
        compile = [],
        link = ["-static"],
        cxx = "stdc++",
        emulator = "wine",
    )

def targets(illumos_sysroot):
    """The table.

    Args:
      illumos_sysroot: the folder with the headers and libraries of illumos

    Returns:
      a dict of rows by the target's name
    """
    return {
        "freebsd_aarch64": _target("freebsd", "aarch64", "aarch64-freebsd"),
        "freebsd_x86_64": _target("freebsd", "x86_64", "x86_64-freebsd"),
        "illumos_x86_64": _target(
            ":sunos",
            "x86_64",
            "x86_64-pc-solaris2.11",
            driver = "/usr/bin/clang-19",
            compile = ["-fPIC", "--sysroot=" + illumos_sysroot],
            # clang's own link line for this system is for its linker, not for lld.
            link = ["--target=x86_64-unknown-linux-gnu", "-fuse-ld=lld-19", "-nostdlib", "-no-pie", "-Wl,--dynamic-linker=/lib/amd64/ld.so.1"] +
                   [illumos_sysroot + "/usr/lib/amd64/" + name for name in ["crt1.o", "crti.o", "values-Xa.o"]] +
                   ["-L%s/usr/lib/amd64" % illumos_sysroot, "-lc", illumos_sysroot + "/usr/lib/amd64/crtn.o"],
            ready = False,
        ),
        "linux_aarch64": _linux("aarch64", "aarch64-linux-musl", "qemu-aarch64"),
        "linux_armv7": _linux("arm", "arm-linux-musleabihf", "qemu-arm"),
        "linux_i686": _linux("x86_32", "x86-linux-musl", "qemu-i386"),
        "linux_mips": _linux(":mips", "mips-linux-musleabihf", "qemu-mips"),
        "linux_ppc64le": _linux("ppc", "powerpc64le-linux-musl", "qemu-ppc64le"),
        "linux_riscv64": _linux("riscv64", "riscv64-linux-musl", "qemu-riscv64"),
        "linux_s390x": _linux("s390x", "s390x-linux-musl", "qemu-s390x"),
        "linux_x86_64": _linux("x86_64", "x86_64-linux-musl", "env"),
        "macos_aarch64": _target("macos", "aarch64", "aarch64-macos"),
        "macos_x86_64": _target("macos", "x86_64", "x86_64-macos"),
        "windows_aarch64": _target("windows", "aarch64", "aarch64-windows-gnu"),
        "windows_i686": _mingw("x86_32", "i686"),
        "windows_x86_64": _mingw("x86_64", "x86_64"),
    }

# The rows, for whoever only needs names, constraints and emulators.
TARGETS = targets("")
