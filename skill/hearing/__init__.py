"""Words to findings: what is told, of whom, and whether somebody here is unwell. Standard library and data only."""
