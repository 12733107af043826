"""Where a pattern matches a tree, and why not. Never changes anything."""
