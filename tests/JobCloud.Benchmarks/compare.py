#!/usr/bin/env python3
"""Compares two builds, or one build with different settings: start, idle memory, `status`.

usage: compare.py A B [ROUNDS]

A and B are directories of published programs, each with settings after commas if wanted:
`artifacts/jobcloud` and `artifacts/jobcloud,jobcloud.metrics.port=9464`. Each round starts a node of
each in an empty home, A and B in turn, and stops it. Run it on an idle machine.

The cost of HTTP and metrics is that of a build after the commit that added them beside one before.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

SETTLING_SECONDS = 60
STATUS_RUNS = 150


class Build:
    """One side of the comparison, and what was measured of it."""

    def __init__(self, text):
        self.folder, *self.settings = text.split(",")
        self.text = text
        self.values = {}

    def jobcloud(self, home, *arguments):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("JOBCLOUD_")}
        environment["JOBCLOUD_HOME"] = home
        return subprocess.run(
            [f"{self.folder}/jobcloud", *arguments],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def add(self, name, value):
        self.values.setdefault(name, []).append(value)

    def measure(self):
        with tempfile.TemporaryDirectory(prefix="jc-compare-") as home:
            with open(f"{home}/jobcloud.conf", "w", encoding="utf-8") as settings:
                settings.write("\n".join(s.replace("=", " = ", 1) for s in self.settings) + "\n")
            os.chmod(f"{home}/jobcloud.conf", 0o600)
            try:
                began = time.monotonic()
                self.jobcloud(home, "node", "start")
                self.add("start ms", 1000 * (time.monotonic() - began))
                self.jobcloud(home, "exec", "true")
                self.jobcloud(home, "join", "1")
                self.time_status(home)
                time.sleep(SETTLING_SECONDS)
                pid = json.loads(self.jobcloud(home, "-o", "json", "node", "status"))["pid"]
                for field in ("VmRSS", "RssAnon"):
                    self.add(f"idle {field} MB", memory_of(pid, field))
            finally:
                self.jobcloud(home, "node", "stop")

    def time_status(self, home):
        times = []
        for _ in range(STATUS_RUNS):
            began = time.monotonic()
            self.jobcloud(home, "status", "1")
            times.append(1000 * (time.monotonic() - began))
        self.add("status ms, least", min(times))
        self.add("status ms, median", statistics.median(times))


def memory_of(pid, field):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
    raise SystemExit(f"/proc/{pid}/status has no {field}.")


def main():
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    builds = [Build(text) for text in sys.argv[1:3]]
    rounds = int(sys.argv[3]) if len(sys.argv) == 4 else 5
    for number in range(rounds):
        for build in builds if number % 2 == 0 else reversed(builds):
            build.measure()
    print(f"{'median of ' + str(rounds):24}{'A':>10}{'B':>10}{'B - A':>10}")
    for name in builds[0].values:
        a, b = (statistics.median(build.values[name]) for build in builds)
        print(f"{name:24}{a:10.2f}{b:10.2f}{b - a:10.2f}")


if __name__ == "__main__":
    main()
