"""Settings, wiring and the command line: the only place where the parts meet."""
