"""``codeshare``, the command, also as ``python -m codeshare``."""

import gc
import signal


def main() -> None:
    """Load the command line and run it; a Ctrl-C meanwhile ends it without a word, for nothing has begun."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else the caller has it ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()
    from codeshare.cli.main import run

    # None of what is loaded by now goes before the process does, and Python would look through it for cycles
    # again and again. Of DuckDB's types that must not be said: it complains of those that are left.
    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
