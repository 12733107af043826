"""npm: its version ranges, its registry through its own client, what was fetched once, and other programs run."""
