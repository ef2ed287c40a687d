"""`python -m sandbox`: the platforms on a port of one's own, with the page that rules them."""

import argparse
import sys
from pathlib import Path

from sandbox.config import Config
from sandbox.server import PortTaken, run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--state", type=Path, default=Path("var/sandbox.sqlite3"))
    args = parser.parse_args()

    def started(address: str) -> None:
        sys.stdout.write(f"Sandbox: {address}/\n")
        sys.stdout.flush()

    try:
        run(Config(state=args.state), args.host, args.port, started)
    except PortTaken as taken:
        parser.exit(1, f"The sandbox cannot listen there: {taken}. Choose another --port.\n")


if __name__ == "__main__":
    main()
