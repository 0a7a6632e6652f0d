#!/usr/bin/env python3
"""Checks what the engine says about calling times, read from standard input, against a slow reckoning of its own.

Knows the rules from data/*.json and *.tsv and the clocks from Python's zoneinfo; shares no code with the program. Each minute of the
year is looked at by itself: a table of what it allows is made minute by minute, and the next time is the first minute in it.

Input: "C state phone timezone kind consents hours" starts a case ("-" for none), then lines "minute allowed next", minutes
counted from the start of 2027 UTC, next "-" when there is none within 14 days. "S" cases ask about instants of second 30.
"""
# SPDX-License-Identifier: Apache-2.0
import array
import datetime
import json
import pathlib
import sys
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
START = datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)
MINUTES = (365 + 17) * 1440
DAY0 = START.date().toordinal()
MARGIN = 2  # days before the start, for zones west of Greenwich
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HORIZON = 14 * 1440
PLAN = {day: ["09:00-12:00", "13:00-20:30"] for day in WEEKDAYS[:5]} | {"sat": ["10:00-24:00"]}


def table(name):
    lines = [line for line in (ROOT / "data" / name).read_text().splitlines() if line and not line.startswith("#")]
    columns = lines[0].split("\t")
    return [dict(zip(columns, line.split("\t"))) for line in lines[1:]]


RULES = json.loads((ROOT / "data/calling-rules.json").read_text())
AREAS = {row["area_code"]: row for row in table("area-code-places.tsv")}
STATES = {row["state"]: row["zones"] for row in table("us-state-zones.tsv")}
CODES = {row["calling_code"]: row["regions"].split(",") for row in table("calling-code-regions.tsv")}
STATE_ZONES = {zone for zones in STATES.values() for zone in zones.split(",")}
PRESUMING = {row["state"] for row in RULES["presumptions"]}
COUNTRIES = {}
for line in pathlib.Path("/usr/share/zoneinfo/zone.tab").read_text().splitlines():
    if not line.startswith("#"):
        country, _, zone = line.split("\t")[:3]
        COUNTRIES.setdefault(country, []).append(zone)
KNOWN = zoneinfo.available_timezones()


def split(zones):
    return [] if zones == "-" else zones.split(",")


# --- holidays ---

def easter(year):
    """Gauss's reckoning with its two exceptions."""
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    m = (15 - (13 + 8 * k) // 25 + k - k // 4) % 30
    n = (4 + k - k // 4) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    day = 22 + d + e
    if d == 29 and e == 6:
        day = 50
    elif d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        day = 49
    return datetime.date(year, 3, 1) + datetime.timedelta(days=day - 1)


def holiday_date(holiday, year):
    if holiday.get("even_years") and year % 2:
        return None
    if not holiday.get("from_year", 1) <= year <= holiday.get("until_year", 9999):
        return None
    if "easter" in holiday:
        return easter(year) + datetime.timedelta(days=holiday["easter"])
    if "day" in holiday:
        found = datetime.date(year, holiday["month"], holiday["day"])
    else:
        first = datetime.date(year, holiday["month"], 1)
        days = [first + datetime.timedelta(days=n) for n in range(31)]
        days = [d for d in days if d.month == holiday["month"] and WEEKDAYS[d.weekday()] == holiday["weekday"]]
        found = days[holiday["nth"] - 1 if holiday["nth"] > 0 else holiday["nth"]]
    return found + datetime.timedelta(days=holiday.get("plus_days", 0))


def closed_days(rule):
    """The days a rule's holidays close, as a set of dates."""
    wanted = rule.get("holidays")
    state = RULES["holidays"].get(rule["jurisdiction"], {})
    if not wanted:
        return set()
    if wanted is True:
        wanted = RULES["holidays"]["US"]["days"] + (state.get("days", []) if rule["jurisdiction"] != "US" else [])
    observed = {"saturday": "friday", "sunday": "monday"} | state.get("observed", {})
    moves = {"saturday": {"friday": -1, "monday": 2, None: 0}, "sunday": {"friday": -2, "monday": 1, None: 0}}
    found = set()
    for year in (2026, 2027, 2028, 2029):
        for holiday in wanted:
            date = holiday_date(holiday, year)
            if date is None:
                continue
            found.add(date)
            for weekday, name in ((5, "saturday"), (6, "sunday")):
                if date.weekday() == weekday:
                    found.add(date + datetime.timedelta(days=moves[name][observed[name]]))
    return found


# --- one rule at one local minute ---

def minutes(windows):
    """The minutes of a day that windows allow."""
    allowed = bytearray(1440)
    for window in windows:
        start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in window.split("-"))
        for minute in range(1440):
            if start <= minute < end:
                allowed[minute] = 1
    return bytes(allowed)


ALWAYS = minutes(["00:00-24:00"])
local_tables = {}


def local_table(rule):
    """What a rule allows at each local minute, from two days before the year to its end."""
    key = rule["id"]
    if key not in local_tables:
        closed = closed_days(rule)
        holiday = minutes(rule.get("holiday_hours", []))
        hours = rule.get("hours")
        by_weekday = [minutes(hours.get(day, hours.get("daily", []))) if hours else ALWAYS for day in WEEKDAYS]
        days = []
        for ordinal in range(DAY0 - MARGIN, DAY0 + MINUTES // 1440 + MARGIN):
            date = datetime.date.fromordinal(ordinal)
            text = date.isoformat()
            in_force = rule.get("effective_from", "") <= text <= rule.get("effective_until", "9999")
            days.append(ALWAYS if not in_force else holiday if date in closed else by_weekday[date.weekday()])
        local_tables[key] = b"".join(days)
    return local_tables[key]


# --- clocks ---

offsets = {}


def zone_offsets(zone):
    """The local minute each minute of the year shows, as an index into a local table. The clock is asked each minute for zones
    of the states, each quarter of an hour for those of the rest of the world."""
    if zone not in offsets:
        info = zoneinfo.ZoneInfo(zone)
        every = 1 if zone in STATE_ZONES else 15
        found = array.array("l", bytes(8 * MINUTES))
        moment, step, offset = START, datetime.timedelta(minutes=every), 0
        for minute in range(MINUTES):
            if minute % every == 0:
                offset = MARGIN * 1440 + int(moment.astimezone(info).utcoffset().total_seconds()) // 60
                moment += step
            found[minute] = minute + offset
        offsets[zone] = found
    return offsets[zone]


same = {}


def same_all_year(a, b):
    """Compared by what their clocks show, every three hours for two years."""
    if (a, b) not in same:
        left, right = zoneinfo.ZoneInfo(a), zoneinfo.ZoneInfo(b)
        hours = [START + datetime.timedelta(hours=n) for n in range(0, 24 * 740, 3)]
        same[(a, b)] = all(h.astimezone(left).utcoffset() == h.astimezone(right).utcoffset() for h in hours)
    return same[(a, b)]


# --- scope ---

def number_zones(phone):
    if phone.startswith("+1"):
        row = AREAS.get(phone[2:5])
        if row is None:
            return [zone for region in CODES["1"] for zone in COUNTRIES.get(region, [])], None
        zones = split(row["zones"]) or COUNTRIES.get(row["country"], [])
        return zones, row["place"] if row["country"] == "US" and row["place"] != "-" else None
    code = next((phone[1 : 1 + n] for n in (1, 2, 3) if phone[1 : 1 + n] in CODES), None)
    return [zone for region in CODES.get(code, []) for zone in COUNTRIES.get(region, [])], None


def scope(state, phone, timezone):
    """Zones and states whose rules apply; no zones when the lead is never to be called."""
    if phone == "-":
        return [], []
    of_number, number_state = number_zones(phone)
    if not of_number:
        return [], []
    zones = of_number if state == "-" or state == number_state else split(STATES[state])
    if not zones:
        return [], []
    if timezone in KNOWN:
        if any(same_all_year(zone, timezone) for zone in zones):
            zones = [timezone]
        else:
            zones = zones + [timezone]
    states = [state] if state != "-" else []
    if number_state in PRESUMING and number_state != state:
        states.append(number_state)
        zones = zones + of_number
    return sorted(set(zones)), states


utc_tables = {}


def utc_table(rule, zone):
    key = (rule["id"], zone)
    if key not in utc_tables:
        local = local_table(rule)
        utc_tables[key] = int.from_bytes(bytes([local[index] for index in zone_offsets(zone)]), "big")
    return utc_tables[key]


year_tables = {}


def year_table(zones, states, kind, consents, hours):
    """What all rules together allow, minute by minute."""
    key = (tuple(zones), tuple(states), kind, consents, hours)
    if key not in year_tables:
        allowed = int.from_bytes(b"\x01" * MINUTES, "big")
        rules = [rule for rule in RULES["rules"] if rule["jurisdiction"] in ["US"] + states and "cap" not in rule]
        if hours == "plan":
            rules.append({"id": "plan", "jurisdiction": "", "hours": PLAN})
        for rule in rules:
            if kind not in rule.get("kinds", [kind]) or (rule.get("consent_lifts") and kind in consents.split(",")):
                continue
            for zone in [rule["zone"]] if "zone" in rule else zones:
                allowed &= utc_table(rule, zone)
        year_tables[key] = allowed.to_bytes(MINUTES, "big")
    return year_tables[key]


def main():
    faults, checked, cases, allowed, second, name = 0, 0, 0, b"", 0, ""
    for line in sys.stdin:
        words = line.split()
        if words[0] in "CS":
            name, second = line.strip(), words[0] == "S"
            state, phone, timezone, kind, consents, hours = words[1:]
            zones, states = scope(state, phone, timezone)
            allowed = year_table(zones, states, kind, consents, hours) if zones else bytes(MINUTES)
            cases += 1
            continue
        minute = int(words[0])
        is_allowed = allowed[minute] == 1
        found = minute if is_allowed else allowed.find(b"\x01", minute + 1, minute + HORIZON + (1 if second else 0))
        expected = (str(int(is_allowed)), str(found) if found >= 0 else "-")
        checked += 1
        if expected != (words[1], words[2]):
            faults += 1
            if faults < 20:
                at = START + datetime.timedelta(minutes=minute)
                print(f"{name}: {at:%Y-%m-%d %H:%M}: engine {words[1:]}, reckoned {expected}")
    print(f"{cases} cases, {checked} instants, {faults} differ")
    return faults != 0 or checked < 900000


if __name__ == "__main__":
    sys.exit(main())
