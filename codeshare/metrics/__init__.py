"""The figures: named queries over the database, and the few that SQL cannot compute."""
