"""Pure: bytes in, outcomes out. No disk, no clock, no terminal."""
