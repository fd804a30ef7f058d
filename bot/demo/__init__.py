"""The demonstration: the real bot on the sandbox, started as two programs that meet on loopback."""
