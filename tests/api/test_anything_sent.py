"""Whatever a program sends, it gets an answer that is documented: never an error of the server.

Schemathesis makes requests up from the document, right ones and wrong ones, as a factory's and as a
merchant's program, over real HTTP.
"""

import asyncio
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.documenting import document_of
from core.programs.keys import SCOPES
from tests.api.conftest import Shopfront
from tests.core.firm import incoming

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
FEW = settings(
    max_examples=12, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


async def test_no_request_whatever_brings_the_server_down(front: Shopfront) -> None:
    firm = front.firm
    await firm.imports([incoming(n) for n in (1, 2, 3)])
    await firm.assigns(1, 2)
    document = document_of(front.app)
    address = str(front.client.base_url)
    asked = 0
    for role in SCOPES:
        token = await front.key(role)
        asked += await asyncio.to_thread(ask_everything, document, address, token)
    assert asked > 500
    sound = await front.asks(token, "GET", "/v1/orders")
    assert sound.status_code == 200


def ask_everything(document: dict[str, object], address: str, token: str) -> int:
    """Ask every operation with what Schemathesis makes up; returns how many requests that was."""
    schema = schemathesis.openapi.from_dict(document)
    headers = {"Authorization": f"Bearer {token}"}
    asked = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @FEW
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                nonlocal asked
                asked += 1
                query = dict(case.query or {})
                if "wait" in query:
                    case.query = {**query, "wait": 0}
                case.call_and_validate(base_url=address, headers=headers, checks=CHECKS)

            ask()
    return asked
