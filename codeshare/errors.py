"""Everything codeshare raises on purpose.

::

    CodeshareError                    exit status 2 unless a leaf says otherwise
    ├── RepositoryError               a repository cannot be opened or read
    │   ├── NotARepository
    │   ├── NoSuchRevision            a branch, tag or commit that is not there
    │   └── EmptyHistory              (3) there is nothing to count
    ├── GitError                      git itself failed: its words are in the message
    ├── ConfigError                   codeshare.toml, or a file that it names
    ├── CatalogueError                a rule, bot, class or release file of ours or the user's
    ├── ExportError                   a file that a forge, a vendor or another tool wrote
    ├── StoreError                    the database
    │   ├── NotADatabase
    │   ├── StoreDamaged
    │   ├── StoreTooOld
    │   └── StoreBusy
    ├── ComparisonError               what is to be compared is unknown, ambiguous or one and the same
    ├── ScopeError                    a repository, team, day or series that is not there
    ├── OutputError                   a folder or file that cannot be written
    ├── CannotKnow                    (3) the data cannot support an answer
    └── CheckFailed                   (1) a check that the user asked for does not hold

A message is one line that says what happened, where, and what to do. Anything else that
escapes is a bug and keeps its traceback.
"""

from __future__ import annotations


class CodeshareError(Exception):
    """Base of all errors of codeshare; ``exit_status`` is the command line's."""

    exit_status = 2


class RepositoryError(CodeshareError):
    """A repository cannot be opened or read."""


class NotARepository(RepositoryError):
    """The argument is no git repository, bundle or URL."""


class NoSuchRevision(RepositoryError):
    """A branch, tag or commit was named that the repository does not hold."""


class EmptyHistory(RepositoryError):
    """The branch has no commit."""

    exit_status = 3


class GitError(CodeshareError):
    """A git process failed in a way that no missing object explains."""


class ConfigError(CodeshareError):
    """The configuration is wrong; the message names file, key and the nearest right key."""


class CatalogueError(CodeshareError):
    """A catalogue of rules, classes or releases is wrong; the message names file and entry."""


class ExportError(CodeshareError):
    """A file to be imported or compared with is in no known form; the message names file and place."""


class StoreError(CodeshareError):
    """The database cannot be used."""


class NotADatabase(StoreError):
    """The file is no DuckDB database, or none of codeshare's."""


class StoreDamaged(StoreError):
    """The database's file cannot be read to its end."""


class StoreTooOld(StoreError):
    """The database was written by another major version of the schema."""


class StoreBusy(StoreError):
    """Another process holds the database open for writing."""


class ComparisonError(CodeshareError):
    """What is to be compared is unknown, ambiguous or one and the same; the message says how to name it."""


class ScopeError(CodeshareError):
    """What is to be reported on is not in the database; the message names what is."""


class OutputError(CodeshareError):
    """A file or folder cannot be written."""


class CannotKnow(CodeshareError):
    """The data cannot support an answer; the message says what would."""

    exit_status = 3


class CheckFailed(CodeshareError):
    """A check that the user asked for does not hold."""

    exit_status = 1
