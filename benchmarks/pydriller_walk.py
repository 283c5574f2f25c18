"""Traverse a repository as PyDriller's documentation shows it: all commits, their files, the added lines.

    python pydriller_walk.py REPOSITORY

Runs in the environment that PyDriller is installed in. PyDriller writes a setting into the repository that
it opens, so give it one that may be written to.
"""

from __future__ import annotations

import sys

from pydriller import Repository  # type: ignore[import-untyped]


def main() -> None:
    commits = files = lines = unread = 0
    for commit in Repository(sys.argv[1]).traverse_commits():
        commits += 1
        try:
            for file in commit.modified_files:
                files += 1
                lines += file.added_lines
        except Exception as error:  # one odd commit should not end a traversal of hours
            unread += 1
            print(f"{commit.hash}: {error!r}", file=sys.stderr)
    print(f"{commits:,} commits, {files:,} files, {lines:,} added lines; {unread:,} commits unread")


if __name__ == "__main__":
    main()
