"""`daifa prepare` and `daifa ready`: what containers and supervisors ask."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.preparing import prepare
from app.readiness import ready
from app.settings import Settings


def settings(folder: Path, **changes: object) -> Settings:
    return Settings(_env_file=None, var=folder).model_copy(update=changes)


@contextmanager
def answering(status: int, body: str) -> Iterator[int]:
    """Answer every question in this way; gives the port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/readyz"
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_new_house_is_prepared_once_and_its_keys_are_made(tmp_path: Path) -> None:
    said = await prepare(settings(tmp_path))
    assert "made just now: copy them away" in said
    made = settings(tmp_path).keys_path.read_bytes()
    assert "as they were" in await prepare(settings(tmp_path))
    assert settings(tmp_path).keys_path.read_bytes() == made


def test_a_process_is_asked_whether_it_is_ready(tmp_path: Path) -> None:
    with answering(200, '{"database": true}') as port:
        asked = settings(tmp_path, host="0.0.0.0", port=port)
        assert ready(asked) == (True, '{"database": true}')
    well, said = ready(asked)
    assert (well, "Nobody answers at http://127.0.0.1:" in said) == (False, True)
    with answering(503, '{"alerts": "too late"}') as port:
        assert ready(settings(tmp_path, port=port)) == (False, '{"alerts": "too late"}')


def test_moving_asks_where_to_and_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no .env
    monkeypatch.setenv("DAIFA_VAR", str(tmp_path))
    said = CliRunner().invoke(app, ["move"])
    assert (said.exit_code, "DAIFA_DATABASE_URL=postgresql" in said.output) == (1, True)
    said = CliRunner().invoke(app, ["move", "--back"])
    assert (said.exit_code, "There is no database at" in said.output) == (1, True)
