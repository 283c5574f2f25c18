"""Look for words in files as somebody would who wants to know: in other encodings, and in what is packed."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from codeshare.git.quoting import quote_c

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_PACKED = re.compile(rb"\x1f\x8b\x08|x[\x01\x5e\x9c\xda]")
_DEPTH = 3


def forms(word: str) -> set[bytes]:
    """The bytes in which a word may stand."""
    raw = word.encode()
    written = {
        word, word.lower(), word.upper(), quote(word), quote(word, safe=""), html.escape(word), json.dumps(word)[1:-1],
        word.encode("ascii", "xmlcharrefreplace").decode(), quote_c(raw).decode().strip('"'), word.replace("'", "''"),
    }  # fmt: skip
    found = {text.encode() for text in written} | {word.encode("utf-16-le"), word.encode("utf-16-be"), raw.hex().encode()}  # fmt: skip
    return {*found, *_as_base64(raw)}


def _as_base64(raw: bytes) -> Iterator[bytes]:
    """Its middle at each of the three places in which base64 may begin with it, where that is long enough to mean anything."""
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        middle = text[-(-shift * 4 // 3) + (shift > 0) : len(text) - 4]
        if len(middle) >= 8:
            yield middle


def found_in(files: Mapping[str, bytes], words: Iterable[str]) -> list[tuple[str, str]]:
    """File and word, for each word that stands anywhere in a file, packed parts included; parts of two files are searched once."""
    parts: dict[bytes, str] = {}
    for name, data in files.items():
        for part in (data, *_unpacked(data, _DEPTH)):
            parts.setdefault(part, name)
    wanted = [(word, form) for word in words for form in forms(word)]
    return sorted({(name, word) for part, name in parts.items() for word, form in wanted if form in part})


def _unpacked(data: bytes, depth: int) -> Iterator[bytes]:
    if not depth:
        return
    for inner in (*_zipped(data), *_deflated(data), *_decoded(data), *_parquet(data)):
        yield inner
        yield from _unpacked(inner, depth - 1)


def _zipped(data: bytes) -> Iterator[bytes]:
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def _deflated(data: bytes) -> Iterator[bytes]:
    """Whatever zlib or gzip can make of it from any place on, a PNG's texts too; but not its pixels."""
    for match in _PACKED.finditer(data):
        if data[: match.start()].endswith(b"IDAT"):
            continue
        try:
            yield zlib.decompressobj(wbits=47).decompress(data[match.start() :])
        except zlib.error:
            continue


def _decoded(data: bytes) -> Iterator[bytes]:
    for match in _BASE64.finditer(data):
        text = match[0].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        if len(text) % 4 != 1:
            yield base64.b64decode(text + b"=" * (-len(text) % 4))


def _parquet(data: bytes) -> Iterator[bytes]:
    """Pages are compressed each for itself: the metadata, and all values as text."""
    if not data.startswith(b"PAR1"):
        return
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(data))
    yield str({**(file.metadata.metadata or {}), "schema": file.schema_arrow.to_string()}).encode()
    for column in file.read().columns:
        yield "\n".join(map(str, column.to_pylist())).encode()


def packed(word: str) -> Iterator[bytes]:
    """Files that hold a word where it is not seen: what a search must find."""
    raw = b"before " + word.encode() + b" after"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("x", raw)
    yield from (
        raw,
        gzip.compress(raw),
        b"zTXtx\0\0" + zlib.compress(raw),
        archive.getvalue(),
        base64.b64encode(raw * 2),
    )
    yield base64.b64encode(zlib.compress(base64.b64encode(raw * 2)))
    yield from (form + b" " for form in forms(word))
