from __future__ import annotations

import pytest

from codeshare.errors import CatalogueError
from codeshare.files.knowledge import check_groups, read_classes


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ({"class": "lock", "nmes": ["a"]}, "classes.toml: group 2: nmes: unknown key, did you mean names?"),
        ({"class": "lock", "xyz": ["a"]}, "classes.toml: group 2: xyz: unknown key, known: class, source,"),
        ({"class": "locks"}, "classes.toml: group 2: class = 'locks': did you mean lock?"),
        ({"names": ["a"]}, "classes.toml: group 2: class = 'None': known: code, test,"),
        ({"class": "lock", "names": "a"}, "classes.toml: group 2: names must be a list of texts."),
        ({"class": "lock", "source": 3}, "classes.toml: group 2: source must be text."),
        ({"class": "lock", "paths": ["("]}, "classes.toml: group 2: paths: '(' is no regular expression: missing )"),
    ],
)  # fmt: skip
def test_a_wrong_group_names_file_group_and_key(group: dict[str, object], words: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        check_groups([{"class": "code"}, group])
    assert words in str(caught.value)


def test_every_group_has_a_source() -> None:
    check_groups(read_classes()["group"])
    assert all(group["source"] for group in read_classes()["group"])
