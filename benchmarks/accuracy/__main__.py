"""Hold attribution by marks against git-ai's notes, line by line, and print the tables of docs/accuracy.md.

    git clone --mirror https://github.com/git-ai-project/git-ai
    python -m benchmarks.accuracy git-ai-project/git-ai=git-ai.git ...

Needs mirror clones, whose notes and requests are there. What is printed goes between the marks of
docs/accuracy.md with --document; --calibration writes the shipped table of codeshare/metrics.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from benchmarks.accuracy.measure import frame_of
from benchmarks.accuracy.shipped import write_calibration
from benchmarks.accuracy.tables import tables
from benchmarks.accuracy.truth import observe

_MARKS = re.compile(r"(<!-- measured -->\n).*(<!-- end -->)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", nargs="+", help="NAME=FOLDER of a mirror with git-ai's notes")
    parser.add_argument("--document", type=Path, help="file in which to replace the tables")
    parser.add_argument("--calibration", type=Path, help="file to write the parts by mark to")
    args = parser.parse_args()
    read = [observe(folder, name) for name, _, folder in (text.rpartition("=") for text in args.repository)]
    frame = frame_of(o for r in read for o in r.observed)
    text = tables(read, frame)
    print(text)
    if args.document:
        old = args.document.read_text("utf-8")
        args.document.write_text(_MARKS.sub(lambda m: f"{m[1]}{text}\n{m[2]}", old), "utf-8")
    if args.calibration:
        write_calibration(frame, read, args.calibration)


if __name__ == "__main__":
    main()
