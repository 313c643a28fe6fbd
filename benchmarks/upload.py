"""Uploads a large file and prints the memory it takes: as the toolkit does it, and as a form that holds the whole file.

To the Moodle named by LMS_TOOLKIT_TEST_MOODLE_URL and _TOKEN; without them, to a server of its own that throws it away.

    python benchmarks/upload.py [MiB]
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

DEFAULT_MIB = 300
WAYS = ("nothing", "toolkit", "whole file")


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_MIB
    url, token = (os.environ.get(f"LMS_TOOLKIT_TEST_MOODLE_{name}", "") for name in ("URL", "TOKEN"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.zip"
        with path.open("wb") as file:
            file.truncate(size << 20)
        if not url or not token:
            url, token = _throw_away(size << 20), "none"
        peaks: dict[str, float] = {}
        print(f"{'':<12}{'peak RSS MiB':>14}{'extra MiB':>12}{'seconds':>10}{'steps':>9}   ({size} MiB to {url})")
        for way in WAYS:
            told = _measured(way, path, url, token)
            peaks[way] = told["peak_mib"]
            extra = told["peak_mib"] - peaks["nothing"]
            print(f"{way:<12}{told['peak_mib']:>14.1f}{extra:>12.1f}{told['seconds']:>10.1f}{told['steps']:>9.0f}")


def _measured(way: str, path: Path, url: str, token: str) -> dict[str, float]:
    """In a process of its own, because a process never forgets its peak."""
    env = {**os.environ, "BENCHMARK_TOKEN": token}
    command = [sys.executable, __file__, "--child", way, str(path), url]
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _child(way: str, path: Path, url: str) -> None:
    import requests

    from lms_moodle.client import UPLOAD, MoodleClient
    from lms_toolkit.config import Secret, Site

    token = os.environ["BENCHMARK_TOKEN"]
    steps: list[int] = []
    started = time.perf_counter()
    client = MoodleClient(Site("benchmark", "moodle", url, Secret(token)))
    if way == "toolkit":
        client.upload(path, path.name, progress=lambda done, total: steps.append(done))
    elif way == "whole file":
        with path.open("rb") as file:
            form = {"token": token, "itemid": "0", "filepath": "/"}
            requests.post(f"{url}/{UPLOAD}", data=form, files={"file_1": file}, timeout=600).raise_for_status()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peak_mib": peak, "seconds": seconds, "steps": len(set(steps))}))


def _throw_away(size: int) -> str:
    """A server that reads what it is sent, a piece at a time, and says that it has the file."""

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            left = int(self.headers["Content-Length"])
            while left:
                left -= len(self.rfile.read(min(left, 1 << 16)))
            answer = json.dumps([{"itemid": 1, "filesize": size}]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Sink)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


if __name__ == "__main__":
    if "--child" in sys.argv:
        _child(sys.argv[2], Path(sys.argv[3]), sys.argv[4])
    else:
        main()
