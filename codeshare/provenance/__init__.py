"""The life of every line: where it was born, which landing brought it in, where it died."""
