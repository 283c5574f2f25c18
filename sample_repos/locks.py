"""Lock files and manifests, and the bots that update them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sample_repos.company import owner
from sample_repos.dice import Dice
from sample_repos.history import SCRATCH, Draft, History, Who
from sample_repos.languages import NOUNS, VERBS
from sample_repos.marks import Expected
from sample_repos.people import GITHUB, Engineer
from sample_repos.tree import Edit, Run
from sample_repos.workdays import after_quarter, working_time

PACKAGES = 110
BOTS = {
    "dependabot": "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
    "renovate": "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>",
    "github-actions": "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>",
}
BOT = Expected("bot", "high", "bot_author", "")


@dataclass(slots=True)
class Package:
    """One dependency."""

    name: str
    version: tuple[int, int, int]
    digest: str

    def text(self) -> str:
        """Return the version as it is written."""
        return ".".join(map(str, self.version))


class LockFile:
    """The dependencies of one repository: a lock file with all, a manifest with a few."""

    def __init__(self, path: str, manifest: str, dice: Dice) -> None:
        """Draw the packages."""
        self.path, self.manifest, self.dice = path, manifest, dice
        names = [f"{noun}-{verb}" for noun in NOUNS for verb in VERBS]
        dice.shuffle(names)
        self.packages = [
            Package(name, (dice.between(0, 4), dice.between(0, 20), 0), dice.hexadecimal(40))
            for name in names[:PACKAGES]
        ]

    def created(self, writer: str) -> list[Edit]:
        """Return the edits that bring both files in."""
        return [
            self._edit(self.path, "lock", 0, PACKAGES, writer),
            self._edit(self.manifest, "config", 0, 12, writer),
        ]

    def bump(self) -> tuple[Package, str, list[Edit]]:
        """Raise one package; return it, its old version and the edits."""
        at = self.dice.between(0, PACKAGES - 1)
        package = self.packages[at]
        old, (major, minor, patch) = package.text(), package.version
        package.version = (major, minor + 1, 0) if self.dice.chance(0.4) else (major, minor, patch + 1)
        package.digest = self.dice.hexadecimal(40)
        edits = [self._edit(self.path, "lock", at, 1, "bot")]
        if at < 12:
            edits.append(self._edit(self.manifest, "config", at, 1, "bot"))
        return package, old, edits

    def _edit(self, path: str, file_class: str, at: int, packages: int, writer: str) -> Edit:
        lines = (_lock_lines if file_class == "lock" else _manifest_lines)(path, self.packages)
        size = len(lines[1])
        start = len(lines[0]) + at * size + 1 if packages == 1 else 1
        whole = sum(map(len, lines)) if packages > 1 else 0
        changed = [n for n, line in enumerate(lines[at + 1]) if self.packages[at].text() in line]
        count = whole or len(changed)
        start += 0 if whole else changed[0]
        text = "\n".join(line for entry in lines for line in entry) + "\n"
        return Edit(path, file_class, start, [Run(count, writer)], content=text.encode())


def _lock_lines(path: str, packages: list[Package]) -> list[list[str]]:
    if path.endswith(".json"):
        start, template = ["{", '  "lockfileVersion": 3,', '  "packages": {'], _NPM
    elif path.endswith("go.sum"):
        start, template = [], _GO
    else:
        start, template = ["# This file is maintained by the package manager."], _TOML
    entries = [[line % (p.name, p.text(), p.digest) for line in template] for p in packages]
    return [start, *entries, ["  }", "}"] if path.endswith(".json") else []]


_NPM = [
    '    "node_modules/%.40s": {%.0s%.0s',
    '      "resolved": "https://packages.tidewrack.example/%s/%s.tgz",%.0s',
    '      "integrity": "%s@%s sha1-%s"',
    "    },%.0s%.0s%.0s",
]
_GO = ["harbour.example/%s v%s h1:%s=", "harbour.example/%s v%s/go.mod h1:m%s="]
_TOML = [
    "[[package]]%.0s%.0s%.0s",
    'name = "%s"%.0s%.0s',
    'version = "%.0s%s"%.0s',
    'hash = "%s-%s:sha256-%s"',
    "%.0s%.0s%.0s",
]


def _manifest_lines(path: str, packages: list[Package]) -> list[list[str]]:
    few = packages[:12]
    if path.endswith(".json"):
        return [
            ["{", '  "dependencies": {'],
            *([f'    "{p.name}": "{p.text()}",'] for p in few),
            ["  }", "}"],
        ]
    if path.endswith(".mod"):
        return [
            ["module harbour.example/gateway", "require ("],
            *([f"\t{p.name} v{p.text()}"] for p in few),
            [")"],
        ]
    if path.endswith(".yml"):
        steps = ([f"      - uses: harbour/{p.name}@v{p.text()}"] for p in few)
        return [["on: push", "jobs:", "  deploy:", "    steps:"], *steps, []]
    return [["[project]", "dependencies = ["], *([f'    "{p.name}=={p.text()}",'] for p in few), ["]"]]


@dataclass(slots=True, eq=False)
class Bump:
    """One update by a bot."""

    repo: str
    at: int

    def land(self, history: History, lock: LockFile, mergers: list[Engineer]) -> None:
        """Let the update land in the way of its repository."""
        package, old, edits = lock.bump()
        history.begin()
        bot = history.spec.lock.bot
        who = Who(BOTS[bot], BOTS[bot], "+0000", "", "bot")
        title = _title(bot, package, old)
        if bot == "dependabot":
            title, body = (
                f"Bump {package.name} from {old} to {package.text()}",
                f"\n\nSigned-off-by: {_SUPPORT}",
            )
            draft = Draft(who, self.at - 900, self.at - 900, title + body, edits, BOT)
            branch = f"dependabot/pip/{package.name}-{package.text()}"
            message = f"Merge pull request #{history.next_request()} from {owner()}/{branch}\n\n{title}"
            history.merge([draft], history.tip, history.dice.pick(mergers), self.at, message, ref=SCRATCH)
            return
        if bot == "renovate":
            who.committer = GITHUB
            title += f" (#{history.next_request()})"
        history.push(Draft(who, self.at, self.at, title, edits, BOT))


_SUPPORT = "dependabot[bot] <support@github.com>"


def _title(bot: str, package: Package, old: str) -> str:
    if bot == "renovate":
        return f"chore(deps): update {package.name} to v{package.text()}"
    return f"Pin {package.name} {package.text()} in place of {old}"


def bumps(repo: str, every: int, quarter: date, scale: float, dice: Dice) -> list[Bump]:
    """Return a quarter's updates of one repository."""
    count = max(1, int(91 / every * scale + 0.5))
    return [Bump(repo, working_time(dice, quarter, after_quarter(quarter))) for _ in range(count)]
