"""Build time only, never deployed: what reads the data folders, checks them and compiles them."""
