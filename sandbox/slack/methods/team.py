"""team.info."""

from __future__ import annotations

from sandbox.slack.errors import SlackError
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.service import SlackService


def team_info(service: SlackService, _caller: Caller, args: Args) -> Answer:
    """team.info."""
    team = service.workspace.team
    if args.get("team", team.id) != team.id:
        raise SlackError("team_not_found")
    address = f"https://{team.domain}.slack.com/"
    body = {"id": team.id, "name": team.name, "domain": team.domain, "url": address, "email_domain": ""}
    return {"team": body | {"icon": {"image_default": True}}}


METHODS = table(Method("team.info", team_info))
