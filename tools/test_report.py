# SPDX-License-Identifier: MIT
"""test_report.py EVENTS: reads the events of one Bazel run (--build_event_json_file).

Prints each failure with the end of its log, and each skip with its reason; the last line is "PASSED FAILED SKIPPED" in numbers.
A test counts once, and so does a target of //platforms. A skip is a GTEST_SKIP, or a line "SKIP: reason"
of a plain C test.
"""

import json
import os
import sys
import urllib.parse
import xml.etree.ElementTree


def local_path(uri):
    return urllib.parse.unquote(urllib.parse.urlparse(uri).path)


def print_log(label, path, max_lines=80):
    print("---- %s: the end of its log" % label)
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="replace") as log:
            print("".join(log.readlines()[-max_lines:]))


def skips_of(outputs):
    """The reasons for skips in one test's log and XML report."""
    reasons = []
    xml_path = outputs.get("test.xml", "")
    if os.path.exists(xml_path):
        try:
            for case in xml.etree.ElementTree.parse(xml_path).iter("testcase"):
                skipped = case.find("skipped")
                if skipped is not None:
                    message = skipped.get("message", "").split("\n", 1)[-1].strip()
                    reasons.append("%s.%s: %s" % (case.get("classname"), case.get("name"), message or "no reason given"))
        except xml.etree.ElementTree.ParseError:
            pass
    log_path = outputs.get("test.log", "")
    if os.path.exists(log_path):
        with open(log_path, encoding="utf-8", errors="replace") as log:
            reasons += [line[len("SKIP:"):].strip() for line in log if line.startswith("SKIP:")]
    return reasons


def main(events_path):
    passed, failed, skips = 0, [], []
    with open(events_path, encoding="utf-8") as events:
        for event in map(json.loads, events):
            identity = event["id"]
            if "testSummary" in event:
                status = event["testSummary"]["overallStatus"]
                if status == "PASSED":
                    passed += 1
                else:
                    failed.append("%s: %s" % (identity["testSummary"]["label"], status))
            elif "testResult" in event:
                label = identity["testResult"]["label"]
                outputs = {out["name"]: local_path(out.get("uri", "")) for out in event["testResult"].get("testActionOutput", [])}
                if event["testResult"]["status"] != "PASSED":
                    print_log(label, outputs.get("test.log", ""))
                skips += ["%s %s" % (label, reason) for reason in skips_of(outputs)]
            elif "targetCompleted" in identity and event.get("aborted", {}).get("reason") != "SKIPPED":  # of another system
                label = identity["targetCompleted"]["label"]
                success = event.get("completed", {}).get("success", False)
                if label.startswith("//platforms:") and success:
                    passed += 1
                elif not success and not label.endswith("_test"):
                    failed.append("%s: does not build" % label)
    for failure in failed:
        print("  FAILED  %s" % failure)
    for skip in skips:
        print("  skipped %s" % skip)
    print(passed, len(failed), len(skips))


main(sys.argv[1])
