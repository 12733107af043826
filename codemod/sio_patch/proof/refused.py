"""The one error that says: not as asked, and here is what to do."""


class Refused(Exception):
    """The proof cannot be run as asked; ``str()`` says why, and what would help."""
