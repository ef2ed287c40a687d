"""The selling platforms on loopback: Doudian's and Kuaishou's gateways, and a page to rule them.

`async with sandbox.start(sandbox.Config(state=file)) as url` runs one inside an event loop.
"""

from sandbox.config import Config
from sandbox.server import start

__all__ = ["Config", "start"]
