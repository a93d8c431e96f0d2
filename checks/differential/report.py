# SPDX-License-Identifier: MIT
"""What a run found, in words: on standard output, and as docs/differences.md."""

from explained import EXPLAINED
from ledger import AGREED, DIFFERS, MOVED, OPEN

INTRODUCTION = """<!-- SPDX-License-Identifier: MIT -->
<!-- Written by checks/differential/compare; the reasons stand in explained.py. -->
# Differences

`//checks/differential:differential_test` compares what the command tells with what other tools tell of the same machine
at the same time, field by field. The command is asked before and after the other tool. What cannot move must be the
same three times; a counter of theirs must lie between ours; what goes up and down must lie between ours in one of a
dozen brackets (a wrong value lies in none). Where another tool rounds, the comparison allows for its rounding and no
more.

Every difference is a failure, but for those below: the table is the one that the test uses, and each row excuses only
the case that it describes. `checks/differential/soak N` does the same N times over, while processes, threads, sockets,
files, mappings, mounts and network interfaces come and go.

## Explained

Coming from other tools, one may see something else for these fields.

| fields | elsewhere | sonde | why |
|---|---|---|---|
"""

COMPARED = """
## What is compared with what

"kernel" is a second, plainer reading of the same files, for what no tool shows; "python" is Python's own calls of the
system; "made-up files" are mounted over the kernel's for a moment, so that a machine without sensors, batteries, logins
and swap can be compared, too. exact, stable (moves, but never back), counter and gauge are the rules of `ledger.py`;
rows: the same rows are there.

| field | compared with | rule |
|---|---|---|
"""


def explained_table():
    return "".join("| %s | %s | %s | %s |\n" % (
        ", ".join("`%s`" % field for field in fields.split(", ")), may_be, ours, why)
        for fields, may_be, ours, why in sorted(EXPLAINED.values()))


def compared_table(run):
    facts = {}
    for (fact, peer), (rule, _) in run.rules.items():
        facts.setdefault(fact, {}).setdefault(rule, set()).add(peer)
    return "".join("| `%s` | %s | %s |\n" % (fact, ", ".join(sorted(set().union(*rules.values()))),
                                            ", ".join(sorted(rules)))
                   for fact, rules in sorted(facts.items()))


def document(run):
    return INTRODUCTION + explained_table() + COMPARED + compared_table(run)


def check_document(run, path):
    """The reasons are a table of the document; facts that it lacks are only noted, as machines have different ones."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if explained_table() not in text:
        run.differences.append("%s is not what explained.py says: compare --write %s" % (path, path))
    for fact in sorted({fact for fact, _ in run.rules}):
        if "| `%s` |" % fact not in text:
            print("not in %s: %s" % (path, fact))


def summary(run, verbose=False):
    facts = {fact for fact, _ in run.counts}
    if verbose:
        for (fact, peer), counts in sorted(run.counts.items()):
            print("%-45s %-10s %-8s %s" % (fact, peer, run.rules[fact, peer][0],
                                           " ".join("%s %d" % item for item in sorted(counts.items()))))
    sums = {outcome: sum(counts[outcome] for counts in run.counts.values())
            for outcome in (AGREED, MOVED, OPEN, DIFFERS, *EXPLAINED)}
    print("%d facts, %d of them against more than one peer" %
          (len(facts), sum(1 for fact in facts if sum(1 for other, _ in run.counts if other == fact) > 1)))
    print("%d comparisons agree, %d moved, %d were read again, %d are explained" %
          (sums[AGREED], sums[MOVED], sums[OPEN], sum(sums[name] for name in EXPLAINED)))
    for name in sorted(EXPLAINED):
        if sums[name]:
            print("  %5d %s" % (sums[name], name))
    for text in run.differences[:100]:
        print("DIFFERENCE " + text)
    if len(run.differences) > 100:
        print("... and %d more" % (len(run.differences) - 100))
    if run.differences:
        print("%d differences" % len(run.differences))
