"""Files that lie ready on every phone."""

from pathlib import Path

import httpx

from playground.config import Config
from playground.server import running


async def test_what_lies_on_the_shelf_can_be_listed_and_taken_and_nothing_else(
    tmp_path: Path,
) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "示例.xlsx").write_bytes(b"made up")
    (tmp_path / "secret.txt").write_text("not on the shelf")
    config = Config(data=tmp_path / "telegram", shelf=shelf)
    async with running(config) as address, httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/api/shelf")).json() == {"files": ["示例.xlsx"]}
        assert (await client.get("/api/shelf/示例.xlsx")).content == b"made up"
        for name in ("secret.txt", "..%2Fsecret.txt", "%2Fetc%2Fpasswd"):
            assert (await client.get(f"/api/shelf/{name}")).status_code == 404


async def test_without_a_shelf_there_is_nothing_on_it(tmp_path: Path) -> None:
    config = Config(data=tmp_path / "telegram")
    async with running(config) as address, httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/api/shelf")).json() == {"files": []}
