# SPDX-License-Identifier: MIT
"""The one comparer: what a reading of ours, one of theirs, and again one of ours say about a fact.

Each fact is compared by one of four rules, which are the only ones:

  exact     cannot move while it is looked at: all three readings are the same.
  stable    can move, but never back (a name, a command line): theirs is the same while ours is; when ours moved
            between its two readings, theirs is one of the two, or the fact is left open in this snapshot.
  counter   only grows: theirs lies between ours. `slack` is the granularity of their reading.
  gauge     goes up and down, or back and forth: theirs lies between ours, with slack; numbers only lie between, other
            values are one of the two. A gauge can leave the bracket and come back to it, so one that lies outside is
            read again, with a new bracket, until it fits or the attempts are used up. A wrong value never fits.

What does not fit is a difference, and a difference is an error unless the caller names the row of explained.py that
it is a case of.
"""

import collections

from explained import EXPLAINED

AGREED, MOVED, OPEN, DIFFERS = "agreed", "moved", "open", "differs"


class Ledger:
    """What was compared: for each fact and peer how often it agreed, moved, was explained, or differs."""

    def __init__(self):
        self.counts = collections.defaultdict(collections.Counter)  # (fact, peer) -> outcome or explanation -> times
        self.rules = {}  # (fact, peer) -> rule, slack
        self.differences = []  # text
        self.open = {}  # (fact, peer, key) -> [times in a row, text]
        self.settled = set()  # (fact, peer, key) of gauges that fitted since forget_open()
        self.peer = ""

    # The rules. a and b: ours, before and after theirs.

    def exact(self, fact, a, theirs, b, key="", explained=None):
        self._note(fact, "exact", 0)
        if a == theirs == b:
            return self._settle(fact, key, AGREED)
        return self._differ(fact, key, a, theirs, b, explained)

    def stable(self, fact, a, theirs, b, key="", explained=None):
        self._note(fact, "stable", 0)
        if theirs in (a, b):
            return self._settle(fact, key, AGREED)
        if explained is None and a != b:
            return self._settle(fact, key, MOVED)
        return self._differ(fact, key, a, theirs, b, explained)

    def counter(self, fact, a, theirs, b, key="", slack=0, explained=None):
        self._note(fact, "counter", slack)
        if None in (a, theirs, b):
            return self.exact(fact, a, theirs, b, key, explained)
        if a - slack <= theirs <= b + slack:
            return self._settle(fact, key, AGREED)
        return self._differ(fact, key, a, theirs, b, explained)

    def gauge(self, fact, a, theirs, b, key="", slack=0, explained=None):
        self._note(fact, "gauge", slack)
        numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (a, theirs, b))
        if theirs in (a, b) or numbers and min(a, b) - slack <= theirs <= max(a, b) + slack:
            self.settled.add((fact, self.peer, key))
            return self._settle(fact, key, AGREED)
        if explained is not None:
            return self._differ(fact, key, a, theirs, b, explained)
        if (fact, self.peer, key) in self.settled:
            return MOVED
        entry = self.open.setdefault((fact, self.peer, key), [0, ""])
        entry[0] += 1
        entry[1] = self._text(fact, key, a, theirs, b)
        self.counts[fact, self.peer][OPEN] += 1
        return OPEN

    def rows(self, fact, a, theirs, b, transient=False, explained=None):
        """Which rows there are: what is in both of ours is in theirs, and what is in theirs is in one of ours. Of
        what is transient, more can come and go between ours."""
        a, theirs, b = set(a), set(theirs), set(b)
        self._note(fact, "rows", 0)
        explained = explained or (lambda key: None)
        for key in sorted(a & b, key=repr):
            if key in theirs:
                self._settle(fact, key, AGREED)
            else:
                self._differ(fact, key, "there", "not there", "there", explained(key))
        for key in sorted(theirs - a - b, key=repr):
            if transient:
                self._settle(fact, key, MOVED)
            else:
                self._differ(fact, key, "not there", "there", "not there", explained(key))

    def restless_rows(self, fact, a, theirs, b, key=None):
        """The same for what can go and come back under the same name between ours: what is in both is a gauge."""
        a, theirs, b = set(a), set(theirs), set(b)
        self.rows(fact, (), theirs, a | b, transient=True)
        for row in sorted(a & b, key=repr):
            self.gauge(fact, True, row in theirs, True, key(row) if key else row)

    # Open gauges.

    def settle_open(self, most):
        """Gauges that were open `most` times in a row differ."""
        for (fact, peer, key), (times, text) in list(self.open.items()):
            if times >= most:
                self.counts[fact, peer][DIFFERS] += 1
                self.differences.append(text + " (in %d brackets)" % times)
                del self.open[fact, peer, key]

    def only(self):
        """The keys that are open, once a check is run again; None the first time, when everything is looked at."""
        return {key for _, _, key in self.open} or None

    def drop(self, key):
        """What has this key is gone."""
        for entry in [entry for entry in self.open if entry[2] == key]:
            del self.open[entry]

    def forget_open(self):
        """Another check begins: what is open belongs to something that is gone."""
        self.open.clear()
        self.settled.clear()

    # Inside.

    def _note(self, fact, rule, slack):
        self.rules.setdefault((fact, self.peer), (rule, slack))

    def _settle(self, fact, key, outcome):
        self.open.pop((fact, self.peer, key), None)
        self.counts[fact, self.peer][outcome] += 1
        return outcome

    def _text(self, fact, key, a, theirs, b):
        ours = "%.300r" % (a,) if a == b else "%.300r, then %.300r" % (a, b)
        return "%s%s: ours %s; %s: %.300r" % (fact, " [%s]" % (key,) if key != "" else "", ours, self.peer, theirs)

    def _differ(self, fact, key, a, theirs, b, explained):
        if explained is not None:
            if explained not in EXPLAINED:
                raise KeyError("explained.py has no row %r" % explained)
            return self._settle(fact, key, explained)
        self.differences.append(self._text(fact, key, a, theirs, b))
        return self._settle(fact, key, DIFFERS)
