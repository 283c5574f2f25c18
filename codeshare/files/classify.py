"""The class of a path."""

from __future__ import annotations

from collections.abc import Container, Sequence

from codeshare.files.attributes import Attributes
from codeshare.files.knowledge import path_rules, read_classes
from codeshare.files.language import language_of_name
from codeshare.model import FileClass

_BUILT = frozenset({FileClass.GENERATED, FileClass.LOCK})
_ATTRIBUTES = (
    "linguist-vendored",
    "linguist-generated",
    "gitlab-generated",
    "linguist-documentation",
    "binary",
)
_EXCLUDE = "codeshare-exclude"
_FALSE = (False, "false", "0", "no")


class Classifier:
    """Gives each path its one class. A pure function of the path; remembers what it was asked."""

    def __init__(
        self,
        attributes: Attributes | None = None,
        generated: Container[str] = (),
        exclude: Sequence[str] = (),
    ) -> None:
        """Take what the repository and the user say.

        Args:
            attributes: the tip's attributes.
            generated: paths whose header declares them generated (`markers`).
            exclude: the user's path patterns; what they match is ``data``, whatever else is said of it.
        """
        self._excluded = _excluding(exclude)
        self._attributes = attributes or Attributes()
        self._generated = generated
        self._rules = path_rules()
        languages = read_classes()["languages"]
        self._by_language = {
            language: FileClass(name) for name in ("docs", "config", "data") for language in languages[name]
        }
        self._unknown_suffix = FileClass(languages["unknown_suffix"])
        self._no_suffix = FileClass(languages["no_suffix"])
        self._templates = tuple(languages["templates"])
        self._has_attributes = any(self._attributes.mentions(name) for name in _ATTRIBUTES)
        self._names_languages = self._attributes.mentions("linguist-language")
        self._known: dict[str, FileClass] = {}

    def classify(self, path: str, is_binary: bool = False) -> FileClass:
        """Return the class: attributes, then header, then the catalogue's groups, then the language."""
        if is_binary:
            return FileClass.BINARY
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._decide(path)
        return known

    def language(self, path: str) -> str | None:
        """Return the language in lower case, such as ``python``: ``linguist-language``, else by the name."""
        if self._names_languages:
            value = self._attributes.value(path, "linguist-language")
            if isinstance(value, str) and value:
                return value.replace("-", " ").lower()
        return language_of_name(path.rpartition("/")[2])

    def _decide(self, path: str) -> FileClass:
        if self._excluded.value(path, _EXCLUDE):
            return FileClass.DATA
        refused: set[FileClass] = set()
        if self._has_attributes:
            said = self._said(path, refused)
            if said is not None:
                return said
        if path in self._generated and FileClass.GENERATED not in refused:
            return FileClass.GENERATED
        found = self._group_or_name(path, refused)
        return FileClass.CODE if found in refused else found

    def _group_or_name(self, path: str, refused: set[FileClass]) -> FileClass:
        group = self._rules.group(path, refused)
        return self._by_name(path, refused) if group is None else self._rules.classes[group]

    def _said(self, path: str, refused: set[FileClass]) -> FileClass | None:
        """The class that attributes give; adds those that they rule out to ``refused``."""
        classes = {
            "linguist-vendored": FileClass.VENDORED,
            "linguist-generated": FileClass.GENERATED,
            "gitlab-generated": FileClass.GENERATED,
            "linguist-documentation": FileClass.DOCS,
            "binary": FileClass.BINARY,
        }
        said = None
        for name, found in classes.items():
            value = self._attributes.value(path, name)
            if value in _FALSE and value is not None:
                refused |= _BUILT if found is FileClass.GENERATED else {found}
            elif value is not None and said is None:
                said = found
        return said

    def _by_name(self, path: str, refused: set[FileClass]) -> FileClass:
        name = path.rpartition("/")[2]
        for ending in self._templates:
            if name.endswith(ending) and len(name) > len(ending):
                return self._group_or_name(path.removesuffix(ending), refused)
        language = self.language(path)
        if language is not None:
            return self._by_language.get(language, FileClass.CODE)
        if name.startswith("."):
            return FileClass.CONFIG
        return self._unknown_suffix if "." in name else self._no_suffix


def _excluding(patterns: Sequence[str]) -> Attributes:
    """The user's patterns as attributes; one that ends in a slash stands for all in that folder."""
    lines = (
        f'"{_escaped(pattern)}{"**" if pattern.endswith("/") else ""}" {_EXCLUDE}' for pattern in patterns
    )
    return Attributes.parse({".gitattributes": "\n".join(lines).encode()}) if patterns else Attributes()


def _escaped(pattern: str) -> str:
    return pattern.replace("\\", "\\\\").replace('"', '\\"')
