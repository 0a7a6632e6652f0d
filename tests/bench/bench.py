#!/usr/bin/env python3
"""Measures the server beside the floor program, alternating, and prints tables. Run by scripts/bench.sh."""
# SPDX-License-Identifier: Apache-2.0
import argparse
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
MIGRATION = ROOT / "migrations" / "0001_initial.sqlite.sql"
GOAL = 0.70  # durable creates, as a share of the floor's
EVENT_THREADS = 2  # as many as the floor has
CONNECTIONS = 64
SWEEP = [1, 64, 128, 256, 512, 1024, 2000]
SET = 20000  # leads that are looked up and reengaged


def program(name):
    found = [path for path in BUILD.rglob(name) if path.is_file() and os.access(path, os.X_OK)]
    if not found:
        sys.exit(f"bench.py: {name} is not built")
    return str(found[0])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A program that listens; started at once, stopped by stop()."""

    def __init__(self, title, words, port, log):
        self.title, self.port = title, port
        self.log = open(log, "wb")
        self.process = subprocess.Popen(words, stdout=self.log, stderr=self.log)
        self.next_lead = 0
        self.token = "none"
        deadline = time.monotonic() + 20
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"bench.py: {title} did not start; see {log}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)

    def peak_memory_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.log.close()


class Bench:
    def __init__(self, directory):
        self.directory = directory
        self.inlet, self.load = program("inlet"), program("bench_load")
        self.floor = self.server = None
        self.ingest = None

    def cli(self, *words):
        db = f"sqlite:{self.directory / 'inlet.db'}"
        return subprocess.run([self.inlet, *words, "--db", db], check=True, capture_output=True, text=True).stdout.strip()

    def start(self):
        self.cli("migrate")
        token = self.cli("token", "create", "--name", "bench", "--scope", "full")
        self.cli("lead-type", "create", "--id", "123", "--name", "Bench")
        self.cli("representative", "create", "--id", "456", "--name", "Bench")
        self.ingest = self.cli("ingest", "create", "--name", "Bench", "--lead-type", "123", "--open")
        port = free_port()
        self.server = Process("inlet", [self.inlet, "serve", "--db", f"sqlite:{self.directory / 'inlet.db'}", "--listen",
                                        f"127.0.0.1:{port}", "--threads", str(EVENT_THREADS)],
                              port, self.directory / "inlet.log")
        self.server.token = token
        port = free_port()
        self.floor = Process("floor", [program("bench_floor"), str(port), str(self.directory / "floor.db"), str(MIGRATION)],
                             port, self.directory / "floor.log")

    def stop(self):
        for process in (self.server, self.floor):
            if process:
                process.stop()

    def run(self, target, mode, seconds, connections=CONNECTIONS, **options):
        words = [self.load, "--port", str(target.port), "--mode", mode, "--seconds", str(seconds), "--connections",
                 str(connections), "--token", target.token, "--offset", str(target.next_lead)]
        if mode == "ingest":
            words += ["--ingest", self.ingest]
        for name, value in options.items():
            words += [f"--{name}", str(value)]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"bench.py: {mode} at {target.title}: {done.stderr.strip()}")
        result = json.loads(done.stdout)
        target.next_lead = result["next"]
        if result["refused"] or result["lost"]:
            print(f"  note: {mode} at {target.title}: {result['refused']} refused (first with {result['first_refusal']}), "
                  f"{result['lost']} connections lost")
        return result

    def alternate(self, rounds, seconds, connections=CONNECTIONS):
        """Rounds of creates at the server and at the floor, first one first, then the other. Lists of results."""
        server, floor = [], []
        for turn in range(rounds):
            for target, results in ((self.server, server), (self.floor, floor))[:: 1 if turn % 2 == 0 else -1]:
                results.append(self.run(target, "create", seconds, connections))
        return server, floor

    def stored_leads(self):
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}/api/leads/?page_size=1",
                                         headers={"Authorization": f"Token {self.server.token}"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["count"]


def median(results, key):
    return statistics.median(result[key] for result in results)


def ratio(server, floor):
    return statistics.median(a["rate"] / b["rate"] for a, b in zip(server, floor))


def row(*cells):
    print("  " + "".join(f"{cell:>14}" if at else f"{cell:<26}" for at, cell in enumerate(cells)), flush=True)


def figures(results, unit=1):
    return (f"{median(results, 'rate') * unit:,.0f}", f"{median(results, 'p50_ms'):.2f}", f"{median(results, 'p99_ms'):.2f}")


def measure_creates(bench, rounds, seconds):
    print(f"\nDurable creates, {CONNECTIONS} connections, medians of {rounds} alternating rounds of {seconds} s")
    row("", "leads/s", "p50 ms", "p99 ms")
    bench.run(bench.server, "create", 1, leads=SET)
    bench.run(bench.floor, "create", 1, leads=SET)
    server, floor = bench.alternate(rounds, seconds)
    row("inlet", *figures(server))
    row("floor", *figures(floor))
    share = ratio(server, floor)
    shares = [a["rate"] / b["rate"] for a, b in zip(server, floor)]
    print(f"  inlet / floor: {share:.0%} (rounds from {min(shares):.0%} to {max(shares):.0%}); goal {GOAL:.0%}: "
          f"{'reached' if share >= GOAL else 'NOT reached'}")
    return median(server, "rate")


def measure_modes(bench, rounds, seconds):
    print(f"\nOther requests, {CONNECTIONS} connections (bulk: 4), medians of {rounds} rounds of {seconds} s")
    row("", "requests/s", "p50 ms", "p99 ms", "leads/s")
    for title, mode, connections, unit in [
        ("list by external id", "list_external_id", CONNECTIONS, 0), ("list by e-mail", "list_email", CONNECTIONS, 0),
        ("ingest", "ingest", CONNECTIONS, 1), ("reengage", "reengage", CONNECTIONS, 1), ("bulk create (1,000)", "bulk", 4, 1000),
    ]:
        known = min(SET, bench.server.next_lead)
        results = [bench.run(bench.server, mode, seconds, connections, set=known) for _ in range(rounds)]
        row(title, *figures(results), f"{median(results, 'rate') * unit:,.0f}" if unit else "")


def measure_sweep(bench, rounds, seconds):
    print(f"\nDurable creates by connections, medians of {rounds} alternating rounds of {seconds} s")
    row("connections", "inlet/s", "floor/s", "inlet/floor", "inlet p50 ms", "inlet p99 ms")
    for connections in SWEEP:
        server, floor = bench.alternate(rounds, seconds, connections)
        row(connections, f"{median(server, 'rate'):,.0f}", f"{median(floor, 'rate'):,.0f}", f"{ratio(server, floor):.0%}",
            f"{median(server, 'p50_ms'):.2f}", f"{median(server, 'p99_ms'):.2f}")


def measure_large(bench, size, empty_rate, rounds, seconds):
    print(f"\nA large file, {CONNECTIONS} connections, medians of {rounds} rounds of {seconds} s")
    row("leads", "creates/s", "of empty", "p99 ms", "by ext. id/s", "by e-mail/s", "memory MiB", "file MiB")
    for goal in sorted({step for step in (1000000, 5000000) if step < size} | {size}):
        missing = goal - bench.stored_leads()
        if missing > 0:
            bench.run(bench.server, "bulk", 86400, 4, leads=missing)
        stored = bench.stored_leads()
        creates = [bench.run(bench.server, "create", seconds) for _ in range(rounds)]
        # Only leads before the first timed round are certain to be there: a round leaves no gap, so all of these are.
        lists = [[bench.run(bench.server, mode, seconds, set=min(stored, bench.server.next_lead)) for _ in range(rounds)]
                 for mode in ("list_external_id", "list_email")]
        file_mib = (bench.directory / "inlet.db").stat().st_size / 2**20
        row(f"{stored:,}", f"{median(creates, 'rate'):,.0f}", f"{median(creates, 'rate') / empty_rate:.0%}",
            f"{median(creates, 'p99_ms'):.2f}", *(f"{median(results, 'rate'):,.0f}" for results in lists),
            f"{bench.server.peak_memory_mib():.0f}", f"{file_mib:,.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter and fewer rounds")
    parser.add_argument("--large", type=int, metavar="N", help="grow the file to N leads, with a stop at 1 and 5 million")
    arguments = parser.parse_args()
    rounds, seconds = (3, 2) if arguments.quick else (5, 5)

    directory = pathlib.Path(os.environ.get("BENCH_DIR", ROOT / "build" / "bench")).resolve() / f"inlet-bench-{os.getpid()}"
    directory.mkdir(parents=True)
    bench = Bench(directory)
    try:
        bench.start()
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.2f} before the start; server, floor and client share them")
        empty_rate = measure_creates(bench, rounds, seconds)
        measure_modes(bench, max(1, rounds - 2), seconds)
        measure_sweep(bench, 1 if arguments.quick else 3, 2 if arguments.quick else 3)
        sent, stored = bench.server.next_lead, bench.stored_leads()
        print(f"\n{stored:,} leads stored of {sent:,} sent"
              f"{'' if stored == sent else ': THEY DIFFER'}; peak memory: inlet {bench.server.peak_memory_mib():.0f} MiB, "
              f"floor {bench.floor.peak_memory_mib():.0f} MiB")
        if arguments.large:
            measure_large(bench, arguments.large, empty_rate, max(1, rounds - 2), seconds)
    finally:
        bench.stop()
        shutil.rmtree(directory, ignore_errors=True)


main()
