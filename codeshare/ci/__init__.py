"""What CI jobs, forges and git hooks look at: summaries, annotations, comments, metrics, badges, ranges."""
