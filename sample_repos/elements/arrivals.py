"""Lines that come from elsewhere: first commits, vendored code, a joined history, pictures."""

from __future__ import annotations

from sample_repos.dice import Dice
from sample_repos.elements.steps import Element, Step
from sample_repos.fastimport import Content
from sample_repos.history import Draft, History
from sample_repos.languages import Language
from sample_repos.locks import LockFile
from sample_repos.marks import unmarked
from sample_repos.people import Engineer, engineers
from sample_repos.tree import Edit, Run, SourceFile
from sample_repos.workdays import FIRST, before, day_of, epoch, moment, month_of

BULK_IMPORT = {"sounding-core": 12_600}


def create_root(history: History, lock: LockFile) -> None:
    """Store a repository's first commit: a scaffold, or a whole code base brought in from outside git."""
    spec, at = history.spec, epoch(FIRST, 5 * 3600)
    founder = next(e for e in engineers().values() if e.team == spec.team)
    element = Element({"kind": "root", "repo": spec.name, "at": moment(at), "engineer": founder.login})
    history.begin()
    lines = BULK_IMPORT.get(spec.name, 0)
    edits = [*_scaffold(spec.name), *lock.created("human")]
    edits += [_import_file(history) for _ in range(lines // 180)] or element.write(history, 90, at)
    title = "Import from the old archive" if lines else "Set up the project"
    why = "import" if lines else ""
    mark = history.push(element.draft(at, f"{title}\n", edits, why_not=why))
    if lines:
        history.truth.element("import", spec.name, {"root": mark}, added=sum(edit.added for edit in edits))


def _import_file(history: History) -> Edit:
    return history.desk.new_file(history.spec.kinds[0], 182, "human", history.dice)


def _scaffold(repo: str) -> list[Edit]:
    attributes = {"quayside-web": "src/generated/** linguist-generated=true\n*.png binary\n"}
    mailmap = [
        f"{person.name} <{person.email}> <{other}>\n"
        for person in engineers().values()
        for other in person.other
        if person.how == "mailmap" and repo in ("berth-api", "sounding-core")
    ]
    texts = {
        "README.md": ("docs", f"# {repo}\n\nPart of the software of Tidewrack Harbour Systems.\n"),
        ".gitattributes": ("config", attributes.get(repo, "* text=auto\n")),
        ".mailmap": ("config", "".join(mailmap)),
    }
    return [
        Edit(path, file_class, 1, [Run(text.count("\n"), "human")], content=text.encode())
        for path, (file_class, text) in texts.items()
        if text
    ]


class Vendored(Element):
    """Thousands of lines of somebody else's code."""

    def land(self, history: History, at: int) -> None:
        """Push them in one commit."""
        language = Language(self.row["language"], history.desk.vocabulary)
        suffix = {"c": "c", "go": "go"}[self.row["language"]]
        history.begin()
        for n in range(self.row["vendored"] // 300):
            blocks = language.blocks(300, history.dice)
            path = f"{self.row['folder']}/part{n + 1}.{suffix}"
            self.edits.append(
                history.desk.tree.create(SourceFile(path, "vendored", language, blocks), "human")
            )
        mark = history.push(self.draft(at, f"Bring in {self.row['folder'].rpartition('/')[2]}\n", self.edits))
        history.truth.element(self.kind, self.repo, {"commit": mark}, folder=self.row["folder"])


class Joined(Element):
    """A history of its own that a merge joins to the repository's."""

    def land(self, history: History, at: int) -> None:
        """Store it and merge it."""
        people = [self.engineer, *(engineers()[login] for login in self.row["others"])]
        drafts = self._drafts(history, people, at)
        ref = "refs/scratch/survey"
        parents: list[int] = []
        marks: list[int] = []
        history.scratch.add(ref)
        history.importer.orphan(ref)
        files: dict[str, Content] = {}
        for draft in drafts:
            marks.append(history.store(ref, draft, parents, shared=True))
            parents = [marks[-1]]
            files |= draft.files
        message = "Merge remote-tracking branch 'survey/main'\n\nThe survey scripts keep their history.\n"
        merge = history.join(marks[-1], self.engineer, at, message, files, committer="")
        commits = [history.record(draft, mark) for draft, mark in zip(drafts, marks, strict=True)]
        truth = history.merge_truth(merge, self.engineer, at, self.kind, "joined_history")
        history.truth.landed([*commits, truth], merge, at)
        history.arrive(merge, at)
        history.truth.element(self.kind, self.repo, {"merge": merge, "commits": marks})

    def _drafts(self, history: History, people: list[Engineer], at: int) -> list[Draft]:
        dice, language = Dice("survey"), Language("shell", history.desk.vocabulary)
        count: int = self.row["commits"]
        first = epoch(self.row["since"], 9 * 3600)
        drafts = []
        for n in range(count):
            when = before(dice, first + (at - 40 * 86_400 - first) // count * n)
            file = SourceFile(
                f"survey/run-{n + 1}.sh", "code", language, language.blocks(dice.between(20, 70), dice)
            )
            edit = Edit(file.path, "code", 1, [Run(sum(len(b.lines) for b in file.blocks), "human")])
            edit.content = file.render()
            title = f"Survey run {n + 1} of {month_of(day_of(when)):%B %Y}\n"
            person = people[n % len(people)]
            drafts.append(
                self.draft(when, title, [edit], person, expected=unmarked(when), why_not="joined_history")
            )
        return drafts


class Binary(Element):
    """A picture, and its next version."""

    def steps(self) -> list[Step]:
        """Bring it in; change it later."""
        return [
            Step(self.repo, self.at, self.land),
            *(Step(self.repo, self.after(d), self.land) for d in self.row["days"]),
        ]

    def land(self, history: History, at: int) -> None:
        """Push the picture."""
        dice = Dice("picture", at // 86_400)
        content = b"\x89PNG\r\n\x1a\n\x00\x00" + bytes(dice.between(0, 255) for _ in range(900))
        title = "Draw the chart" if at < self.at + 86_400 else "Draw the chart anew"
        edit = Edit(self.row["path"], "binary", content=content)
        history.begin()
        mark = self.publish(history, self.draft(at, title + "\n", [edit]), title)
        history.truth.element(self.kind, self.repo, {"commit": mark}, path=self.row["path"])
