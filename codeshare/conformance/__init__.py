"""Figures that others published about a repository, computed anew and compared."""
