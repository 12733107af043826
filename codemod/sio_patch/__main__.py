"""The way in, for ``sio-patch`` and ``python -m sio_patch``: Ctrl-C has its status also while the program loads."""

import gc
import sys


def main() -> None:
    gc.set_threshold(50_000)  # a run is short, and makes next to no cycles: looking for them takes 3 % of it
    try:
        from sio_patch.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
