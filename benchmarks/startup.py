"""Times the start of the command line as a whole process, against Python doing nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "lms-toolkit --version": [sys.executable, "-m", "lms_toolkit", "--version"],
    "lms-toolkit --help": [sys.executable, "-m", "lms_toolkit", "--help"],
    "lms-toolkit courses": [sys.executable, "-m", "lms_toolkit", "courses"],
}


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    baseline = 0.0
    print(f"{'command':<24}{'median s':>10}{'min s':>8}{'ratio':>8}   ({RUNS} runs)")
    for name, command in COMMANDS.items():
        seconds(command)  # the first run fills the byte-code cache
        times = [seconds(command) for _ in range(RUNS)]
        median = statistics.median(times)
        baseline = baseline or median
        print(f"{name:<24}{median:>10.3f}{min(times):>8.3f}{median / baseline:>8.1f}")


if __name__ == "__main__":
    main()
