"""One module a chart: each turns rows of a figure into a drawing of a given size."""
