#!/usr/bin/env python3
"""Asks "inlet call-window --batch" about every state and every hour of a year, and holds the answers against the reckoning of
tests/unit/app/calling_year.py, which shares no code with the program. Also: an answer does not wait for the end of the
input, and memory does not grow with it.
"""
# SPDX-License-Identifier: Apache-2.0
import datetime
import importlib.util
import json
import pathlib
import random
import select
import subprocess
import sys
import threading

# Usage: call_window_year.py BINARY

HERE = pathlib.Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("calling_year", HERE.parent / "unit/app/calling_year.py")
YEAR = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(YEAR)

PLAIN = "+18005550123"  # toll-free: narrows nothing
MEMORY_MAX_KIB = 128 << 10
ANSWER_WITHIN_S = 20
TIMES = [(YEAR.START + datetime.timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:00Z") for m in range(YEAR.MINUTES)]


def numbers(binary):
    """A number of each area code of the US and Canada, of those whose numbers the program takes."""
    served = [f"+1{code}5550123" for code, row in sorted(YEAR.AREAS.items())
              if row["status"] == "in service" and row["country"] in ("US", "CA")]
    done = subprocess.run([binary, "phone"], input="\n".join(served), capture_output=True, text=True, check=True)
    return [number for number in done.stdout.split() if number != "invalid"]


def cases(binary):
    """(state, phone, timezone, kind, consent, minutes), "-" for none."""
    hours = range(0, 365 * 1440, 60)
    for state in ["-"] + sorted(YEAR.STATES):
        yield state, PLAIN, "-", "live", "-", hours
    chance = random.Random(2027)
    zones = ["-", "America/Chicago", "US/Arizona", "America/Los_Angeles", "Europe/Paris", "Mars/Olympus_Mons"]
    kinds = ["live", "automated", "recorded", "text"]
    for phone in numbers(binary):
        place = YEAR.AREAS[phone[2:5]]["place"]
        for _ in range(4):
            state = chance.choice(["-", place if place in YEAR.STATES else "-", chance.choice(sorted(YEAR.STATES))])
            minutes = sorted(chance.randrange(365 * 1440) for _ in range(20))
            zone, kind, consent = chance.choice(zones), chance.choice(kinds), chance.choice(["-"] + kinds)
            yield state, phone, zone, kind, consent, minutes


def question(case, minute):
    names = ("state", "phone", "timezone", "kind", "consent")
    asked = {name: value for name, value in zip(names, case) if value != "-"}
    return json.dumps(asked | {"at": TIMES[minute]}, separators=(",", ":"))


def reckon(case):
    """Sorted zones, and for each minute asked how the answer begins."""
    state, phone, timezone, kind, consent, minutes = case
    zones, states = YEAR.scope(state, phone, timezone)
    allowed = YEAR.year_table(zones, states, kind, consent, "-") if zones else bytes(YEAR.MINUTES)
    begins = []
    for minute in minutes:
        found = minute if allowed[minute] else allowed.find(b"\x01", minute + 1, minute + YEAR.HORIZON)
        text = f'"{TIMES[found]}"' if found >= 0 else "null"
        begins.append(f'{{"allowed":{"true" if allowed[minute] else "false"},"next_call_time":{text},"zones":')
    return sorted(zones), begins


def feed(pipe, asked):
    for case in asked:
        pipe.write("".join(question(case, minute) + "\n" for minute in case[-1]))
    pipe.close()


def answers_at_once(program):
    """One line in, its answer out, while the input stays open."""
    program.stdin.write(question(("OH", PLAIN, "-", "live", "-"), 0) + "\n")
    program.stdin.flush()
    ready, _, _ = select.select([program.stdout], [], [], ANSWER_WITHIN_S)
    return bool(ready) and program.stdout.readline().startswith('{"allowed":')


def peak_kib(program):
    """The most memory it has had; 0 when it has ended."""
    words = pathlib.Path(f"/proc/{program.pid}/status").read_text().split()
    return int(words[words.index("VmHWM:") + 1]) if "VmHWM:" in words else 0


def check(case, answers):
    """What is wrong with the answers to a case."""
    zones, begins = reckon(case)
    for minute, begin, answer in zip(case[-1], begins, answers):
        if answer.startswith(begin):
            shown = json.loads(answer[len(begin):answer.index("]", len(begin)) + 1])
            if sorted(shown) == zones:
                continue
        yield f"{question(case, minute)}: {answer[:160]}, reckoned {begin}{zones}"


def main():
    faults, count, peak = 0, 0, 0
    asked = list(cases(sys.argv[1]))
    with subprocess.Popen([sys.argv[1], "call-window", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as program:
        if not answers_at_once(program):
            program.kill()
            sys.exit("no answer while the input is open")
        threading.Thread(target=feed, args=(program.stdin, asked), daemon=True).start()
        for case in asked:
            answers = [program.stdout.readline() for _ in case[-1]]
            peak = max(peak, peak_kib(program))
            count += len(answers)
            for fault in check(case, answers):
                faults += 1
                if faults < 20:
                    print(fault)
        rest, words = program.stdout.read(), program.stderr.read()
    print(f"{count} answers, {faults} differ, at most {peak} KiB")
    if rest or program.returncode != 0 or "lines name time zones" not in words:
        sys.exit(f"exit status {program.returncode}, after the last answer: {rest[:200]!r}, errors: {words!r}")
    return faults != 0 or count < 550000 or not 0 < peak < MEMORY_MAX_KIB


sys.exit(main())
