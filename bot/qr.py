"""QR pictures of links."""

import asyncio
import io

import segno


async def qr_picture(address: str) -> bytes:
    """Return a PNG large enough to be scanned off a phone's screen."""
    return await asyncio.to_thread(_draw, address)


def _draw(address: str) -> bytes:
    file = io.BytesIO()
    segno.make(address, error="m").save(file, kind="png", scale=12, border=4)
    return file.getvalue()
