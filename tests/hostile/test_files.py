"""Settings and exports that were made to fill the memory, to recurse, to lead elsewhere: one clear line each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from codeshare.config import Config, load_config
from codeshare.errors import CodeshareError, ConfigError
from codeshare.exports.claude_code import read_claude_code
from codeshare.exports.cursor import read_cursor
from codeshare.exports.forms import read_requests
from codeshare.exports.metrics import read_metrics
from codeshare.exports.plain_yaml import read_plain_yaml
from codeshare.staff import headcounts, memberships
from tests.histories import History

Count = Callable[[str, int], None]
DEEP = 100_000
TEXTS = {
    "nested lists": "a = " + "[" * DEEP,
    "nested tables": "[" + ".".join("a" * 5000) + "]",
    "nested JSON": "[" * DEEP + "]" * DEEP,
    "nested JSON that can be parsed": "[" * 900 + "]" * 900,
    "nested objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "a number of many digits": "a = " + "9" * 5000,
    "a number of many digits in JSON": '[{"number": ' + "9" * 5000 + "}]",
    "anchors of YAML": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "a program in YAML": "!!python/object/apply:os.system ['touch x']\n",
    "nested YAML": "\n".join(" " * n + "a:" for n in range(2000)),
    "a line of a million signs": "x" * 1_000_000,
    "a field of a million signs": "series,date,value,unit\n" + '"' + "x" * 1_000_000 + '",2025-01-01,1,u\n',
    "no text": "\0\1\2",
    "half a character": "a = '\udc80'",
    "an open quotation": '"abc',
    "nothing": "",
}
READERS: dict[str, Callable[[Path], object]] = {
    "settings": load_config,
    "head counts": lambda path: headcounts(Config(headcount=str(path))),
    "teams": lambda path: memberships(Config(teams_file=str(path))),
    "requests": read_requests,
    "Claude Code": read_claude_code,
    "Cursor": read_cursor,
    "metrics": read_metrics,
    "YAML": read_plain_yaml,
}


def _refusal(reader: Callable[[Path], object], file: Path) -> str | None:
    try:
        reader(file)
    except CodeshareError as error:
        return str(error)
    return None


@pytest.mark.parametrize("reader", READERS)
def test_each_is_read_or_refused_in_one_line(tmp_path: Path, reader: str, count: Count) -> None:
    for name, text in TEXTS.items():
        file = tmp_path / "file"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        said = _refusal(READERS[reader], file)
        assert said is None or (str(file) in said and "\n" not in said and len(said) < 1000), (name, said)
    count("files", len(TEXTS))


@pytest.mark.parametrize("reader", READERS)
def test_no_more_is_read_than_can_be_held(
    tmp_path: Path, reader: str, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    for name in ("read_bytes", "read_text"):
        monkeypatch.setattr(f"codeshare.reading.{name}.__defaults__", (1 << 20,))
    monkeypatch.setattr("codeshare.config._LARGEST", 1 << 20)
    (tmp_path / "endless").symlink_to("/dev/zero")
    with pytest.raises(CodeshareError, match="larger than 1 MB"):
        READERS[reader](tmp_path / "endless")
    count("files", 1)


OUTSIDE = ['[[repo]]\npath = "../other"', '[[repo]]\npath = "https://forge.invalid/x"', '[[repo]]\npath = "file:///etc"', '[[repo]]\npath = "~/x"', '[[repo]]\npath = "link"', 'teams = "/etc/passwd"', 'headcount = "../../x.csv"']  # fmt: skip


@pytest.mark.parametrize("text", OUTSIDE)
def test_settings_found_in_a_repository_do_not_lead_out_of_it(
    history: History, text: str, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    (history.path / "link").symlink_to("/etc")
    (history.path / "codeshare.toml").write_text(text)
    monkeypatch.chdir(history.path)
    with pytest.raises(ConfigError, match="leads out of the repository"):
        load_config()
    assert load_config(Path("codeshare.toml")).file == history.path / "codeshare.toml"
    count("files", 1)


def test_settings_elsewhere_name_what_they_like(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "codeshare.toml").write_text(OUTSIDE[0])
    monkeypatch.chdir(tmp_path)
    assert load_config().repos[0].path == "../other"
