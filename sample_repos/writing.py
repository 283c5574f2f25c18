"""Turns a number of lines into edits of a repository's files, exactly."""

from __future__ import annotations

from datetime import date

from sample_repos.company import Kind, RepositorySpec
from sample_repos.dice import Dice
from sample_repos.languages import NOUNS, VERBS, Block, Language, Vocabulary
from sample_repos.tree import Edit, Run, SourceFile, Tree

LARGEST_FILE = 240
LARGEST_TREE = 160_000


class Desk:
    """Where the people and agents of one repository write.

    ``base`` is the landing a request started from: only files not changed on the mainline since are
    edited, so that every merge is clean; ``item`` is the request, which may edit its own files again.
    """

    def __init__(self, spec: RepositorySpec) -> None:
        """Start with an empty tree."""
        self.spec = spec
        self.tree = Tree()
        self.vocabulary = Vocabulary()
        self.languages = {kind.language: Language(kind.language, self.vocabulary) for kind in spec.kinds}
        self.base = 0
        self.item = 0
        self.landing = 0
        self.generated: list[SourceFile] = []

    def begin(self, base: int, landing: int, item: int) -> None:
        """Begin a request: forked at ``base``, to be landed as number ``landing``."""
        self.base, self.landing, self.item = base, landing, item

    def write(self, lines: int, writer: str, day: date, dice: Dice, taken: set[str]) -> list[Edit]:
        """Add exactly so many handwritten lines; ``taken`` are paths that the commit has edited already."""
        edits: list[Edit] = []
        pieces = 0
        while lines:
            size = min(lines, dice.between(6, 90) if pieces < 5 else dice.between(90, 240))
            if 0 < lines - size < 3:
                size = lines
            edits.append(self._piece(size, writer, day, dice, taken))
            lines -= size
            pieces += 1
        return edits

    def tidy(self, day: date, dice: Dice, taken: set[str], may_delete: bool) -> list[Edit]:
        """Remove some old lines, as most changes do; more when the tree has grown large."""
        full = self.tree.lines > LARGEST_TREE
        edits = []
        for _ in range(4 if full else 1):
            file = self._old_file(self._kind(day, dice), dice, taken)
            if file is None or file.touched > self.base:
                continue
            taken.add(file.path)
            if may_delete and dice.chance(0.5 if full else 0.04):
                edits.append(self.tree.delete(file))
                continue
            at = dice.between(1, len(file.blocks) - 1)
            block = file.blocks[at]
            if len(file.blocks) > 2 and dice.chance(0.3):
                edits.append(self.tree.remove_block(file, at))
            elif block.size > 2:
                gone = dice.between(1, block.size - 1)
                edits.append(self.tree.replace(file, at, dice.between(0, block.size - gone), gone, [], ""))
            else:
                continue
            self._mine(file)
        return edits

    def rework(self, edit: Edit, file: SourceFile, lines: int) -> Edit | None:
        """Remove lines of a block this request has added earlier; mark them as not landed there."""
        block = edit.block
        if block is None or block not in file.blocks or block.size <= lines:
            return None
        first = block.core
        run = edit.runs[0]
        edit.runs = [Run(first, run.writer), Run(lines, run.writer, landed=False)]
        edit.runs.append(Run(run.count - first - lines, run.writer))
        gone = self.tree.replace(file, file.blocks.index(block), 0, lines, [], "")
        self._mine(file)
        return gone

    def regenerate(self, lines: int, writer: str, dice: Dice, taken: set[str]) -> Edit | None:
        """Let the repository's generator write so many lines more."""
        what = self.spec.generated
        if what is None:
            return None
        language = Language(self.spec.kinds[0].language, self.vocabulary)
        fresh = [f for f in self.generated if self._is_mine(f) and f.path not in taken and f.lines < 400]
        if not fresh:
            path = what.path % (len(self.generated) + 1)
            head = [what.header, f"{what.comment} table {language.vocabulary.words()['u']}"]
            blocks = [Block(head, 1, 1), language.loose(lines)]
            file = SourceFile(path, "generated", language, blocks)
            self.generated.append(file)
            edit = self.tree.create(file, writer)
        else:
            file = dice.pick(fresh)
            edit = self.tree.insert(file, len(file.blocks), [language.loose(lines)], writer)
        self._mine(file)
        taken.add(file.path)
        return edit

    def new_file(self, kind: Kind, lines: int, writer: str, dice: Dice) -> Edit:
        """Create a file of exactly so many lines."""
        language = self.languages[kind.language]
        header = language.header()
        if lines < len(header) + language.smallest:
            blocks = [language.loose(lines)]
        else:
            blocks = [Block(header, 0, 0), *language.blocks(lines - len(header), dice)]
        file = SourceFile(self._path(kind, dice), kind.file_class, language, blocks, kind.key)
        self._mine(file)
        return self.tree.create(file, writer)

    def rename(self, file: SourceFile, kind: Kind, dice: Dice) -> str:
        """Rename a file; return its old path."""
        self._mine(file)
        return self.tree.rename(file, self._path(kind, dice))

    def candidate(self, kind: Kind, dice: Dice, taken: set[str]) -> SourceFile | None:
        """Return a file of that kind which the request may edit."""
        return self._old_file(kind, dice, taken)

    def _piece(self, lines: int, writer: str, day: date, dice: Dice, taken: set[str]) -> Edit:
        kind = self._kind(day, dice)
        language = self.languages[kind.language]
        file = self._old_file(kind, dice, taken)
        crowded = 90 * len(self.tree.by_kind.get(kind.key, ())) < self.tree.lines // 8
        if file is None or (lines > 25 and (crowded or file.lines > LARGEST_FILE or dice.chance(0.25))):
            edit = self.new_file(kind, lines, writer, dice)
        else:
            edit = self._change(file, language, lines, writer, dice)
            if file.touched <= self.base and (lines + edit.deleted) * 4 < file.lines and dice.chance(0.02):
                edit.old_path = self.tree.rename(file, self._path(kind, dice))
                edit.path = file.path
            self._mine(file)
        taken.add(edit.path)
        if edit.old_path:
            taken.add(edit.old_path)
        return edit

    def _change(self, file: SourceFile, language: Language, lines: int, writer: str, dice: Dice) -> Edit:
        at = dice.between(1, len(file.blocks) - 1)
        block = file.blocks[at]
        if lines < language.smallest or (lines < 30 and block.size > 2 and dice.chance(0.4)):
            mine = file.touched > self.base
            old = 0 if mine or dice.chance(0.3) else dice.between(0, max(0, block.size - 1))
            offset = dice.between(0, block.size - old)
            return self.tree.replace(file, at, offset, old, language.statements(lines), writer)
        return self.tree.insert(file, dice.between(1, len(file.blocks)), language.blocks(lines, dice), writer)

    def _kind(self, day: date, dice: Dice) -> Kind:
        return dice.weighted((k, k.share) for k in self.spec.kinds if k.since <= day < k.until)

    def _old_file(self, kind: Kind, dice: Dice, taken: set[str]) -> SourceFile | None:
        files = self.tree.by_kind.get(kind.key, ())
        for _ in range(6 if files else 0):
            file = dice.pick(files)
            if len(file.blocks) > 1 and file.path not in taken and self._is_mine(file):
                return file
        return None

    def _is_mine(self, file: SourceFile) -> bool:
        return file.touched <= self.base or file.item == self.item

    def _mine(self, file: SourceFile) -> None:
        file.touched, file.item = self.landing, self.item

    def _path(self, kind: Kind, dice: Dice) -> str:
        folder, noun, verb = dice.pick(kind.folders), dice.pick(NOUNS), dice.pick(VERBS)
        number = 1
        while (
            path := f"{folder}/{kind.name % (noun, verb, number if number > 1 else '')}"
        ) in self.tree.used:
            number += 1
        return path

    def may_edit(self, file: SourceFile) -> bool:
        """Return whether the request may change any line of the file."""
        return file.touched <= self.base and len(file.blocks) > 1

    def claim(self, file: SourceFile) -> None:
        """Note that the request changes the file."""
        self._mine(file)
