"""The command line, the pytest plugin, and the mending of outputs."""
