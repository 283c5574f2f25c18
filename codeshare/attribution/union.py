"""Sets that are joined and never parted."""

from __future__ import annotations

from collections.abc import Callable


class Union:
    """Disjoint sets of ids."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, member: str) -> str:
        """Return the id that stands for the set of ``member``."""
        path = []
        while (parent := self._parent.setdefault(member, member)) != member:
            path.append(member)
            member = parent
        for each in path:
            self._parent[each] = member
        return member

    def join(self, first: str, *others: str) -> None:
        """Make one set of those of all members."""
        root = self.root(first)
        for other in others:
            self._parent[self.root(other)] = root

    def mapping(self, prefer: Callable[[str], bool]) -> dict[str, str]:
        """Map each member to its set's representative, the first preferred one; those that stay are left out."""
        sets: dict[str, list[str]] = {}
        for member in self._parent:
            sets.setdefault(self.root(member), []).append(member)
        found = {}
        for members in sets.values():
            head = min(members, key=lambda each: (not prefer(each), each))
            found.update({each: head for each in members if each != head})
        return found
