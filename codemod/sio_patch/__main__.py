"""The way in, for ``sio-patch`` and ``python -m sio_patch``: Ctrl-C has its status also while the program loads."""

import sys


def main() -> None:
    try:
        from sio_patch.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
