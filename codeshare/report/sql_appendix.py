"""The SQL of a report's figures, with the views that it is made of."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from codeshare.metrics.queries import Query, load_query
from codeshare.metrics.views import View, together, views_of_each


class SqlAppendix(Struct, frozen=True):
    """Queries in the order of the page; the views behind all of them, foundations first."""

    queries: tuple[Query, ...]
    behind: tuple[tuple[View, ...], ...]
    """The views that each query is made of, the nearest first."""
    views: tuple[View, ...]

    @property
    def views_sql(self) -> str:
        """The views as a file: what `codeshare` makes in every database of its own."""
        head = (
            "-- Views and macros behind the queries beside this file. Every database of codeshare has them.\n"
        )
        return head + "".join(f"\n-- {view.says}\n{view.sql}\n" for view in self.views)


@cache
def sql_appendix(names: tuple[str, ...]) -> SqlAppendix:
    """Collect queries by name with what they are made of."""
    queries = tuple(load_query(name) for name in names)
    each = views_of_each(query.sql for query in queries)
    return SqlAppendix(queries, tuple(tuple(reversed(views)) for views in each), tuple(together(each)))
