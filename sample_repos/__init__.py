"""Generator of the sample company: five repositories whose true authorship is known."""
