"""What every endpoint of the people's side shares: strict bodies, and refusals as `{error}`."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground import acts
from playground.acts import Done
from playground.errors import ApiError, PhoneError
from playground.world import World

Endpoint = Callable[[World, Request], Awaitable[Response]]
LONGEST_WAIT = 60.0


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


Asked = TypeVar("Asked", bound=Strict)


def routed(world: World, path: str, endpoint: Endpoint, method: str) -> Route:
    """One route whose refusals become `{error}`."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(world, request)
        except PhoneError as error:
            return JSONResponse({"error": error.sentence}, error.status)
        except ApiError as error:
            return JSONResponse({"error": error.description}, 400)
        except (ValidationError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return Route(path, guarded, methods=[method])


async def asked(request: Request, model: type[Asked]) -> Asked:
    return model.model_validate_json(await request.body())


def whose(world: World, request: Request) -> int:
    person_id = int(request.path_params["person"])
    acts.someone(world, person_id)
    return person_id


def wait_asked(request: Request) -> float:
    return min(LONGEST_WAIT, max(0.0, float(request.query_params.get("wait", "0"))))


def done(world: World, acts_done: list[Done]) -> Response:
    updates = [number for one in acts_done for number in one.update_ids]
    return JSONResponse(
        {
            "message": world.messages.for_phone(acts_done[-1].message),
            "update_id": updates[-1] if updates else None,
            "update_ids": updates,
            "seq": acts_done[0].seq,
        }
    )
