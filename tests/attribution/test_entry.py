"""What is wrong with a rule is told by file, entry and key, with the nearest right word."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from codeshare.attribution.catalogue import configured_catalogue, load_catalogue
from codeshare.attribution.kinds import KEYS
from codeshare.config import load_config
from codeshare.errors import CatalogueError, CodeshareError, ConfigError

_IDENTITY: dict[str, object] = {"id": "own", "tool": "Own", "kind": "identity", "login": ["own-agent[bot]"]}
_FOOTER: dict[str, object] = {
    "id": "own", "tool": "Own", "kind": "footer", "pattern": "^Made by Own", "contains": ["made by own"],
}  # fmt: skip
_TRAILER: dict[str, object] = {"id": "own", "tool": "Own", "kind": "trailer", "key": "Own-Session"}
_ABSENT = ...


@pytest.mark.parametrize(
    ("entry", "change", "words"),
    [
        (_IDENTITY, {"confidnce": "low"}, "confidnce: unknown key, did you mean confidence?"),
        (_IDENTITY, {"regex": "x"}, "regex: unknown key, known: id, tool, kind, class"),
        (_IDENTITY, {"kind": "trailers"}, "kind = 'trailers': did you mean trailer?"),
        (_IDENTITY, {"kind": "mail"}, "kind = 'mail': one of identity, author, trailer"),
        (_IDENTITY, {"class": "human"}, "class = 'human': one of ai, assisted, bot."),
        (_IDENTITY, {"class_as_author": "asisted"}, "class_as_author = 'asisted': did you mean assisted?"),
        (_IDENTITY, {"confidence": "hihg"}, "did you mean high?"),
        (_IDENTITY, {"confidence": 1}, "confidence must be text."),
        (_IDENTITY, {"name": "("}, "name is no regular expression"),
        (_IDENTITY, {"name": ".*"}, "name = '.*' matches everything."),
        (_IDENTITY, {"name": ["x"]}, "name must be text."),
        (_IDENTITY, {"login": _ABSENT, "address": "[a"}, "address is no regular expression"),
        (_IDENTITY, {"login": []}, "kind identity needs login or address or name."),
        (_IDENTITY, {"login": [""]}, "login must be text or a list of texts."),
        (_IDENTITY, {"address": "x"}, "login and address exclude each other."),
        (_IDENTITY, {"login": _ABSENT}, "kind identity needs login or address or name."),
        (_IDENTITY, {"pattern": "x"}, "pattern says nothing in a rule of kind identity, which looks at login,"),
        (_IDENTITY, {"person": "yes"}, "person = 'yes': must be true or false."),
        (_IDENTITY, {"opt_in": 1}, "opt_in = 1: must be true or false."),
        (_IDENTITY, {"not_before": "2025-01-01"}, "not_before = '2025-01-01': must be a date such as 2025-02-24."),
        (_IDENTITY, {"not_after": datetime(2025, 1, 1)}, "must be a date"),
        (_IDENTITY, {"not_before": date(2025, 1, 1), "not_after": date(2024, 1, 1)}, "not_after = 2024-01-01: lies"),
        (_IDENTITY, {"not_after": date(2020, 1, 1)}, "lies before the first credible day, 2021-06-29."),
        (_IDENTITY, {"id": ""}, "codeshare.toml: rule number 1: id must be text."),
        (_IDENTITY, {"id": _ABSENT}, "codeshare.toml: rule number 1: id is missing."),
        (_IDENTITY, {"id": "devin"}, "rule devin.author: the id is there twice; give the rule another one."),
        (_IDENTITY, {"tool": None}, "tool must be text."),
        (_IDENTITY, {"tool": "a\nb"}, "tool must be one line."),
        (_IDENTITY, {"kind": _ABSENT}, "kind is missing."),
        (_IDENTITY, {"source": 3}, "source must be text."),
        (_IDENTITY, {"windows": [{"since": date(2025, 1, 1)}]}, "windows: each needs since, until and confidence"),
        (_IDENTITY, {"windows": "2025"}, "windows must be a list of tables."),
        (
            _IDENTITY,
            {"windows": [{"since": date(2025, 2, 1), "until": date(2025, 1, 1), "confidence": "low"}]},
            "windows: until = 2025-01-01: lies before since, 2025-02-01.",
        ),
        (
            _IDENTITY,
            {"windows": [{"since": date(2025, 2, 1), "until": date(2025, 3, 1), "confidence": "lwo"}]},
            "windows: confidence = 'lwo': one of high, medium, low.",
        ),
        (_IDENTITY, {"examples": {"matches": []}}, "examples holds two lists, match and no_match."),
        (_IDENTITY, {"examples": {"match": [3]}}, "examples: match must be a list of texts."),
        (_IDENTITY, {"kind": "author", "class": "bot"}, "class bot does not go with kind author"),
        (_IDENTITY, {"kind": "bot_author", "class": "ai"}, "class ai does not go with kind bot_author"),
        (_IDENTITY, {"kind": "bot_author", "fallback": True}, "fallback needs pattern"),
        (_FOOTER, {"pattern": _ABSENT}, "kind footer needs pattern."),
        (_FOOTER, {"contains": _ABSENT}, "kind footer needs contains: literals, in lower case"),
        (_FOOTER, {"contains": [3]}, "contains must be text or a list of texts."),
        (_FOOTER, {"where": "body"}, "where = 'body': one of line, subject."),
        (_FOOTER, {"kind": "heuristic"}, 'confidence must be "low": a heuristic is never more.'),
        (_TRAILER, {"key": {"a": 1}}, "key must be text or a list of texts."),
        (_TRAILER, {"key": _ABSENT}, "kind trailer needs key or login or address or name."),
        (_TRAILER, {"value": "*"}, "value is no regular expression"),
        (_TRAILER, {"also": 3}, "also must be text or a list of texts."),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_a_wrong_entry_names_file_entry_and_key(
    entry: dict[str, object], change: dict[str, object], words: str
) -> None:
    wrong = {key: value for key, value in {**entry, **change}.items() if value is not _ABSENT}
    with pytest.raises(CatalogueError) as caught:
        load_catalogue([wrong])
    said = str(caught.value)
    assert words in said
    assert said.startswith("codeshare.toml: rule ")
    assert "\n" not in said


@pytest.mark.parametrize("key", KEYS)
def test_every_key_refuses_what_it_cannot_be(key: str) -> None:
    for entry in (_IDENTITY, _FOOTER, _TRAILER):
        with pytest.raises(CatalogueError, match=rf"rule \S+.*: .*{key}"):
            load_catalogue([{**entry, key: 3.5}])


def test_an_entry_that_is_no_table() -> None:
    with pytest.raises(CatalogueError, match="rule number 1: must be a table"):
        load_catalogue(["own"])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("[[rule]]\nid = own\n", ConfigError, "mine.toml: not valid TOML: Invalid value (at line 2, column 6)."),
        ("rule = 3\n", ConfigError, "mine.toml: rule = 3: must be a list."),
        ("[[rules]]\nid = 'own'\n", ConfigError, "rules: unknown key, did you mean rule?"),
        ("enabled_rule = []\n", ConfigError, "enabled_rule: unknown key, did you mean enabled_rules?"),
        ("[[rule]]\nid = 'own'\ntool = 'Own'\nkind = 'branch'\npatern = 'x'\n", CatalogueError, "mine.toml: rule own: patern: unknown key, did you mean pattern?"),
        ("disabled_rules = ['devn']\n", CatalogueError, "mine.toml: disabled_rules: no rule is called 'devn', did you mean devin?"),
        ("enabled_rules = ['personal.clawd']\n", CatalogueError, "mine.toml: enabled_rules: no rule is called 'personal.clawd', did you mean personal.claude?"),
        ("disabled_rules = ['xyzzy']\n", CatalogueError, "no rule is called 'xyzzy', `codeshare rules` lists all."),
        ("disabled_rules = ['devin']\nenabled_rules = ['devin']\n", CatalogueError, "devin is in disabled_rules and in enabled_rules"),
        ("[[identity]]\nemails = ['a@x']\n", CatalogueError, "mine.toml: [[identity]] 1: tool must be text: the name to show."),
        ("[[identity]]\ntool = 'Own'\n", CatalogueError, "mine.toml: [[identity]] 1 (Own): needs emails, logins or names."),
        ("[[identity]]\ntool = 'Own'\nemail = 'a@x'\n", CatalogueError, "[[identity]] 1: email: unknown key, did you mean emails?"),
        ("[[identity]]\ntool = 'Own'\nemails = [3]\n", CatalogueError, "[[identity]] 1 (Own): emails must be a list of texts."),
        ("[[identity]]\ntool = 'Own'\nemails = 'a@x'\nclass = 'human'\n", CatalogueError, "mine.toml: rule own.own: class = 'human': one of ai"),
        ("identity = [3]\n", CatalogueError, "mine.toml: [[identity]] 1: must be a table"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_the_users(
    tmp_path: Path, text: str, error: type[CodeshareError], words: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(error) as caught:
        configured_catalogue(load_config(file))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
