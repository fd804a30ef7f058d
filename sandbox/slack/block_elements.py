"""The shapes of Block Kit's elements, with Slack's limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from sandbox.slack.block_judge import (
    Check,
    Judge,
    Shape,
    array,
    boolean,
    integer,
    matching,
    one_of,
    plain_text,
    string,
)
from sandbox.slack.block_objects import (
    CHOICE_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    IDENTIFIER,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLACEHOLDER,
    SELECT_OPTION,
    URL,
    is_date,
    is_number,
    is_time,
)

Value = Any


def _listed_options(value: dict[str, Any]) -> list[Any]:
    groups = value.get("option_groups")
    sources = [g for g in groups if isinstance(g, dict)] if isinstance(groups, list) else [value]
    return [option for source in sources for option in source.get("options") or []]


def _initial_is_listed(judge: Judge, value: Value, pointer: str) -> None:
    listed = _listed_options(value)
    chosen = [("initial_option", value["initial_option"])] if value.get("initial_option") else []
    initials = value.get("initial_options")
    chosen += [("initial_options", option) for option in initials] if isinstance(initials, list) else []
    for name, option in chosen:
        if option not in listed:
            judge.complain("must match exactly one of the options", f"{pointer}/{name}")


def _one_option_source(judge: Judge, value: Value, pointer: str) -> None:
    if (value.get("options") is None) == (value.get("option_groups") is None):
        judge.complain("must define either `options` or `option_groups`", pointer)
    _initial_is_listed(judge, value, pointer)


def _lengths_agree(judge: Judge, value: Value, pointer: str) -> None:
    low, high = value.get("min_length"), value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        judge.complain("min_length must not exceed max_length", pointer)


def _bounds_agree(judge: Judge, value: Value, pointer: str) -> None:
    low, high = value.get("min_value"), value.get("max_value")
    both = isinstance(low, str) and isinstance(high, str) and is_number(low) and is_number(high)
    if both and float(low) > float(high):
        judge.complain("min_value must not exceed max_value", pointer)


def _element(
    kind: str,
    optional: Mapping[str, Check] | None = None,
    *,
    required: Mapping[str, Check] | None = None,
    rule: Check | None = None,
) -> Shape:
    common: dict[str, Check] = {"action_id": IDENTIFIER}
    return Shape({"type": one_of(kind), **(required or {})}, {**common, **(optional or {})}, rule)


IDS = array(IDENTIFIER, 100)
NUMBER = matching(is_number, "must be a number written as a string")
FOCUS: dict[str, Check] = {"focus_on_load": boolean}
CONFIRMED: dict[str, Check] = {"confirm": CONFIRM}
LABELLED: dict[str, Check] = {"accessibility_label": string(75)}
FIELD: dict[str, Check] = {**FOCUS, "placeholder": PLACEHOLDER}
MENU: dict[str, Check] = {**FIELD, **CONFIRMED}
MULTI: dict[str, Check] = {**MENU, "max_selected_items": integer(1, 100)}
STATIC: dict[str, Check] = {"options": array(SELECT_OPTION, 100), "option_groups": array(OPTION_GROUP, 100)}
EXTERNAL: dict[str, Check] = {"min_query_length": integer(0, 1000)}
FIRST_OPTION: dict[str, Check] = {"initial_option": SELECT_OPTION}
FIRST_OPTIONS: dict[str, Check] = {"initial_options": array(SELECT_OPTION, 100)}
CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": CONVERSATION_FILTER}
ANSWERS: dict[str, Check] = {"response_url_enabled": boolean}
TYPED_IN: dict[str, Check] = {**FIELD, "dispatch_action_config": DISPATCH_CONFIG}
ADDRESS: dict[str, Check] = {**TYPED_IN, "initial_value": string(3000, 0)}
CHOICES: dict[str, Check] = {"options": array(CHOICE_OPTION, 10)}
BUTTON_TEXT: dict[str, Check] = {"text": plain_text(75)}
FEEDBACK = Shape({**BUTTON_TEXT, "value": string(2000)}, LABELLED)
BUTTON: dict[str, Check] = {
    **CONFIRMED,
    **LABELLED,
    "url": URL,
    "value": string(2000),
    "style": one_of("primary", "danger"),
}
TEXT_FIELD: dict[str, Check] = {
    **ADDRESS,
    "multiline": boolean,
    "min_length": integer(0, 3000),
    "max_length": integer(1, 3000),
}
NUMBER_FIELD: dict[str, Check] = {**TYPED_IN, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER}
TIME: dict[str, Check] = {
    **MENU,
    "initial_time": matching(is_time, "must be a time HH:mm"),
    "timezone": matching(lambda zone: zone in available_timezones(), "must be an IANA timezone"),
}
DATE: dict[str, Check] = {**MENU, "initial_date": matching(is_date, "must be a date YYYY-MM-DD")}
MOMENT: dict[str, Check] = {**FOCUS, **CONFIRMED, "initial_date_time": integer(10**9, 10**10 - 1)}
FILES: dict[str, Check] = {"filetypes": array(string(20), 100), "max_files": integer(1, 10)}
ICON: dict[str, Check] = {**CONFIRMED, **LABELLED, "value": string(2000), "visible_to_user_ids": IDS}

SELECTS: dict[str, Check] = {
    "static_select": _element("static_select", {**MENU, **STATIC, **FIRST_OPTION}, rule=_one_option_source),
    "external_select": _element("external_select", {**MENU, **EXTERNAL, **FIRST_OPTION}),
    "users_select": _element("users_select", {**MENU, "initial_user": IDENTIFIER}),
    "channels_select": _element("channels_select", {**MENU, **ANSWERS, "initial_channel": IDENTIFIER}),
    "conversations_select": _element(
        "conversations_select", {**MENU, **CONVERSATIONS, **ANSWERS, "initial_conversation": IDENTIFIER}
    ),
    "multi_static_select": _element(
        "multi_static_select", {**MULTI, **STATIC, **FIRST_OPTIONS}, rule=_one_option_source
    ),
    "multi_external_select": _element("multi_external_select", {**MULTI, **EXTERNAL, **FIRST_OPTIONS}),
    "multi_users_select": _element("multi_users_select", {**MULTI, "initial_users": IDS}),
    "multi_channels_select": _element("multi_channels_select", {**MULTI, "initial_channels": IDS}),
    "multi_conversations_select": _element(
        "multi_conversations_select", {**MULTI, **CONVERSATIONS, "initial_conversations": IDS}
    ),
}
ELEMENTS: dict[str, Check] = {
    **SELECTS,
    "button": _element("button", BUTTON, required=BUTTON_TEXT),
    "overflow": _element("overflow", CONFIRMED, required={"options": array(OVERFLOW_OPTION, 5)}),
    "checkboxes": _element(
        "checkboxes",
        {**FOCUS, **CONFIRMED, "initial_options": array(CHOICE_OPTION, 10)},
        required=CHOICES,
        rule=_initial_is_listed,
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {**FOCUS, **CONFIRMED, "initial_option": CHOICE_OPTION},
        required=CHOICES,
        rule=_initial_is_listed,
    ),
    "datepicker": _element("datepicker", DATE),
    "timepicker": _element("timepicker", TIME),
    "datetimepicker": _element("datetimepicker", MOMENT),
    "plain_text_input": _element("plain_text_input", TEXT_FIELD, rule=_lengths_agree),
    "number_input": _element(
        "number_input", NUMBER_FIELD, required={"is_decimal_allowed": boolean}, rule=_bounds_agree
    ),
    "email_text_input": _element("email_text_input", ADDRESS),
    "url_text_input": _element("url_text_input", ADDRESS),
    "file_input": _element("file_input", FILES),
    "feedback_buttons": _element(
        "feedback_buttons", required={"positive_button": FEEDBACK, "negative_button": FEEDBACK}
    ),
    "icon_button": _element("icon_button", ICON, required={**BUTTON_TEXT, "icon": one_of("trash")}),
}
