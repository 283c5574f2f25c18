"""Histories of a few kilobytes that stand for gigabytes: deltas that copy and copy, trees that hold one tree many times."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator

from tests.histories import ANN, History

_BLOB, _REF_DELTA = 3, 7
_MOST = 0xFFFFFF  # bytes that one instruction of a delta copies


def grown_blob(history: History, chunk: bytes, times: tuple[int, ...]) -> str:
    """A blob of ``chunk`` repeated, each delta so many ``times`` what it copies; its id."""
    rows = [_entry(_BLOB, chunk, b"")]
    base, size = chunk, len(chunk)
    for k in times:
        delta = _varint(size) + _varint(size * k) + b"".join(_copy_all(size)) * k
        rows.append(_entry(_REF_DELTA, delta, bytes.fromhex(_id_of(base, size // len(base)))))
        size *= k
    content = b"PACK" + (2).to_bytes(4, "big") + len(rows).to_bytes(4, "big") + b"".join(rows)
    history.git("index-pack", "--stdin", feed=content + hashlib.sha1(content).digest())
    return _id_of(chunk, size // len(chunk))


def commit_tree(history: History, blobs: dict[str, str]) -> str:
    """Commit a tree of these files (name → id of the blob) alone."""
    rows = "".join(f"100644 blob {blob}\t{name}\n" for name, blob in blobs.items())
    return _commit(history, history.git("mktree", feed=rows.encode()))


def commit_nested(history: History, widths: tuple[int, ...]) -> str:
    """Commit a tree that holds one tree so many times, which holds another so many times, to a file at last."""
    name, mode = history.git("rev-parse", "HEAD:a.py"), b"100644"
    for width in widths:
        rows = b"".join(mode + b" n%06d\0" % n + bytes.fromhex(name) for n in range(width))
        name, mode = history.git("hash-object", "-t", "tree", "-w", "--stdin", feed=rows), b"40000"
    return _commit(history, name)


def _commit(history: History, tree: str) -> str:
    sha = history.git("commit-tree", tree, "-p", "HEAD", "-m", "grown", env=history.identity(ANN))
    history.git("update-ref", "HEAD", sha)
    history.tick()
    return sha


def _id_of(chunk: bytes, times: int) -> str:
    digest = hashlib.sha1(b"blob %d\0" % (len(chunk) * times))
    for _ in range(times):
        digest.update(chunk)
    return digest.hexdigest()


def _entry(kind: int, content: bytes, base: bytes) -> bytes:
    size, first = len(content) >> 4, kind << 4 | len(content) & 15
    return bytes([first | 0x80 if size else first]) + (_varint(size) if size else b"") + base + zlib.compress(content)  # fmt: skip


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _copy_all(size: int) -> Iterator[bytes]:
    """The instructions that copy everything."""
    for offset in range(0, size, _MOST):
        length = min(_MOST, size - offset)
        yield b"\xff" + offset.to_bytes(4, "little") + length.to_bytes(3, "little")
