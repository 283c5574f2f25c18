"""A hook of the site: documents that do not lie in docs/ become pages of it, and links to them lead there."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

PAGES = {
    "README.md": "readme.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "sample_repos/README.md": "sample-company.md",
    "LICENSE": "license.md",
}
"""Documents by their path in the project, and the pages that they become."""
OUTSIDE = {page: document for document, page in PAGES.items()}
_LINK = re.compile(r"(?<=\]\()(?!https?://|#|mailto:)([^)\s#]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the documents."""
    from mkdocs.structure.files import File

    root = Path(config.docs_dir).parent
    for document, page in PAGES.items():
        files.append(File.generated(config, page, abs_src_path=str(root / document)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links as they are in the project into links as they are in the site."""
    name = page.file.src_uri
    place = OUTSIDE.get(name, f"docs/{name}")
    return _LINK.sub(lambda link: target(link[1], place, name), markdown)


def target(link: str, place: str, page: str) -> str:
    """Where a link leads from a page of the site.

    Args:
        link: as it is written in the document.
        place: the document's path in the project.
        page: the page's in the site.
    """
    meant = posixpath.normpath(posixpath.join(posixpath.dirname(place), link))
    there = PAGES.get(meant, meant.removeprefix("docs/"))
    return posixpath.relpath(there, posixpath.dirname(page) or ".")
