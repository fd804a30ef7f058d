"""What every Slack request passes through before its listener: ports and caller."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App, BoltContext, BoltResponse

from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases.roles import caller_of


def install(app: App, ports: Ports) -> None:
    """Make ``ports`` and ``caller`` available to every listener by name."""

    @app.use
    def attach(context: BoltContext, next_: Callable[[], BoltResponse]) -> BoltResponse:
        context["ports"] = ports
        context["caller"] = caller_of(ports, context.user_id) if context.user_id else Caller("")
        return next_()
