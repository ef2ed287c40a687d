"""What is attached to a message, made when it is sent: a workbook takes longer than a visit may."""

import asyncio
from dataclasses import replace

import structlog

from bot.charts.making import PictureBroken
from bot.screens.screen import Attachment, Screen

log = structlog.stdlib.get_logger(__name__)


async def content_of(attached: Attachment) -> bytes:
    """Return the file's bytes; made beside the event loop where they are not there yet."""
    if isinstance(attached.content, bytes):
        return attached.content
    return await asyncio.to_thread(attached.content)


async def ready(screen: Screen) -> Screen:
    """Return the screen with its file made; a spare one that cannot be is left out."""
    attached = screen.attachment
    if attached is None:
        return screen
    try:
        content = await content_of(attached)
    except PictureBroken as error:
        if not attached.spare:
            raise
        log.error("a picture could not be drawn", where=str(error))
        return replace(screen, attachment=None)
    return replace(screen, attachment=replace(attached, content=content))
