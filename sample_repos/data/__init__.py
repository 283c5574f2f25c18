"""What the generator knows of the company, its story, languages, marks and planted elements."""
