"""What was found, as text and as JSON: one module a format, pure."""
