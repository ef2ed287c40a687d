"""What is attached to a message, made when it is sent: a workbook takes longer than a visit may."""

import asyncio

from bot.screens.screen import Attachment


async def content_of(attached: Attachment) -> bytes:
    """Return the file's bytes; made beside the event loop where they are not there yet."""
    if isinstance(attached.content, bytes):
        return attached.content
    return await asyncio.to_thread(attached.content)
