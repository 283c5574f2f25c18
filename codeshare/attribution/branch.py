"""The branch that a merge names in its subject."""

from __future__ import annotations

import re

_FORMS = (
    re.compile(r"Merge pull request #\d+ from [^/\s]+/(\S+)"),
    re.compile(
        r"Merge (?:remote-tracking )?branch '(?:(?:refs/(?:heads|remotes)/)?(?:origin|upstream)/)?([^']+)'"
    ),
    re.compile(r"Merged in (\S+) \(pull request #\d+\)"),
)
_BITBUCKET = re.compile(r"Merge in \S+ from (\S+) to \S+$")


def merged_branch(message: str) -> str | None:
    """Return the branch that came in, without its owner or remote; ``None`` where no one branch is named.

    Known forms: those of git, GitHub, GitLab and Bitbucket.
    """
    subject, _, body = message.lstrip("\n").partition("\n")
    if subject.startswith("Merge"):
        for form in _FORMS:
            if match := form.match(subject):
                return match[1]
    if subject.startswith("Pull request #"):
        for line in body.split("\n"):
            if match := _BITBUCKET.match(line):
                return match[1]
    return None
