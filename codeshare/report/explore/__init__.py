"""``explore.html``: the report's charts, live, over cells in which nobody can be told apart."""
