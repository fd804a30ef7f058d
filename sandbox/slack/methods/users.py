"""users.*: info, list, lookupByEmail, conversations, profile.get."""

from __future__ import annotations

from sandbox.slack.errors import SlackError
from sandbox.slack.methods.conversations_read import kinds_of, page_of_channels
from sandbox.slack.methods.paging import page
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.objects import user_object
from sandbox.slack.service import SlackService

PAGE = 1000


def users_info(service: SlackService, caller: Caller, args: Args) -> Answer:
    """users.info."""
    user = service.user(args["user"])
    return {"user": user_object(service, user, caller.scopes, locale=bool(args.get("include_locale")))}


def users_list(service: SlackService, caller: Caller, args: Args) -> Answer:
    """users.list: everybody, bots and deactivated accounts too."""
    everybody = list(service.workspace.users.values())
    size = min(max(args.get("limit") or PAGE, 1), PAGE)
    items, following = page(everybody, lambda user: user.id, args.get("cursor", ""), size)
    locale = bool(args.get("include_locale"))
    return {
        "members": [user_object(service, user, caller.scopes, locale=locale) for user in items],
        "cache_ts": service.epoch,
        "response_metadata": {"next_cursor": following},
    }


def users_lookup_by_email(service: SlackService, caller: Caller, args: Args) -> Answer:
    """users.lookupByEmail: active accounts only."""
    wanted = args["email"].casefold()
    for user in service.workspace.users.values():
        if user.email and user.email.casefold() == wanted and not user.deleted:
            return {"user": user_object(service, user, caller.scopes)}
    raise SlackError("users_not_found")


def users_conversations(service: SlackService, caller: Caller, args: Args) -> Answer:
    """users.conversations: those of a person (default: the bot) that the bot sees as well."""
    user = service.user(args.get("user") or caller.user_id)
    kinds = kinds_of(caller, args)
    channels = [
        channel
        for channel in service.workspace.channels_of(user.id)
        if channel.kind in kinds and service.workspace.sees(caller.user_id, channel)
    ]
    return page_of_channels(service, caller, args, channels)


def users_profile_get(service: SlackService, caller: Caller, args: Args) -> Answer:
    """users.profile.get."""
    user = service.user(args.get("user") or caller.user_id)
    return {"profile": user_object(service, user, caller.scopes)["profile"]}


METHODS = table(
    Method("users.info", users_info),
    Method("users.list", users_list),
    Method("users.lookupByEmail", users_lookup_by_email),
    Method("users.conversations", users_conversations),
    Method("users.profile.get", users_profile_get),
)
