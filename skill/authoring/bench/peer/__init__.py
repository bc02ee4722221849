"""Those we are measured against."""
