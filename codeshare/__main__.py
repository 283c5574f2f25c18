"""``codeshare``, the command, also as ``python -m codeshare``."""

import signal


def main() -> None:
    """Load the command line and run it; a Ctrl-C meanwhile ends it without a word, for nothing has begun."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else the caller has it ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from codeshare.collector import without_collector

    with without_collector():
        from codeshare.cli.main import run
    run()


if __name__ == "__main__":
    main()
