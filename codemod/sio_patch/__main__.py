"""``python -m sio_patch``."""

from sio_patch.cli import main

main()
