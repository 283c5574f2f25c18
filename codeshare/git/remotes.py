"""What a remote's address says: which repository it names, and whether two name the same one.

Addresses are URLs (``ssh://git@host:2222/owner/name.git``), the short form of ssh
(``git@host:owner/name``, the host perhaps an alias of somebody's own ssh configuration), or paths.
"""

from __future__ import annotations

import re

from msgspec import Struct

_URL = re.compile(
    r"(?P<scheme>[\w+.-]+)://(?:[^/@]*@)*(?P<host>\[[^\]]*\]|[^/:]*)(?::\d*)?(?P<path>.*)", re.DOTALL
)
# As git has it: a colon before the first slash. One letter before it is a drive.
_SHORT = re.compile(r"(?:[^/:]*@)?(?P<host>[^/:@]{2,}|\[[^\]]*\]):(?P<path>.*)", re.DOTALL)
# A transport by a program of its own, which alone knows what follows.
_HELPER = re.compile(r"[\w+.-]+::")
_AZURE = "dev.azure.com"
_OLD_AZURE = ".visualstudio.com"


class Remote(Struct, frozen=True):
    """A remote's address, taken apart: ``host`` is empty for a path on this machine."""

    host: str
    path: tuple[str, ...]

    @property
    def is_local(self) -> bool:
        """Whether it names a folder of this machine."""
        return not self.host

    @property
    def is_alias(self) -> bool:
        """Whether its host may be a word of somebody's own ssh configuration, which tells others nothing."""
        return bool(self.host) and not set(".:") & set(self.host)

    @property
    def name(self) -> str:
        """owner/name, the last of several owners; Azure DevOps: project/name. Of a path the last two parts."""
        return "/".join(self.path[-2:])

    def is_same(self, other: Remote) -> bool:
        """Whether both name one repository, as far as their addresses tell.

        A path and an alias have no host that could be compared: owner and name decide. Two paths must be equal.
        """
        # Forges do not tell capital letters apart.
        mine, others = ([part.lower() for part in each.path] for each in (self, other))
        if self.host == other.host:
            return mine == others
        has_hosts = not any(each.is_local or each.is_alias for each in (self, other))
        return not has_hosts and len(mine) > 1 and mine[-2:] == others[-2:]


def parse_remote(address: str) -> Remote:
    """Take an address apart, without transport, user, port and ``.git``."""
    address = address.strip()
    if match := _HELPER.match(address):
        return Remote(match[0], ())
    match = _URL.fullmatch(address) or _SHORT.fullmatch(address)
    if match is None or address.startswith("file://"):
        return Remote("", _parts(address.removeprefix("file://")))
    host, path = match["host"].lower(), _parts(match["path"])
    return _azure(host, path) if host.endswith((_AZURE, _OLD_AZURE)) else Remote(host, path)


def same_url(one: str, other: str) -> bool:
    """Whether two addresses name one repository."""
    return parse_remote(one).is_same(parse_remote(other))


def _parts(path: str) -> tuple[str, ...]:
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if len(parts) > 1 and parts[-1] == ".git":  # the inside of a work tree
        parts.pop()
    return (*parts[:-1], parts[-1].removesuffix(".git")) if parts else ()


def _azure(host: str, path: tuple[str, ...]) -> Remote:
    """Azure DevOps: ``org/project/_git/name`` and ``v3/org/project/name``; ``org`` was once a host of its own."""
    parts = [part for part in path if part not in ("_git", "DefaultCollection")]
    if host.endswith(_OLD_AZURE) and not host.startswith("vs-ssh."):
        parts.insert(0, host.removesuffix(_OLD_AZURE))
    elif parts[:1] == ["v3"]:
        parts.pop(0)
    if len(parts) == 2:  # a project's first repository goes by the project's name, which is then said once
        parts.append(parts[1])
    return Remote(_AZURE, tuple(parts))
