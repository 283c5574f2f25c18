"""The report as markdown: the same words, the charts as pictures, the tables as files."""

from __future__ import annotations

from codeshare.report.html import environment
from codeshare.report.origins import page_queries
from codeshare.report.page_model import Page


def page_markdown(page: Page) -> str:
    """Set the page as GitHub-flavoured markdown."""
    text = environment().get_template("report.md").render(page=page, queries=page_queries(page))
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for k, line in enumerate(lines) if line or (k and lines[k - 1])]
    return "\n".join(kept).strip() + "\n"
