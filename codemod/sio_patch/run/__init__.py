"""Plan everything in memory, then write. What is found becomes rows; what is to be written becomes changes."""
