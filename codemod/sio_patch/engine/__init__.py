"""Pure: text and pattern in, outcome out. No disk, no clock, no terminal.

The modules at this level are public (``rewrite.assess`` is the front door); the folders below are the workshop.
"""
