"""The control routes: the hand that moves the clock, reads the mail and the record, and makes things fail.

JSON in, JSON out; what cannot be done is refused with 400 and ``{"error": "a sentence"}``.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.clock_control import ClockControl
from sandbox.faults import parse_fault
from sandbox.followers import NotSettledError
from sandbox.stripe import control as stripe

if TYPE_CHECKING:
    from sandbox.server import Sandbox

Data = Mapping[str, Any]
Answer = dict[str, Any]
Act = Callable[[Data], Answer | Awaitable[Answer]]


def control_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """Every control route but those of the Slack people."""
    clock = ClockControl(sandbox.clock, sandbox.followers, sandbox.stripe.webhooks)
    parts = _Parts(sandbox)
    account = sandbox.stripe
    return [
        _get("/clock", clock.show),
        Route("/clock/follow", clock.follow),
        _post("/clock/settled", clock.settled),
        _post("/clock/leave", clock.leave),
        _post("/control/clock/set", clock.set),
        _post("/control/clock/move", clock.move),
        _post("/control/clock/wait_settled", clock.wait_settled),
        _post("/control/clock/freeze", clock.freeze),
        _post("/control/clock/run", clock.run),
        _get("/control/state", parts.state),
        _post("/control/reset", parts.reset),
        _get("/control/record", parts.record),
        _post("/control/record/file", parts.record_file),
        _get("/control/faults", parts.faults),
        _post("/control/faults", parts.add_fault),
        Route("/control/faults", _answering(parts.clear_faults, _query), methods=["DELETE"]),
        _get("/control/mail", parts.mails),
        _get("/control/mail/{n:int}", parts.mail),
        Route("/control/mail/{n:int}/attachments/{i:int}", parts.attachment),
        _post("/control/stripe/pay", lambda data: stripe.pay_session(account, data)),
        _post("/control/stripe/webhook", lambda data: stripe.set_webhook(account, data)),
        _post("/control/stripe/dispute", lambda data: stripe.dispute(account, data)),
        _post("/control/stripe/dispute/close", lambda data: stripe.end_dispute(account, data)),
        _get("/control/stripe/sessions", lambda _: stripe.sessions(account)),
        _get("/control/stripe/state", lambda _: stripe.account(account)),
    ]


class _Parts:
    """The controls of the record, the faults and the mail."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def state(self, _: Data) -> Answer:
        """What runs, and where."""
        return self.sandbox.summary()

    def reset(self, _: Data) -> Answer:
        """Everything as it was at the start; followers and connections stay."""
        self.sandbox.reset()
        return self.sandbox.summary()

    def record(self, data: Data) -> Answer:
        """The calls after ``since``, of one ``method`` or ``service``."""
        lines = self.sandbox.recorder.lines(
            since=int(data.get("since", 0)), method=data.get("method"), service=data.get("service")
        )
        return {"lines": lines}

    def record_file(self, data: Data) -> Answer:
        """Write the record to {"path"} from now on, with all so far."""
        path = data.get("path")
        if not isinstance(path, str) or not path:
            raise ValueError("path is missing")
        return {"path": path, "written": self.sandbox.recorder.write_to(Path(path))}

    def faults(self, _: Data) -> Answer:
        """The switches that are on."""
        return {"faults": self.sandbox.faults.answer()}

    def add_fault(self, data: Data) -> Answer:
        """Switch a fault on."""
        self.sandbox.faults.add(parse_fault(data))
        return self.faults(data)

    def clear_faults(self, data: Data) -> Answer:
        """Switch all faults off."""
        self.sandbox.faults.clear()
        return self.faults(data)

    def mails(self, data: Data) -> Answer:
        """The mail received, oldest first; ``to`` for one address."""
        mailbox = self.sandbox.mailbox
        return {"mail": [mailbox.answer(mail) for mail in mailbox.mails(data.get("to"))]}

    def mail(self, data: Data) -> Answer:
        """One mail, with its whole source."""
        mail = self.sandbox.mailbox.mail(data["n"])
        return {**self.sandbox.mailbox.answer(mail), "source": mail.message.as_string()}

    async def attachment(self, request: Request) -> Response:
        """The bytes of one attachment."""
        try:
            mail = self.sandbox.mailbox.mail(request.path_params["n"])
            _, media_type, content = mail.attachments()[request.path_params["i"]]
        except LookupError:
            return JSONResponse({"error": "there is no such attachment"}, 400)
        return Response(content, media_type=media_type)


def _get(path: str, act: Act) -> Route:
    return Route(path, _answering(act, _query), methods=["GET"])


def _post(path: str, act: Act) -> Route:
    return Route(path, _answering(act, _body), methods=["POST"])


def _answering(act: Act, read: Callable[[Request], Awaitable[Data]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            result = act(await read(request))
            return JSONResponse(await result if isawaitable(result) else result)
        except NotSettledError as late:
            return JSONResponse({"error": str(late)}, 504)
        except (ValueError, TypeError, LookupError, OSError) as refusal:
            return JSONResponse({"error": str(refusal)}, 400)

    return answer


async def _query(request: Request) -> Data:
    return {**request.query_params, **request.path_params}


async def _body(request: Request) -> Data:
    try:
        body = json.loads(await request.body() or b"{}")
    except json.JSONDecodeError as error:
        raise ValueError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise TypeError("the body must be a JSON object")
    return body
