from __future__ import annotations

import pytest

from codeshare.attribution.engine import Attributor
from codeshare.attribution.engineer import accountable
from codeshare.attribution.people import People
from codeshare.config import Alias
from codeshare.model import PersonKind
from tests.attribution.commits import ANN, CATALOGUE, commit, identity

_COPILOT = "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>"
_DEPENDABOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
_ACTIONS = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"
_GITHUB = "GitHub <noreply@github.com>"
_BO = "Bo <bo@example.org>"
_CLAUDE = "Claude <noreply@anthropic.com>"


@pytest.mark.parametrize(
    ("author", "committer", "tail", "lander", "expected"),
    [
        (ANN, _BO, "", None, ANN),
        (ANN, _GITHUB, f"Co-authored-by: {_CLAUDE}", _BO, ANN),
        ("Ann Lee (aider) <ann@example.org>", None, "", None, ANN),
        (_COPILOT, _GITHUB, f"Co-authored-by: {ANN}", _BO, ANN),
        (_COPILOT, _GITHUB, f"Co-authored-by: {_CLAUDE}\nCo-authored-by: {_BO}", None, _BO),
        (_COPILOT, _GITHUB, f"Signed-off-by: {_BO}\nCo-authored-by: {ANN}", None, ANN),
        (_COPILOT, _GITHUB, f"Signed-off-by: {_BO}", ANN, _BO),
        (_COPILOT, _BO, "", ANN, _BO),
        (_COPILOT, _GITHUB, "", ANN, ANN),
        (_COPILOT, _GITHUB, "", _CLAUDE, None),
        (_COPILOT, _GITHUB, "", None, None),
        (_CLAUDE, None, f"Reviewed-by: {ANN}", None, None),
        (_DEPENDABOT, _GITHUB, f"Signed-off-by: {ANN}", ANN, None),
        (_ACTIONS, _GITHUB, f"Co-authored-by: {_CLAUDE}\nCo-authored-by: {ANN}", None, ANN),
        (_ACTIONS, _GITHUB, f"Co-authored-by: {ANN}", None, None),
    ],
)
def test_who_is_accountable(
    author: str, committer: str | None, tail: str, lander: str | None, expected: str | None
) -> None:
    people = People(CATALOGUE)
    made = commit(f"Add\n\n{tail}\n", author, committer)
    landing = commit("Merge pull request #1 from acme/x\n", lander, sha="f" * 40) if lander else None
    found = accountable(made, Attributor(CATALOGUE).attribute(made), people.resolve, landing)
    assert found == (people.resolve(identity(expected)).person if expected else None)


def test_a_commit_that_lands_by_itself_has_no_other_lander() -> None:
    people = People(CATALOGUE)
    made = commit("Add (#1)\n", _COPILOT, _GITHUB)
    assert accountable(made, Attributor(CATALOGUE).attribute(made), people.resolve, made) is None


@pytest.mark.parametrize(
    ("author", "tail"),
    [
        (_CLAUDE, ""),
        (_CLAUDE, f"Signed-off-by: {_CLAUDE}"),
        (_COPILOT, f"Co-authored-by: {_CLAUDE}"),
        (_DEPENDABOT, f"Signed-off-by: {_DEPENDABOT}"),
        (_DEPENDABOT, f"Co-authored-by: {_CLAUDE}"),
        ("helper[bot] <helper[bot]@users.noreply.github.com>", f"Signed-off-by: {ANN}"),
    ],
    ids=["alone", "signed", "two agents", "bot signed", "bot with agent", "unknown bot"],
)
def test_agents_and_bots_are_never_engineers(author: str, tail: str) -> None:
    """Not even where an alias says that they are a person."""
    people = People(CATALOGUE, [Alias("ann@example.org", (identity(author).email,), "Ann Lee")])
    made = commit(f"Add\n\n{tail}\n", author)
    assert accountable(made, Attributor(CATALOGUE).attribute(made), people.resolve) is None
    assert people.resolve(identity(author)).kind is not PersonKind.PERSON
