"""The examples for programs run as they are written."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_the_examples_for_programs_run(tmp_path, sandbox, monkeypatch, capsys):
    (tmp_path / "token").write_text(sandbox.token)
    (tmp_path / "lms-toolkit.toml").write_text(
        f'[sites.staging]\nplatform = "sandbox"\nurl = "{sandbox.url}"\ntoken_file = "token"\n'
        '[store]\nfolder = "data"\n'
    )
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    exec(compile("\n".join(blocks), str(PAGE), "exec"), {})  # our own page
    said = capsys.readouterr().out
    assert "create module" in said
    assert sandbox.url in said
