#!/usr/bin/env python3
"""Runs the program where no memory can be both written and run: the same answers, and the server's log says so once."""
# SPDX-License-Identifier: Apache-2.0
import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

# Usage: without_jit.py BINARY

PR_SET_MDWE = 65  # Linux 6.3
PR_MDWE_REFUSE_EXEC_GAIN = 1
NUMBERS = "202-555-0123\n+44 20 7946 0018\n+54 11 15 2345 6789\n+39 06 698 82345\n(999) 555-0123\nnone\n+800 1234 5678\n"


def deny():
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0:
        os._exit(77)


def explain(binary, preexec):
    done = subprocess.run([binary, "phone", "--explain"], input=NUMBERS, capture_output=True, text=True,
                          preexec_fn=preexec, check=False)
    return done.returncode, done.stdout, done.stderr


def log_of_server(binary, preexec):
    """What a server that starts and is stopped writes to its log."""
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([binary, "serve", "--db", f"sqlite:{folder}/inlet.db", "--listen", "127.0.0.1:0",
                                   "--log-file", f"{folder}/log"], preexec_fn=preexec, cwd=folder)
        log = ""
        for _ in range(200):
            time.sleep(0.05)
            if os.path.exists(f"{folder}/log"):
                log = open(f"{folder}/log", encoding="utf-8").read()
            if re.search(r"\bready\b", log) or server.poll() is not None:
                break
        time.sleep(0.2)
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        return open(f"{folder}/log", encoding="utf-8").read()


def main():
    binary = os.path.abspath(sys.argv[1])
    faults = []
    status, output, errors = explain(binary, deny)
    if status == 77:
        print("this kernel cannot deny such memory (PR_SET_MDWE): not tried")
        print("phone without JIT: 0 passed, 0 failed")
        return 0
    if (status, output, errors) != explain(binary, None) or output.count("\n") != NUMBERS.count("\n"):
        faults.append(f"other answers: status {status}, {output!r}, {errors!r}")
    warnings = [log_of_server(binary, preexec).count("patterns are interpreted") for preexec in (deny, None)]
    if warnings != [1, 0]:
        faults.append(f"the log says so {warnings[0]} times, and {warnings[1]} times where there is such memory")
    for fault in faults:
        print(fault)
    print(f"phone without JIT: {1 - bool(faults)} passed, {int(bool(faults))} failed")
    return bool(faults)


sys.exit(main())
