"""Patch documents: where they come from and what they say. Compiles no pattern before somebody asks."""
