"""`python -m playground`: a Telegram of one's own, with its page."""

import argparse
import sys
from pathlib import Path

from playground.config import Config
from playground.people import DEFAULT_BOT
from playground.server import run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--data", type=Path, default=Path("var/playground"))
    parser.add_argument("--rate-limits", action="store_true", help="throttle as Telegram does")
    args = parser.parse_args()
    config = Config(data=args.data, rate_limits=args.rate_limits)

    def started(address: str) -> None:
        sys.stdout.write(f"Playground: {address}/\nBot token:  {DEFAULT_BOT.token}\n")
        sys.stdout.flush()

    run(config, args.host, args.port, started)


if __name__ == "__main__":
    main()
