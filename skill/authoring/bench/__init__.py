"""The benchmark: everything next to a named peer in the same run, and the report on it."""
