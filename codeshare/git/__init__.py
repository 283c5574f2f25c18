"""Reading history: the only package that runs git."""
