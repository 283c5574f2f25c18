"""Files that forges and vendors export: requests with their reviews, and lines counted by commit."""
