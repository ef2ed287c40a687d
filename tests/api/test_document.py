"""The OpenAPI document and its pages: whole, true, and loaded from this house alone."""

import re
from typing import Any, NoReturn

import pytest

from api.app import create_app
from api.documenting import document_of
from api.place import Place
from api.problem_list import listed
from core.programs.published import PUBLISHED
from tests.api.conftest import Shopfront, listening

OPERATIONS = ("get", "post", "put", "patch", "delete")


async def test_the_page_of_documentation_loads_nothing_from_elsewhere(front: Shopfront) -> None:
    page = await front.client.get("/docs")
    assert page.status_code == 200
    for address in re.findall(r"""(?:src|href)=["']([^"']+)""", page.text):
        assert address.startswith("/docs/assets/"), address
        assert (await front.client.get(address)).status_code == 200


async def test_the_document_names_every_status_with_an_example(front: Shopfront) -> None:
    document: dict[str, Any] = (await front.client.get("/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    found = [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in OPERATIONS
    ]
    assert len(found) > 10
    for path, method, operation in found:
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["tags"], where
        assert {"401", "403", "422", "429"} <= set(operation["responses"]), where
        for status, answer in operation["responses"].items():
            if status >= "400":
                [content] = answer["content"].values()
                assert content["example"]["status"] == int(status), where
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_every_field_says_by_example_what_stands_there(front: Shopfront) -> None:
    schemas = document_of(front.app)["components"]["schemas"]
    del schemas["Problem"]
    assert len(schemas) > 10
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, about in schema["properties"].items()
        if not exemplary(about)
    ]
    assert not bare


def exemplary(about: dict[str, Any]) -> bool:
    """Whether a field has an example, or needs none: the shape it refers to has, or few values."""
    if {"examples", "enum", "const", "$ref"} & set(about) or about.get("type") == "boolean":
        return True
    choices = about.get("anyOf", [about["items"]] if "items" in about else [])
    return any(exemplary(one) for one in choices)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/nothing"), ("DELETE", "/v1/assignments")]
)
async def test_what_does_not_exist_is_a_problem_too(
    front: Shopfront, method: str, path: str
) -> None:
    answer = await front.client.request(method, path)
    assert answer.status_code in (404, 405)
    assert answer.headers["content-type"] == "application/problem+json"


class Broken:
    """A database nobody can reach."""

    async def read(self, work: object) -> NoReturn:
        raise OSError

    async def write(self, work: object) -> NoReturn:
        raise OSError


async def test_what_fails_on_our_side_is_a_problem_too_and_says_nothing_of_why(
    front: Shopfront,
) -> None:
    place = Place(Broken(), front.firm.services, front.watch)
    app = create_app(front.firm.database.close, place=place)
    async with listening(app, front.watch) as address:
        for method, path in (("GET", "/v1/shop"), ("POST", "/v1/assignments/1/accept")):
            url, headers = f"{address}{path}", {"Authorization": "Bearer daifa_x"}
            failed = await front.client.request(method, url, headers=headers)
            assert (failed.status_code, failed.json()["code"]) == (500, "server_error")
            assert failed.headers["content-type"] == "application/problem+json"


async def test_every_kind_of_event_is_named_where_events_are_shown(front: Shopfront) -> None:
    schemas = document_of(front.app)["components"]["schemas"]
    for name in ("Event", "WebhookMessage"):
        said = schemas[name]["properties"]["type"]["description"]
        assert set(PUBLISHED.values()) <= set(re.findall(r"`([a-z._]+)`", said)), name


async def test_the_type_of_every_problem_leads_to_what_it_means(front: Shopfront) -> None:
    token = await front.key()
    for method, path in (
        ("GET", "/v1/nothing"), ("PUT", "/v1/assignments"), ("GET", "/v1/assignments/9"),
        ("GET", "/v1/orders"), ("GET", "/v1/events?after=999"), ("GET", "/v1/events?after=x"),
    ):  # fmt: skip
        problem = (await front.asks(token, method, path)).json()
        page, _, code = problem["type"].partition("#")
        assert code == problem["code"]
        text = (await front.client.get(page)).text
        assert f'<tr id="{code}"><td><code>{code}</code></td><td>{problem["status"]}</td>' in text
    codes = [one.code for one in listed()]
    assert len(codes) == len(set(codes)) > 100
    assert all(one.title.endswith((".", "?")) for one in listed())
