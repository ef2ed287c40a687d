"""Files that went through a chat, and what Telegram accepts of them.

Limits from the Bot API: a bot uploads documents up to 50 MB and photos up to 10 MB, whose width
and height add up to at most 10,000 and differ at most 20 times; it downloads up to 20 MB.
"""

import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from playground.database import Database
from playground.errors import ApiError, bad_request
from playground.pictures import size_of

DOCUMENT_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True)
class File:
    """`path` is both where it lies under the files folder and the Bot API's `file_path`."""

    id: str
    unique_id: str
    kind: str
    path: str
    name: str | None
    mime: str
    size: int
    width: int | None
    height: int | None

    def as_document(self) -> dict[str, Any]:
        found: dict[str, Any] = {"file_id": self.id, "file_unique_id": self.unique_id}
        if self.name:
            found["file_name"] = self.name
        return found | {"mime_type": self.mime, "file_size": self.size}

    def as_photo(self) -> list[dict[str, Any]]:
        return [
            {
                "file_id": self.id,
                "file_unique_id": self.unique_id,
                "width": self.width,
                "height": self.height,
                "file_size": self.size,
            }
        ]


class Files:
    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def keep(
        self, data: bytes, name: str, mime: str | None, kind: str, *, from_person: bool = False
    ) -> File:
        """Store a document or a photo; raises `ApiError` for what Telegram does not take.

        People's documents may be larger than bots' (and then a bot can't download them).
        """
        width = height = None
        if kind == "photo":
            width, height = _checked_photo(data)
        elif not data and not from_person:
            raise bad_request("file must be non-empty")
        elif len(data) > DOCUMENT_LIMIT and not from_person:
            raise ApiError(413, "Request Entity Too Large")
        clean = PurePosixPath(name.replace("\\", "/")).name or "file"
        suffix = PurePosixPath(clean).suffix if kind == "document" else ".jpg"
        number = self._database.next("files")
        path = f"{kind}s/file_{number}{suffix}"
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        guessed = mimetypes.guess_type(clean)[0]
        if mime in (None, "", "application/octet-stream"):
            mime = guessed or "application/octet-stream"
        file = File(
            ("AgACAgUAAx" if kind == "photo" else "BQACAgUAAx") + secrets.token_urlsafe(24),
            f"AgAD{number:08d}",
            kind,
            path,
            clean if kind == "document" else None,
            str(mime),
            len(data),
            width,
            height,
        )
        self._database.run(
            "INSERT INTO files VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", *vars(file).values()
        )
        return file

    def get(self, file_id: str) -> File | None:
        row = self._database.row("SELECT * FROM files WHERE id = ?", file_id)
        return File(**row) if row else None

    def at_path(self, path: str) -> File | None:
        row = self._database.row("SELECT * FROM files WHERE path = ?", path)
        return File(**row) if row else None

    def place(self, file: File) -> Path:
        return self._folder / file.path


def _checked_photo(data: bytes) -> tuple[int, int]:
    if len(data) > PHOTO_LIMIT:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_LIMIT} bytes"
        )
    size = size_of(data)
    if size is None or 0 in size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size
