# SPDX-License-Identifier: MIT
"""Fuzz targets: with --config=fuzz a libFuzzer program each; otherwise a test that replays its corpus."""

load("@rules_cc//cc:defs.bzl", "cc_library", "cc_test")

def _fuzz_target(stem, corpus, headers):
    cc_test(
        name = stem + "_fuzz",
        size = "small",
        srcs = [stem + "_fuzz.c"] + headers,
        # -runs=0 makes libFuzzer replay, too.
        args = ["-runs=0"] + ["fuzz/" + folder for folder in corpus],
        data = corpus,
        linkopts = select({
            ":libfuzzer": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        linkstatic = True,
        deps = ["//:sonde_internal"] + select({
            ":libfuzzer": [],
            "//conditions:default": [":replay_one"],
        }),
    )

def fuzz_targets(sources, corpora, headers):
    """Declares a target for each <stem>_fuzz.c, and `replay_all`, every replay in one program.

    Args:
      sources: the <stem>_fuzz.c files
      corpora: the folders corpus/<stem>
      headers: what the sources may include
    """
    stems = [source[:-len("_fuzz.c")] for source in sources]
    for stem in stems:
        _fuzz_target(stem, [folder for folder in corpora if folder == "corpus/" + stem], headers)

        # The same source under a name of its own, so that all fit into one program.
        cc_library(
            name = stem + "_entry",
            testonly = True,
            srcs = [stem + "_fuzz.c"] + headers,
            linkstatic = True,
            local_defines = ["LLVMFuzzerTestOneInput=sondei_fuzz_" + stem],
            tags = ["manual"],
            deps = ["//:sonde_internal"],
        )
    cc_library(
        name = "replay_one",
        testonly = True,
        srcs = ["replay.c"],
        linkstatic = True,
        local_defines = ["REPLAY_ONE"],
    )
    native.genrule(
        name = "replay_targets",
        outs = ["replay_targets.inc"],
        cmd = "for stem in %s; do echo \"REPLAY($$stem)\"; done > $@" % " ".join(stems),
    )
    cc_test(
        name = "replay_all",
        size = "small",
        srcs = ["replay.c"],
        args = ["fuzz/corpus"],
        data = corpora,
        linkstatic = True,
        tags = ["manual"],
        deps = [":replay_list"] + [stem + "_entry" for stem in stems],
    )
    cc_library(
        name = "replay_list",
        testonly = True,
        textual_hdrs = ["replay_targets.inc"],
    )
