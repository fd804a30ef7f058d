"""auth.test and bots.info: who the app is. blocks.validate: what Slack thinks of blocks, without a token."""

from __future__ import annotations

from sandbox.slack.block_kit import check_blocks, check_message, check_view
from sandbox.slack.errors import SlackError
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.service import SlackService


def auth_test(service: SlackService, caller: Caller, _args: Args) -> Answer:
    """auth.test."""
    team, bot = service.workspace.team, service.workspace.bot
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": bot.name,
        "team_id": team.id,
        "user_id": caller.user_id,
        "bot_id": caller.app.bot_id,
        "is_enterprise_install": False,
    }


def bots_info(service: SlackService, caller: Caller, args: Args) -> Answer:
    """bots.info: the only bot here is the app's own."""
    if args.get("bot", caller.app.bot_id) != caller.app.bot_id:
        raise SlackError("bot_not_found")
    bot = {
        "id": caller.app.bot_id,
        "deleted": False,
        "name": caller.app.name,
        "updated": service.workspace.bot.updated,
        "app_id": caller.app.app_id,
        "user_id": caller.app.bot_user_id,
        "icons": {},
    }
    return {"bot": bot}


def blocks_validate(_service: SlackService, _caller: Caller, args: Args) -> Answer:
    """blocks.validate: exactly one of blocks, message and view."""
    given = [name for name in ("blocks", "message", "view") if name in args]
    if len(given) != 1:
        complaint = "must provide exactly one of blocks, message, view"
        raise SlackError("invalid_arguments", messages=[complaint])
    name = given[0]
    checks = {"message": check_message, "view": check_view}
    complaints = check_blocks(args["blocks"], "message") if name == "blocks" else checks[name](args[name])
    if complaints:
        raise SlackError(f"invalid_{name}", messages=complaints, errors=complaints)
    return {}


METHODS = table(
    Method("auth.test", auth_test),
    Method("bots.info", bots_info),
    Method("blocks.validate", blocks_validate, "none"),
)
