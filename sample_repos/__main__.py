"""`python -m sample_repos OUT_DIR`: builds the sample company."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample_repos.build import NotOurs, build
from sample_repos.fastimport import GitFailed


def main(arguments: list[str] | None = None) -> int:
    """Build the company; return the exit status."""
    parser = argparse.ArgumentParser(
        "python -m sample_repos", description="Build a company whose truth is known."
    )
    parser.add_argument("folder", metavar="OUT_DIR", type=Path, help="new, empty, or made by an earlier run")
    parser.add_argument("--seed", type=int, default=1, help="another number, another company (default: 1)")
    parser.add_argument(
        "--scale", type=_positive, default=1.0, help="multiplies everybody's commits (default: 1)"
    )
    options = parser.parse_args(arguments)
    show = sys.stderr.isatty()
    try:
        counts = build(options.folder, options.seed, options.scale, _progress if show else lambda line: None)
    except (NotOurs, GitFailed, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(
        f"{options.folder}: {sum(counts.values()):,} commits in {len(counts)} repositories, and their truth"
    )
    return 0


def _progress(line: str) -> None:
    print(f"\r{line}", end="\n" if line.startswith("2026 Q2") else "", file=sys.stderr, flush=True)


def _positive(text: str) -> float:
    number = float(text)
    if not 0.01 <= number <= 1000:
        raise argparse.ArgumentTypeError("must lie between 0.01 and 1000")
    return number


if __name__ == "__main__":
    sys.exit(main())
