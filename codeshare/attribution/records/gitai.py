"""The records of git-ai: notes of a commit, and the JSON objects from before there were notes.

A note has lines that say who wrote what, a line ``---``, and a JSON object that says who is who::

    src/report.py
      s_0a1b2c3d4e5f60::t_00112233445566 1-12,40
      h_aabbccddeeff00 13-15
    ---
    {"schema_version": "authorship/3.0.0", "sessions": {"s_0a1b2c3d4e5f60": {"agent_id": {…}}}, …}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from codeshare.attribution.records.claim import (
    Claim,
    Parsed,
    Source,
    Unparsable,
    json_object,
    path_bytes,
    run,
    word,
)
from codeshare.attribution.records.names import load_names
from codeshare.model import Attribution, Confidence

# Prefixes and separators are promised to stay, lengths are not.
_HUMAN, _SESSION = "h_", "s_"
# Sessions that are named but nowhere described: hexadecimal, a UUID, or git-ai's own word.
_NAMELESS = re.compile(r"(?:[0-9a-f]{7,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|ai_agent)\Z")
_RANGE = re.compile(rb"([0-9]{1,10})(?:-([0-9]{1,10}))?\Z")


def parse_git_ai(content: bytes, origin: str) -> Parsed:
    """Parse a record of any version.

    Args:
        content: of the note or object.
        origin: the ref it was found under.

    Raises:
        Unparsable: it has none of the forms.
    """
    if content.lstrip()[:1] == b"{" and b"\n---\n" not in content:
        return parse_authorship(content, origin)
    return parse_note(content, origin)


def parse_note(content: bytes, origin: str) -> Parsed:
    """Parse a note; one without entries is a record too: no line was seen to be an agent's.

    Raises:
        Unparsable: any line or the JSON object is not as it should be.
    """
    head, divider, tail = (b"\n" + content.replace(b"\r\n", b"\n")).partition(b"\n---\n")
    if not divider:
        raise Unparsable("no line --- between entries and metadata")
    known = json_object(tail)
    parsed, path = Parsed(), b""
    sources: dict[str, Source | None] = {}
    for number, line in enumerate(head.split(b"\n")):
        if not line.strip():
            continue
        if not line.startswith(b" "):
            path = _path(line)
            continue
        key, ranges = _entry(line, number, path)
        if key not in sources:
            sources[key] = _source(key, known, origin)
        source = sources[key]
        if source is None:
            parsed.untold += 1
        elif source is _TEST:
            parsed.dropped += 1
        else:
            parsed.claims += [Claim(path, start, count, source) for start, count in ranges]
    return parsed


def parse_authorship(content: bytes, origin: str) -> Parsed:
    """Parse the object that git-ai kept for each commit before 1.0, under ``refs/ai/authorship``.

    Raises:
        Unparsable: it does not have that form.
    """
    listed = json_object(content).get("files")
    if not isinstance(listed, dict):
        raise Unparsable("no files")
    parsed = Parsed()
    for name, entry in listed.items():
        path = path_bytes(name)
        for author in _objects(entry, "authors"):
            runs = [run(*_ends(lines)) for lines in _listed(author, "lines")]
            source = _author(author, origin)
            if source is _TEST:
                parsed.dropped += 1
            elif source is None:
                parsed.untold += 1
            else:
                parsed.claims += [Claim(path, start, count, source) for start, count in runs]
    return parsed


def _path(line: bytes) -> bytes:
    """A path is put between quotes if it holds whitespace; nothing in it is escaped."""
    line = line.rstrip()
    if len(line) > 2 and line.startswith(b'"') and line.endswith(b'"'):
        return line[1:-1]
    return line


def _entry(line: bytes, number: int, path: bytes) -> tuple[str, list[tuple[int, int]]]:
    key, _, ranges = line.removeprefix(b"  ").rstrip().partition(b" ")
    if not (path and key and ranges and line.startswith(b"  ")):
        raise Unparsable(f"line {number}: neither a path nor an entry below one")
    return key.decode("utf-8", "replace"), list(_runs(ranges, number))


def _runs(ranges: bytes, number: int) -> Iterator[tuple[int, int]]:
    for text in ranges.split(b","):
        match = _RANGE.match(text)
        if match is None:
            raise Unparsable(f"line {number}: {text[:20].decode('utf-8', 'replace')!r} is no range of lines")
        yield run(int(match[1]), int(match[2] or match[1]))


_TEST = Source("git-ai.test", "", Attribution.UNKNOWN, Confidence.LOW)
"""Stands for an agent that exists in tests alone."""


def _source(key: str, known: Mapping[str, Any], origin: str) -> Source | None:
    """Whom a key stands for; None: nobody that the note tells."""
    name = key.partition("::")[0]
    shown = word(name) or ""
    if name.startswith(_HUMAN):
        return Source("git-ai.human", origin, Attribution.HUMAN, Confidence.HIGH, key=shown)
    is_session = name.startswith(_SESSION)
    described = known.get("sessions" if is_session else "prompts")
    record = described.get(name) if isinstance(described, dict) else None
    if record is None and not is_session and not _NAMELESS.match(name):
        return None
    return _agent("git-ai.session" if is_session else "git-ai.prompt", record, origin, shown)


def _agent(rule: str, record: Any, origin: str, key: str) -> Source:
    """An agent's session; one that is described nowhere (carried over from elsewhere) is believed less."""
    agent = record.get("agent_id") if isinstance(record, dict) else None
    if not isinstance(agent, dict):
        return Source(rule, origin, Attribution.AI, Confidence.MEDIUM, key=key)
    names = load_names()
    if names.is_test(agent.get("tool")):
        return _TEST
    tool, model = names.tool(agent.get("tool")), names.model(agent.get("model"))
    return Source(rule, origin, Attribution.AI, Confidence.HIGH, tool, model, key)


def _author(author: Mapping[str, Any], origin: str) -> Source | None:
    """The oldest form names an agent, a model or a person, and does not say which."""
    names, name = load_names(), word(author.get("author"))
    if names.is_test(name):
        return _TEST
    if name is None:
        return None
    agent = author.get("agent_metadata")
    is_model = names.is_model(name)
    if is_model or names.is_agent(name) or isinstance(agent, dict):
        tool = None if is_model else names.tool(name)
        model = name if is_model else names.model(agent.get("model") if isinstance(agent, dict) else None)
        return Source(
            "git-ai.authorship", origin, Attribution.AI, Confidence.HIGH, tool, names.model(model), name
        )
    # What no agent's hook had reported was the person's who ran git-ai.
    return Source("git-ai.authorship", origin, Attribution.HUMAN, Confidence.MEDIUM, key=name)


def _ends(lines: Any) -> tuple[Any, Any]:
    if isinstance(lines, list):
        return (lines[0], lines[1]) if len(lines) == 2 else (None, None)
    return lines, lines


def _listed(record: Any, key: str) -> list[Any]:
    found = record.get(key) if isinstance(record, dict) else None
    if not isinstance(found, list):
        raise Unparsable(f"no list of {key}")
    return found


def _objects(record: Any, key: str) -> list[dict[str, Any]]:
    found = _listed(record, key)
    if not all(isinstance(item, dict) for item in found):
        raise Unparsable(f"{key}: not all of them objects")
    return found
