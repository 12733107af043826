"""The judge of finished edits: the old tree held against the new one.

Shares nothing with ``write``, which made the edit: no module of that folder is imported here, nor the scopes that it
asks. What the two have in common are the tree itself and the matches.
"""
