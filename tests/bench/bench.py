#!/usr/bin/env python3
"""Measures the server on its engines beside the floor program, alternating, and prints tables. Run by scripts/bench.sh."""
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
POSTGRESQL = ROOT / "tests" / "postgresql" / "server.sh"
GOAL = 0.70  # durable creates on SQLite, as a share of the floor's
EVENT_THREADS = 2  # as many as the floor has
CONNECTIONS = 64
SWEEP = [1, 64, 256, 1024, 2000]
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


class Postgresql:
    """A PostgreSQL server of our own that flushes what it commits, as nothing else would compare; ended by stop()."""

    def __init__(self, directory):
        self.directory = directory / "postgresql"
        self.directory.mkdir()
        # Its data goes below this directory where the user that it runs as gets so far, otherwise below /tmp.
        self.directory.chmod(0o1777)
        subprocess.run([POSTGRESQL, "start", self.directory, "--durable", "shared_buffers = 128MB"], check=True,
                       env={**os.environ, "TMPDIR": str(self.directory)})
        self.url = (self.directory / "url").read_text().strip()
        self.place = (self.directory / "place").read_text().strip()

    def create(self, name):
        subprocess.run(["psql", "-q", "-d", self.url, "-c", f"CREATE DATABASE {name}"], check=True)
        return self.url.rsplit("/", 1)[0] + "/" + name

    def stop(self):
        subprocess.run([POSTGRESQL, "stop", self.directory], check=False)


class Engine:
    """The server and the floor, on one engine."""

    def __init__(self, bench, name, db, floor_db):
        self.bench, self.name, self.db = bench, name, db
        suffix = {"SQLite": "sqlite", "PostgreSQL": "pg"}[name]
        self.cli("migrate")
        token = self.cli("token", "create", "--name", "bench", "--scope", "full")
        self.cli("lead-type", "create", "--id", "123", "--name", "Bench")
        self.cli("representative", "create", "--id", "456", "--name", "Bench")
        self.ingest = self.cli("ingest", "create", "--name", "Bench", "--lead-type", "123", "--open")
        port = free_port()
        self.server = Process(f"inlet on {name}", [bench.inlet, "serve", "--db", db, "--listen", f"127.0.0.1:{port}",
                                                   "--threads", str(EVENT_THREADS)],
                              port, bench.directory / f"inlet-{suffix}.log")
        self.server.token, self.server.ingest = token, self.ingest
        port = free_port()
        migration = ROOT / "migrations" / f"0001_initial.{suffix}.sql"
        self.floor = Process(f"floor on {name}", [program("bench_floor"), str(port), floor_db, str(migration)], port,
                             bench.directory / f"floor-{suffix}.log")

    def cli(self, *words):
        return subprocess.run([self.bench.inlet, *words, "--db", self.db], check=True, capture_output=True,
                              text=True).stdout.strip()

    def stored_leads(self):
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}/api/leads/?page_size=1",
                                         headers={"Authorization": f"Token {self.server.token}"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["count"]

    def stop(self):
        self.server.stop()
        self.floor.stop()


class Bench:
    def __init__(self, directory):
        self.directory = directory
        self.inlet, self.load = program("inlet"), program("bench_load")
        self.postgresql = None
        self.engines = []

    def start(self, with_postgresql):
        self.engines.append(Engine(self, "SQLite", f"sqlite:{self.directory / 'inlet.db'}", str(self.directory / "floor.db")))
        if with_postgresql:
            self.postgresql = Postgresql(self.directory)
            self.engines.append(Engine(self, "PostgreSQL", self.postgresql.create("inlet"), self.postgresql.create("floor")))

    def stop(self):
        for engine in self.engines:
            engine.stop()
        if self.postgresql:
            self.postgresql.stop()

    def run(self, target, mode, seconds, connections=CONNECTIONS, **options):
        words = [self.load, "--port", str(target.port), "--mode", mode, "--seconds", str(seconds), "--connections",
                 str(connections), "--token", target.token, "--offset", str(target.next_lead)]
        if mode == "ingest":
            words += ["--ingest", target.ingest]
        for name, value in options.items():
            words += [f"--{name}", str(value)]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"bench.py: {mode} at {target.title}: {done.stderr.strip()}")
        result = json.loads(done.stdout)
        target.next_lead = result["next"]
        if result["refused"] == result["requests"]:
            sys.exit(f"bench.py: {mode} at {target.title}: all refused (first with {result['first_refusal']})")
        if result["refused"] or result["lost"]:
            print(f"  note: {mode} at {target.title}: {result['refused']} refused (first with {result['first_refusal']}), "
                  f"{result['lost']} connections lost")
        return result

    def alternate(self, targets, rounds, one):
        """Rounds of ONE(target) at each target, every round in another order. A list of results per target."""
        results = [[] for _ in targets]
        for turn in range(rounds):
            for step in range(len(targets)):
                at = (step + turn) % len(targets)
                results[at].append(one(targets[at]))
        return results

    def creates(self, rounds, seconds, connections=CONNECTIONS):
        """Creates at every server and its floor: per engine the results of both."""
        targets = [process for engine in self.engines for process in (engine.server, engine.floor)]
        results = self.alternate(targets, rounds, lambda target: self.run(target, "create", seconds, connections))
        return [(results[2 * i], results[2 * i + 1]) for i in range(len(self.engines))]


def median(results, key):
    return statistics.median(result[key] for result in results)


def ratio(ones, others):
    return statistics.median(a["rate"] / b["rate"] for a, b in zip(ones, others))


def row(*cells):
    print("  " + "".join(f"{cell:>14}" if at else f"{cell:<26}" for at, cell in enumerate(cells)), flush=True)


def figures(results, unit=1):
    return (f"{median(results, 'rate') * unit:,.0f}", f"{median(results, 'p50_ms'):.2f}", f"{median(results, 'p99_ms'):.2f}")


def measure_creates(bench, rounds, seconds):
    print(f"\nDurable creates, {CONNECTIONS} connections, medians of {rounds} alternating rounds of {seconds} s")
    row("", "leads/s", "p50 ms", "p99 ms")
    for engine in bench.engines:
        bench.run(engine.server, "create", 60, leads=SET)
        bench.run(engine.floor, "create", 60, leads=SET)
    results = bench.creates(rounds, seconds)
    for engine, (server, floor) in zip(bench.engines, results):
        row(engine.server.title, *figures(server))
        row(engine.floor.title, *figures(floor))
    for engine, (server, floor) in zip(bench.engines, results):
        shares = [a["rate"] / b["rate"] for a, b in zip(server, floor)]
        goal = ""
        if engine.name == "SQLite":
            goal = f"; goal {GOAL:.0%}: {'reached' if ratio(server, floor) >= GOAL else 'NOT reached'}"
        print(f"  inlet / floor on {engine.name}: {ratio(server, floor):.0%} (rounds from {min(shares):.0%} to "
              f"{max(shares):.0%}){goal}")
    if len(results) == 2:
        print(f"  inlet on PostgreSQL / inlet on SQLite: {ratio(results[1][0], results[0][0]):.0%}")
    return median(results[0][0], "rate")


def measure_modes(bench, rounds, seconds):
    print(f"\nOther requests, {CONNECTIONS} connections (bulk: 4), medians of {rounds} alternating rounds of {seconds} s")
    row("", "requests/s", "p50 ms", "p99 ms", "leads/s", "of SQLite's")
    for title, mode, connections, unit in [
        ("list by external id", "list_external_id", CONNECTIONS, 0), ("list by e-mail", "list_email", CONNECTIONS, 0),
        ("ingest", "ingest", CONNECTIONS, 1), ("reengage", "reengage", CONNECTIONS, 1), ("bulk create (1,000)", "bulk", 4, 1000),
    ]:
        servers = [engine.server for engine in bench.engines]
        results = bench.alternate(servers, rounds, lambda target: bench.run(target, mode, seconds, connections, set=SET))
        for engine, result in zip(bench.engines, results):
            row(title if engine is bench.engines[0] else f"  on {engine.name}", *figures(result),
                f"{median(result, 'rate') * unit:,.0f}" if unit else "",
                "" if engine is bench.engines[0] else f"{ratio(result, results[0]):.0%}")


def measure_sweep(bench, rounds, seconds):
    print(f"\nDurable creates by connections, medians of {rounds} alternating rounds of {seconds} s")
    row("connections", "inlet/s", "floor/s", "inlet/floor", "inlet p50 ms", "inlet p99 ms")
    for connections in SWEEP:
        for engine, (server, floor) in zip(bench.engines, bench.creates(rounds, seconds, connections)):
            row(f"{connections} on {engine.name}", f"{median(server, 'rate'):,.0f}", f"{median(floor, 'rate'):,.0f}",
                f"{ratio(server, floor):.0%}", f"{median(server, 'p50_ms'):.2f}", f"{median(server, 'p99_ms'):.2f}")


def measure_large(bench, size, empty_rate, rounds, seconds):
    engine = bench.engines[0]
    print(f"\nA large file, {CONNECTIONS} connections, medians of {rounds} rounds of {seconds} s")
    row("leads", "creates/s", "of empty", "p99 ms", "by ext. id/s", "by e-mail/s", "memory MiB", "file MiB")
    for goal in sorted({step for step in (1000000, 5000000) if step < size} | {size}):
        missing = goal - engine.stored_leads()
        if missing > 0:
            bench.run(engine.server, "bulk", 86400, 4, leads=missing)
        stored = engine.stored_leads()
        creates = [bench.run(engine.server, "create", seconds) for _ in range(rounds)]
        # Only leads before the first timed round are certain to be there: a round leaves no gap, so all of these are.
        lists = [[bench.run(engine.server, mode, seconds, set=min(stored, engine.server.next_lead)) for _ in range(rounds)]
                 for mode in ("list_external_id", "list_email")]
        file_mib = (bench.directory / "inlet.db").stat().st_size / 2**20
        row(f"{stored:,}", f"{median(creates, 'rate'):,.0f}", f"{median(creates, 'rate') / empty_rate:.0%}",
            f"{median(creates, 'p99_ms'):.2f}", *(f"{median(results, 'rate'):,.0f}" for results in lists),
            f"{engine.server.peak_memory_mib():.0f}", f"{file_mib:,.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter and fewer rounds")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--large", type=int, metavar="N", help="grow the file to N leads, with a stop at 1 and 5 million")
    arguments = parser.parse_args()
    rounds, seconds = (3, 2) if arguments.quick else (5, 5)

    directory = pathlib.Path(os.environ.get("BENCH_DIR", ROOT / "build" / "bench")).resolve() / f"inlet-bench-{os.getpid()}"
    directory.mkdir(parents=True)
    bench = Bench(directory)
    try:
        bench.start(not arguments.sqlite)
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.2f} before the start; servers, floors, databases and "
              "client share them")
        if bench.postgresql:
            print(f"PostgreSQL flushes every commit, its data is in {bench.postgresql.place}; SQLite's in {directory}")
        empty_rate = measure_creates(bench, rounds, seconds)
        measure_modes(bench, max(1, rounds - 2), seconds)
        measure_sweep(bench, 1 if arguments.quick else 3, 2)
        print()
        for engine in bench.engines:
            sent, stored = engine.server.next_lead, engine.stored_leads()
            print(f"{engine.name}: {stored:,} leads stored of {sent:,} sent{'' if stored == sent else ': THEY DIFFER'}; peak "
                  f"memory: inlet {engine.server.peak_memory_mib():.0f} MiB, floor {engine.floor.peak_memory_mib():.0f} MiB")
        if arguments.large:
            measure_large(bench, arguments.large, empty_rate, max(1, rounds - 2), seconds)
    finally:
        bench.stop()
        shutil.rmtree(directory, ignore_errors=True)


main()
