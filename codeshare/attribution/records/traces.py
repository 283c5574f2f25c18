"""Agent Trace records: lines of JSON in a committed file, each about one edit, and the commit that it is about.

A record's ``revision`` is what ``HEAD`` was when the agent wrote, mostly the parent of the commit that
then held the lines; other writers name the commit itself. So nothing is believed that no commit added:
of the revision, its children and the commit that brought the record, the one that added most of the
lines is meant. ``content_hash`` is of no help, the format does not say what is hashed, nor how.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from codeshare.attribution.records.claim import Claim, Source, Unparsable, json_object, path_bytes, run, word
from codeshare.attribution.records.names import Names, load_names
from codeshare.attribution.records.settle import Runs, settle
from codeshare.model import Attribution, Confidence

FOLDER = b".agent-trace/"

_CLASS = {"ai": Attribution.AI, "mixed": Attribution.ASSISTED, "human": Attribution.HUMAN}
# What the reference hook calls a session or a command in place of a file.
_NO_FILES = frozenset({".sessions", ".shell-history"})


class Trace(Struct, frozen=True):
    """One record: ``revision`` is a git commit's id or None."""

    id: str
    revision: str | None
    claims: tuple[Claim, ...]
    is_test: bool = False


def parse_trace(line: bytes, origin: str) -> Trace:
    """Parse one line.

    Args:
        origin: the file it stands in.

    Raises:
        Unparsable: it is no trace record.
    """
    record, names = json_object(line), load_names()
    identity = word(record.get("id"))
    files = record.get("files")
    if identity is None or not isinstance(files, list):
        raise Unparsable("neither id nor files")
    tool = record.get("tool")
    name = tool.get("name") if isinstance(tool, dict) else None
    if names.is_test(name):
        return Trace(identity, None, (), is_test=True)
    claims = [
        Claim(path, start, count, source)
        for path, conversation in _conversations(files)
        for start, count, contributor in _ranges(conversation)
        if (source := _source(contributor, names.tool(name), identity, origin, names))
    ]
    return Trace(identity, _revision(record.get("vcs")), tuple(claims))


def place(claims: Sequence[Claim], candidates: Sequence[Mapping[bytes, Runs]]) -> int | None:
    """Which of the candidates (what each added, by path) the claims are about; the first among equals.

    None: nobody added any of the lines.
    """
    lines = [settle(claims, added).lines for added in candidates]
    best = max(lines, default=0)
    return lines.index(best) if best else None


def _conversations(files: Sequence[Any]) -> list[tuple[bytes, dict[str, Any]]]:
    found = []
    for file in files:
        conversations = file.get("conversations") if isinstance(file, dict) else None
        if not isinstance(conversations, list) or not all(isinstance(c, dict) for c in conversations):
            raise Unparsable("a file without a list of conversations")
        if file.get("path") not in _NO_FILES:
            found += [(path_bytes(file.get("path")), c) for c in conversations]
    return found


def _ranges(conversation: Mapping[str, Any]) -> list[tuple[int, int, Any]]:
    ranges = conversation.get("ranges")
    if not isinstance(ranges, list) or not all(isinstance(r, dict) for r in ranges):
        raise Unparsable("a conversation without a list of ranges")
    shared = conversation.get("contributor")
    return [(*run(r.get("start_line"), r.get("end_line")), r.get("contributor") or shared) for r in ranges]


def _source(contributor: Any, tool: str | None, key: str, origin: str, names: Names) -> Source | None:
    """Medium: an edit's line numbers are those of the moment, and later edits may have moved the lines."""
    kind = contributor.get("type") if isinstance(contributor, dict) else None
    attribution = _CLASS.get(kind) if isinstance(kind, str) else None
    if attribution is None:
        return None  # `unknown`
    if attribution is Attribution.HUMAN:
        return Source("agent-trace", origin, attribution, Confidence.MEDIUM, key=key)
    model = names.model(contributor.get("model_id"))
    return Source("agent-trace", origin, attribution, Confidence.MEDIUM, tool, model, key)


def _revision(vcs: Any) -> str | None:
    """The id of a git commit; those of other systems lead nowhere."""
    revision = vcs.get("revision") if isinstance(vcs, dict) and vcs.get("type") == "git" else None
    return revision if isinstance(revision, str) else None
