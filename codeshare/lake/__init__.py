"""Mined repositories as Parquet files in a folder or a bucket, published by a manifest."""
