#!/usr/bin/env python3
"""Checks that includes point down: a module knows itself and modules on lower floors, nothing else."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import re
import sys

FLOORS = [
    {"base"},
    {"codec", "net"},
    {"schema", "jsonpath"},
    {"domain", "ingest"},
    {"store", "http"},
    {"app"},
    {"api", "jobs"},
    {"main"},
]
FLOOR_OF = {module: floor for floor, modules in enumerate(FLOORS) for module in modules}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


def faults(root, path):
    parts = path.relative_to(root).parts
    module = parts[2] if parts[0] == "include" else parts[1]
    if module not in FLOOR_OF:
        yield f"{module} is on no floor of tools/include_floors.py"
        return
    for target in INCLUDE.findall(path.read_text()):
        if ".." in target.split("/"):
            home = root.joinpath(*parts[:3] if parts[0] == "include" else parts[:2])
            if not (path.parent / target).resolve().is_relative_to(home):
                yield f"includes {target}: a private header of another module"
            continue
        if not target.startswith("inlet/"):
            if parts[0] == "include":
                yield f"includes {target}: a public header includes public headers only"
            continue
        other = target.split("/")[1]
        if other not in FLOOR_OF:
            yield f"includes {target}: {other} is on no floor"
        elif other != module and FLOOR_OF[other] >= FLOOR_OF[module]:
            direction = "sideways" if FLOOR_OF[other] == FLOOR_OF[module] else "up"
            yield f"includes {target}: points {direction}, from {module} to {other}"


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    files = [path for top in ("src", "include/inlet") for path in sorted((root / top).rglob("*.[ch]"))]
    found = [f"{path.relative_to(root)}: {fault}" for path in files for fault in faults(root, path)]
    print("\n".join(found) if found else f"{len(files)} files, every include points down")
    return bool(found)


sys.exit(main())
