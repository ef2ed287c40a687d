"""Bodies of those who are no programs of a shop: read whole, and no longer than they may be."""

from fastapi import HTTPException, Request


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body. Raises 413 as soon as more than `limit` bytes have come."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(413)
    return bytes(body)
