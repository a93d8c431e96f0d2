# SPDX-License-Identifier: MIT
"""One run of the comparison: our command, the peers, and the ledger."""

import importlib
import json
import os
import shutil
import subprocess
import sys

from ledger import Ledger


class Missing(Exception):
    """A peer that is not here, or cannot tell."""


class Run(Ledger):
    """`sonde`: the command to prove; `psutil_folder`: where psutil is, unless Python finds it by itself."""

    def __init__(self, sonde, psutil_folder=""):
        super().__init__()
        self.command = os.path.abspath(sonde)
        self.missing = {}  # peer -> why
        self.psutil_folder = psutil_folder
        self.subjects = []  # pids that are looked at closely
        if psutil_folder:
            sys.path.insert(0, psutil_folder)
        try:
            self._psutil = importlib.import_module("psutil")
        except ImportError as error:
            self._psutil = None
            self._psutil_error = str(error)

    def sonde(self, *arguments):
        """What it tells, as JSON. It may note on standard error that rows are incomplete."""
        done = subprocess.run([self.command, *map(str, arguments), "--json"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise NoAnswer("sonde %s: exit status %d, %r" % (" ".join(map(str, arguments)), done.returncode,
                                                             done.stderr.decode(errors="replace"))) from None

    def merge(self, told):
        """What another process compared: see as_json."""
        for fact, peer, counts in told["counts"]:
            self.counts[fact, peer].update(counts)
        for fact, peer, rule in told["rules"]:
            self.rules[fact, peer] = tuple(rule)
        self.differences += told["differences"]
        self.missing.update(told["missing"])

    def as_json(self):
        return {"counts": [(fact, peer, counts) for (fact, peer), counts in self.counts.items()],
                "rules": [(fact, peer, rule) for (fact, peer), rule in self.rules.items()],
                "differences": self.differences, "missing": self.missing}

    @property
    def psutil(self):
        if self._psutil is None:
            raise Missing("psutil: " + self._psutil_error)
        return self._psutil

    def tool(self, name, *arguments, data=None, ok=(0,)):
        """What another program prints, as bytes."""
        if shutil.which(name) is None:
            raise Missing("%s: not installed" % name)
        environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "TMPDIR")}
        environment.update(LC_ALL="C", TZ="UTC")
        done = subprocess.run([name, *map(str, arguments)], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=environment, timeout=60, check=False)
        if done.returncode not in ok:
            raise Missing("%s %s: exit status %d: %s" % (name, " ".join(map(str, arguments)), done.returncode,
                                                         done.stderr.decode(errors="replace").strip()[:200]))
        return done.stdout

    def text(self, name, *arguments, **options):
        return self.tool(name, *arguments, **options).decode("utf-8", "surrogateescape")

    def tool_json(self, name, *arguments, **options):
        text = self.tool(name, *arguments, **options)
        try:
            return json.loads(text.decode("utf-8", "replace"))
        except ValueError:
            raise Missing("%s %s: no JSON" % (name, " ".join(map(str, arguments)))) from None


class NoAnswer(Exception):
    """Our command gave nothing."""


CHECKS = []


def against(peer):
    """A function that compares some facts with one peer: it takes its own brackets, and is called again while gauges
    lie outside of theirs."""
    def decorate(function):
        CHECKS.append((function.__module__, peer, function))
        return function
    return decorate


def ours_text(text):
    """A string of the system, by the rules of sonde's JSON. Takes bytes, or text by surrogateescape."""
    if text is None:
        return None
    data = os.fsencode(text) if isinstance(text, str) else text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    out = []
    while data:
        # The longest valid character at the start.
        for length in (1, 2, 3, 4):
            try:
                character = data[:length].decode("utf-8")
            except UnicodeDecodeError:
                continue
            break
        else:
            character, length = "", 1
        if character and len(character) == 1 and character.isprintable() and character != "\\":
            out.append(character)
        else:
            out += [{92: "\\\\", 10: "\\n", 9: "\\t"}.get(byte, "\\x%02x" % byte) for byte in data[:length]]
        data = data[length:]
    return "".join(out)


def plain(text):
    """Whether every program shows this text the same way."""
    return text is not None and all(" " <= character <= "~" and character != "\\" for character in text)


def by(rows, *keys):
    """Rows by their identity."""
    return {tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]: row for row in rows}
