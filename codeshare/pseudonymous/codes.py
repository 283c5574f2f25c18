"""How each kind of column is written anew: expressions over the source's columns."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

MACROS = (
    # 20 hexadecimal digits of a keyed hash; the key is nowhere but in the memory of the export
    "create macro code_of(kind, text) as case when text is not null then"
    " left(sha256(getvariable('salt') || kind || chr(0) || text), 20) end",
    "create macro sha_of(sha) as case when sha is not null then"
    " left(sha256(getvariable('salt') || 'sha' || chr(0) || sha), 40) end",
    "create macro id_of(id) as case when id = 0 then 0::ubigint else"
    " ('0x' || left(sha256(getvariable('salt') || 'id' || chr(0) || id::varchar), 15))::ubigint end",
    r"create macro account_of(address) as coalesce(nullif(regexp_extract(address, '^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$', 1), ''),"
    r" nullif(regexp_extract(address, '^(?:\d+-)?([^@]+)@users\.noreply\.gitlab\.com$', 1), ''))",
    "create macro email_of(address) as case when address = '' then '' when account_of(lower(address)) is not null"
    " then code_of('login', account_of(lower(address))) || regexp_extract(lower(address), '@.*$')"
    r" when regexp_matches(lower(address), '^(no-?reply|bot)@|\[bot\]') then 'bot@' || code_of('email', lower(address)) || '.invalid'"
    " when address is not null then code_of('email', lower(address)) || '@person.invalid' end",
    "create macro first_line_of(message) as regexp_extract(ltrim(message, chr(10)), '^[^\\n]*')",
)

EXPRESSIONS: dict[str, str] = {
    "keep": "{c}",
    "nothing": "{empty}",
    "sha": "sha_of({c})",
    "shas": "list_transform({c}, lambda x: sha_of(x))",
    "person": "code_of('person', {c})",
    "login": "code_of('login', lower({c}))",
    "name": "case when {c} = '' then '' else code_of('name', {c}) end",
    "email": "email_of({c})",
    "trailer": r"'<' || email_of(regexp_extract({c}, '<\s*([^<>\s]+@[^<>\s]+)\s*>', 1)) || '>'",
    "subject": "case when (t.repo, {c}) in (select (s.repo, s.subject) from memory.subjects as s) then code_of('subject', {c}) end",
    "message": "code_of('subject', first_line_of({c}))",
    "owner": "case when {c} like '@%/%' then {c} else '@' || code_of('login', lower(ltrim({c}, '@'))) end",
    "id": "id_of({c})",
    "day": "date_trunc('day', {c})",
    "origin": "trim(regexp_extract({c}, '^[a-z ]*'))",
    "why": "case when {c} is not null then 'could not be read' end",
    "scope": "{c}",
}
JOINED: dict[str, tuple[str, str]] = {
    # kind: table of what becomes of its values, and what joins it beside the value
    "path": ("memory.paths", ""),
    "repo": ("memory.repositories", ""),
    "label": ("memory.labels", ""),
    "team": ("memory.teams", ""),
    "scope": ("memory.scopes", ""),
    "pseudonym": ("memory.words", ""),
    "number": ("memory.numbers", " and {alias}.repo = t.repo"),
}


class ColumnOf(Struct, frozen=True):
    """A column of a table: its name, its kind, and whether it may be null."""

    name: str
    kind: str
    is_nullable: bool


def statement(table: str, columns: list[ColumnOf], is_used: Callable[[str], bool], where: str = "") -> str:
    """Return what copies a table, every column as its kind says.

    Args:
        is_used: whether anything becomes of the values of a joined kind; they are kept otherwise.
    """
    chosen, joins = [], []
    for place, column in enumerate(columns):
        name = f't."{column.name}"'
        if column.kind in JOINED and is_used(column.kind):
            alias, (values, more) = f"j{place}", JOINED[column.kind]
            joins.append(f"left join {values} as {alias} on {alias}.old = {name}{more.format(alias=alias)}")
            chosen.append(f"case when {alias}.old is null then {name} else {alias}.new end")
        else:
            empty = "null" if column.is_nullable else "''"
            chosen.append(EXPRESSIONS.get(column.kind, "{c}").format(c=name, empty=empty))
    names = ", ".join(f'"{column.name}"' for column in columns)
    return (
        f"insert into handed.main.{table} ({names}) select {', '.join(chosen)} from source.main.{table} as t "
        f"{' '.join(joins)} {where}"
    )
