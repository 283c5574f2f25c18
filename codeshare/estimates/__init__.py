"""What SQL cannot compute: intervals, models, change points; each a row of the table ``estimates``."""
