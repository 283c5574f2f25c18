"""What is planted on purpose into the histories, and written down in the truth."""
