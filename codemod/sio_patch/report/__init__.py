"""Verdicts rendered as text, JSON and an exit status. Pure."""
