"""The report: charts, page, markdown, tables and the headline on a terminal."""
