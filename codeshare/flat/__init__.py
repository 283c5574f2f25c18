"""A database as files of Parquet or CSV: one folder, one file per table, and a manifest of what is in them."""
