"""The DuckDB database: schema, opening, writing."""
