"""The way in, for ``sio-patch`` and ``python -m sio_patch``: Ctrl-C has its status also while the program loads."""

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Ends the process. What it holds is left to the system: to take it apart first would be a tenth of the time."""
    gc.set_threshold(50_000)  # a run is short, and makes next to no cycles: looking for them takes 3 % of it
    status = 0
    try:
        from sio_patch.cli.main import main as run

        run()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        status = 130
    os._exit(_flushed(status))


def _flushed(status: int) -> int:
    """``status``, if all that was said has been heard."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        return status or 4
    return status


if __name__ == "__main__":
    main()
