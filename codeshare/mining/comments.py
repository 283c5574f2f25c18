"""Which lines of a file are comments, as the lexers of Pygments have it."""

from __future__ import annotations


def comment_lines(name: str, text: str) -> set[int] | None:
    """Numbers (1-based) of the lines that hold comments or documentation strings and nothing else.

    None where no lexer knows files of this name.
    """
    from pygments.lexers import get_lexer_for_filename
    from pygments.token import Comment, String
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    comments: set[int] = set()
    others: set[int] = set()
    number = 1
    for kind, value in lexer.get_tokens(text):
        is_comment = kind in String.Doc or (
            kind in Comment and kind not in Comment.Preproc and kind not in Comment.PreprocFile
        )
        for place, part in enumerate(value.split("\n")):
            if part.strip():
                (comments if is_comment else others).add(number + place)
        number += value.count("\n")
    return comments - others
