"""A database that can be handed on: the same tables, views and figures, and nobody in it by name."""
