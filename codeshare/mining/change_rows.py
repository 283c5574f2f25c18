"""Rows of the files that commits changed: nothing that is found out later decides them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from msgspec import Struct, field

from codeshare.files.classify import Classifier
from codeshare.git.broken import Failure
from codeshare.git.quoting import text_of
from codeshare.model import FileClass
from codeshare.store.columns import Lookup, alike, flags, numbers
from codeshare.store.stretches import Stretches, being_made
from codeshare.store.tables import Table


class FileChanges(Struct):
    """Columns of ``changes`` over a whole repository, in the order of the walk's chunks."""

    commit: list[int] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    path: list[bytes] = field(default_factory=list)
    old_path: list[bytes | None] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    whitespace: list[int] = field(default_factory=list)


def change_rows(
    changes: FileChanges, failures: Sequence[Failure], classifier: Classifier, shas: Lookup
) -> Stretches:
    """The files of commits; last those that git cannot compute: named, their counts unknown.

    ``shas``: of the whole walk. They are made by a thread, beside what the caller does next.
    """
    unread = [(failure.commit, path) for failure in failures for path in dict.fromkeys(failure.paths)]
    thread = ThreadPoolExecutor(1)
    rows = thread.submit(_rows, changes, unread, classifier, shas)
    thread.shutdown(wait=False)
    return being_made(len(changes.path) + len(unread), rows)


def _rows(
    changes: FileChanges, unread: Sequence[tuple[int, bytes]], classifier: Classifier, shas: Lookup
) -> Table:
    none = [0] * len(unread)
    path = [*changes.path, *(path for _, path in unread)]
    place = {path: k for k, path in enumerate(dict.fromkeys(path))}
    names = [text_of(path) for path in place]
    commit = np.array([*changes.commit, *(i for i, _ in unread)], dtype=np.int32)
    of_path = np.fromiter(map(place.__getitem__, path), dtype=np.int32, count=len(path))
    binary = np.array([*changes.added, *none], dtype=np.int64) < 0
    is_known = ~binary & (np.arange(len(path)) < len(changes.path))
    kinds = (*(classifier.classify(name) for name in names), FileClass.BINARY)
    old = [*(None if each is None else text_of(each) for each in changes.old_path), *(None for _ in unread)]
    return Table(
        {
            "sha": shas(commit),
            "path": Lookup(names)(of_path),
            "old_path": alike(old),
            "status": alike([*changes.status, *("?" for _ in unread)]),
            "file_class": Lookup(kind.value for kind in kinds)(np.where(binary, len(names), of_path)),
            "language": Lookup(classifier.language(name) for name in names)(of_path),
            "is_binary": flags(binary),
            "added": numbers([*changes.added, *none], is_known),
            "deleted": numbers([*changes.deleted, *none], is_known),
            "moved": numbers([*changes.moved, *none], is_known),
            "whitespace": numbers([*changes.whitespace, *none], is_known),
        }
    )
