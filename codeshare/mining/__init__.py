"""Join reading, attribution and storing: from repositories to a database."""
