"""The main job, played as anyone plays it: two programs that meet on loopback, and the bot killed on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LONGEST_SECONDS = 400


def test_a_group_lives_its_programme_though_the_bot_is_killed_on_the_way(tmp_path: Path) -> None:
    record = tmp_path / "calls.jsonl"
    command = [
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--unattended",
        "--groups",
        "1",
        "--cuts",
        "5",
        "--record",
        str(record),
    ]
    played = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    calls = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    posted = [call for call in calls if call["method"] == "chat.postMessage"]
    assert len(posted) > 100
    assert all(call["answer"]["ok"] for call in posted)
