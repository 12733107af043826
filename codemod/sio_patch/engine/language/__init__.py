"""The patch language: blocks of a document to trees with metavariables, and what the diff between two of them is."""
