"""Files that lie ready to be sent: a folder every phone can reach, for trying things out."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from playground.errors import PhoneError
from playground.phones_http import Endpoint, routed
from playground.world import World


def routes(world: World, folder: Path | None) -> list[Route]:
    """`GET /api/shelf` lists the files, `GET /api/shelf/{name}` is one; without a folder, none."""

    async def listed(_world: World, _request: Request) -> Response:
        return JSONResponse({"files": [path.name for path in _files(folder)]})

    async def one(_world: World, request: Request) -> Response:
        wanted = request.path_params["name"]
        found = next((path for path in _files(folder) if path.name == wanted), None)
        if found is None:
            raise PhoneError("there is no such file on the shelf", 404)
        return FileResponse(found, filename=found.name)

    table: list[tuple[str, Endpoint]] = [("/api/shelf", listed), ("/api/shelf/{name}", one)]
    return [routed(world, path, endpoint, "GET") for path, endpoint in table]


def _files(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file())
