"""The judge of blocks and views: every limit at its edge, every structure that Slack refuses."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk

from sandbox.slack.block_kit import check_blocks, check_message, check_view, view_too_large


def plain(text="a"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="a"):
    return {"type": "mrkdwn", "text": text}


def option(text="a", value="v", **more):
    return {"text": plain(text), "value": value, **more}


def options(count):
    return [option(value=str(number)) for number in range(count)]


def button(**more):
    return {"type": "button", "text": plain(), **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def field(element, **more):
    return {"type": "input", "label": plain(), "element": element, **more}


def section(**more):
    return {"type": "section", **more}


def menu(kind="static_select", **more):
    return {"type": kind, "options": options(2), **more}


def buttons(count):
    return [button(action_id=str(number)) for number in range(count)]


def table(rows, columns):
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * columns] * rows}


CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()}
IMAGE = {"type": "image", "image_url": "https://x.fr/a.png", "alt_text": "un plan"}

# What is fine, and what a step further is refused: (the block, the part that the complaint is about).
EDGES = [
    (section(text=mrkdwn("x" * 3000)), section(text=mrkdwn("x" * 3001)), "/text/text"),
    (section(text=mrkdwn("x")), section(text=mrkdwn("")), "/text/text"),
    (section(fields=[mrkdwn("x" * 2000)] * 10), section(fields=[mrkdwn()] * 11), "/fields"),
    (section(fields=[mrkdwn()]), section(fields=[mrkdwn("x" * 2001)]), "/fields/0/text"),
    (section(text=plain()), section(), ""),
    (section(text=plain()), section(text="a"), "/text"),
    (section(text=plain()), section(text=plain(), colour="red"), ""),
    ({"type": "header", "text": plain("x" * 150)}, {"type": "header", "text": plain("x" * 151)}, "/text/text"),
    ({"type": "header", "text": plain()}, {"type": "header", "text": mrkdwn()}, "/text"),
    ({"type": "divider", "block_id": "x" * 255}, {"type": "divider", "block_id": "x" * 256}, "/block_id"),
    (
        {"type": "context", "elements": [mrkdwn()] * 10},
        {"type": "context", "elements": [mrkdwn()] * 11},
        "/elements",
    ),
    (
        {"type": "context", "elements": [IMAGE]},
        {"type": "context", "elements": [button()]},
        "/elements/0/type",
    ),
    (actions(*buttons(25)), actions(*buttons(26)), "/elements"),
    (actions(button()), actions(), "/elements"),
    (actions(button(text=plain("x" * 75))), actions(button(text=plain("x" * 76))), "/elements/0/text/text"),
    (actions(button()), actions(button(text=mrkdwn())), "/elements/0/text"),
    (actions(button(value="x" * 2000)), actions(button(value="x" * 2001)), "/elements/0/value"),
    (actions(button(action_id="x" * 255)), actions(button(action_id="x" * 256)), "/elements/0/action_id"),
    (actions(button(url="https://x.fr")), actions(button(url="x.fr")), "/elements/0/url"),
    (actions(button(style="danger")), actions(button(style="red")), "/elements/0/style"),
    (
        actions(button(accessibility_label="x" * 75)),
        actions(button(accessibility_label="x" * 76)),
        "/elements/0/accessibility_label",
    ),
    (
        actions(button(confirm=CONFIRM)),
        actions(button(confirm={**CONFIRM, "confirm": plain("x" * 31)})),
        "/elements/0/confirm/confirm/text",
    ),
    (
        actions(button(confirm={**CONFIRM, "text": mrkdwn("x" * 300)})),
        actions(button(confirm={**CONFIRM, "text": mrkdwn("x" * 301)})),
        "/elements/0/confirm/text/text",
    ),
    (
        actions(button(action_id="a"), button(action_id="b")),
        actions(*[button(action_id="a")] * 2),
        "/elements/1/action_id",
    ),
    (actions(menu(options=options(100))), actions(menu(options=options(101))), "/elements/0/options"),
    (actions(menu()), actions(menu(option_groups=[{"label": plain(), "options": options(1)}])), "/elements/0"),
    (actions(menu()), actions({"type": "static_select"}), "/elements/0"),
    (
        actions(menu(options=[option("x" * 75, "v" * 150)])),
        actions(menu(options=[option("x" * 76)])),
        "/elements/0/options/0/text/text",
    ),
    (actions(menu()), actions(menu(options=[option(value="v" * 151)])), "/elements/0/options/0/value"),
    (
        actions(menu(initial_option=option(value="1"))),
        actions(menu(initial_option=option(value="9"))),
        "/elements/0/initial_option",
    ),
    (
        actions(menu(placeholder=plain("x" * 150))),
        actions(menu(placeholder=plain("x" * 151))),
        "/elements/0/placeholder/text",
    ),
    (
        actions(menu("overflow", options=options(5))),
        actions(menu("overflow", options=options(6))),
        "/elements/0/options",
    ),
    (
        actions(menu("radio_buttons", options=options(10))),
        actions(menu("radio_buttons", options=options(11))),
        "/elements/0/options",
    ),
    (
        actions(menu("checkboxes", initial_options=options(1))),
        actions(menu("checkboxes", initial_options=[option("z")])),
        "/elements/0/initial_options",
    ),
    (
        actions({"type": "datepicker", "initial_date": "2026-02-28"}),
        actions({"type": "datepicker", "initial_date": "2026-02-30"}),
        "/elements/0/initial_date",
    ),
    (
        actions({"type": "timepicker", "initial_time": "09:30", "timezone": "Europe/Paris"}),
        actions({"type": "timepicker", "initial_time": "9:30"}),
        "/elements/0/initial_time",
    ),
    (
        actions({"type": "datetimepicker", "initial_date_time": 1772442000}),
        actions({"type": "datetimepicker", "initial_date_time": 1772442}),
        "/elements/0/initial_date_time",
    ),
    (
        section(text=plain(), accessory=menu("multi_static_select")),
        actions(menu("multi_static_select")),
        "/elements/0/type",
    ),
    (
        actions({"type": "datetimepicker"}),
        section(text=plain(), accessory={"type": "datetimepicker"}),
        "/accessory/type",
    ),
    (field({"type": "plain_text_input"}), actions({"type": "plain_text_input"}), "/elements/0/type"),
    (actions(button()), field(button()), "/element/type"),
    (
        field({"type": "plain_text_input", "max_length": 3000}),
        field({"type": "plain_text_input", "max_length": 3001}),
        "/element/max_length",
    ),
    (
        field({"type": "plain_text_input", "min_length": 5, "max_length": 5}),
        field({"type": "plain_text_input", "min_length": 6, "max_length": 5}),
        "/element",
    ),
    (
        field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
        field({"type": "number_input", "min_value": "1"}),
        "/element",
    ),
    (
        field({"type": "number_input", "is_decimal_allowed": True, "min_value": "1.5", "max_value": "2"}),
        field({"type": "number_input", "is_decimal_allowed": True, "min_value": "3", "max_value": "2"}),
        "/element",
    ),
    (field({"type": "email_text_input"}), field({"type": "email_text_input", "multiline": True}), "/element"),
    (field(menu(), label=plain("x" * 2000)), field(menu(), label=plain("x" * 2001)), "/label/text"),
    (field(menu(), hint=plain()), field(menu(), hint=mrkdwn()), "/hint"),
    (IMAGE, {key: value for key, value in IMAGE.items() if key != "alt_text"}, ""),
    (IMAGE, {"type": "image", "alt_text": "a"}, ""),
    (IMAGE | {"alt_text": "x" * 2000}, IMAGE | {"alt_text": "x" * 2001}, "/alt_text"),
    (table(100, 20), table(101, 20), "/rows"),
    (table(1, 20), table(1, 21), "/rows/0"),
    (
        {"type": "markdown", "text": "x" * 12_000},
        {"type": "markdown", "text": "x" * 12_001},
        "/text",
    ),
]


@pytest.mark.parametrize(("fine", "bad", "part"), EDGES)
def test_one_step_over_the_edge_is_refused_where_it_happens(fine, bad, part):
    assert check_blocks([fine], "message") == []
    complaints = check_blocks([bad], "message")
    assert complaints, bad
    assert any(complaint.endswith(f"[json-pointer:/blocks/0{part}]") for complaint in complaints), complaints


def test_counts_of_blocks_differ_by_surface():
    assert check_blocks([{"type": "divider"}] * 50, "message") == []
    assert check_blocks([{"type": "divider"}] * 51, "message") == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert check_blocks([{"type": "divider"}] * 100, "home") == []
    assert len(check_blocks([{"type": "divider"}] * 101, "modal")) == 1


def test_block_ids_are_unique_and_action_ids_within_their_block():
    twins = [{"type": "divider", "block_id": "b"}] * 2
    assert check_blocks(twins, "message") == ["Block ID needs to be unique [json-pointer:/blocks/1/block_id]"]
    assert check_blocks([actions(button(action_id="a"))] * 2, "message") == []


def test_sums_over_a_message():
    half = {"type": "markdown", "text": "x" * 6001}
    assert len(check_blocks([half, half], "message")) == 1
    assert check_blocks([table(1, 1)] * 2, "message") == [
        "only one table is allowed in a message [json-pointer:/blocks/1]"
    ]
    ragged = {"type": "table", "rows": [*table(1, 1)["rows"], *table(1, 2)["rows"]]}
    assert len(check_blocks([ragged], "message")) == 1


@pytest.mark.parametrize("surface", ["modal", "home"])
@pytest.mark.parametrize("block", [{"type": "markdown", "text": "a"}, table(1, 1)])
def test_some_blocks_are_for_messages_only(surface, block):
    assert check_blocks([block], "message") == []
    assert "unsupported type" in check_blocks([block], surface)[0]


@pytest.mark.parametrize("block", [{"type": "video"}, {"type": "carousel"}, {}, "text", None])
def test_unknown_things_are_unsupported(block):
    assert len(check_blocks([block], "message")) == 1


def test_file_input_is_for_modals():
    blocks = [field({"type": "file_input", "filetypes": ["pdf"], "max_files": 10})]
    assert check_blocks(blocks, "modal") == []
    assert len(check_blocks(blocks, "message")) == 1
    assert len(check_blocks([field({"type": "file_input", "max_files": 11})], "modal")) == 1


def modal(*blocks, **more):
    return {"type": "modal", "title": plain(), "blocks": list(blocks) or [{"type": "divider"}], **more}


@pytest.mark.parametrize(
    ("fine", "bad", "part"),
    [
        (modal(title=plain("x" * 24)), modal(title=plain("x" * 25)), "/title/text"),
        (modal(submit=plain("x" * 24)), modal(submit=plain("x" * 25)), "/submit/text"),
        (modal(close=plain("x" * 24)), modal(close=plain("x" * 25)), "/close/text"),
        (modal(title=plain()), modal(title=mrkdwn()), "/title"),
        (modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001), "/private_metadata"),
        (modal(callback_id="x" * 255), modal(callback_id="x" * 256), "/callback_id"),
        (modal(external_id="x" * 255), modal(external_id="x" * 256), "/external_id"),
        (modal(field(menu()), submit=plain()), modal(field(menu())), "/submit"),
        (modal(notify_on_close=True), modal(notify_on_close="yes"), "/notify_on_close"),
        (modal(), modal() | {"blocks": []}, "/blocks"),
        (modal(), {"type": "modal", "blocks": [{"type": "divider"}]}, ""),
        (modal(), modal() | {"type": "dialog"}, "/type"),
        ({"type": "home", "blocks": [field(menu())]}, modal(submit=plain()) | {"type": "home"}, ""),
    ],
)
def test_views(fine, bad, part):
    assert check_view(fine) == []
    complaints = check_view(bad)
    assert any(complaint.endswith(f"[json-pointer:/view{part}]") for complaint in complaints), complaints


def test_one_focus_in_a_view():
    focused = field({"type": "plain_text_input", "focus_on_load": True})
    assert check_view(modal(focused, submit=plain())) == []
    assert len(check_view(modal(focused, focused, submit=plain()))) == 1


def test_the_size_of_a_view():
    assert not view_too_large(modal())
    assert view_too_large(modal(*[section(text=plain("é" * 3000))] * 42))


def test_a_message_without_text_is_not_the_judges_business():
    assert check_message({"blocks": [{"type": "divider"}]}) == []
    assert check_message({"text": 5}) == ["must provide a string [json-pointer:/text]"]
    assert len(check_message("a")) == 1


def test_what_the_official_models_build_is_accepted():
    choices = [sdk.Option(value="1", label="un", description="le premier"), sdk.Option(value="2", label="deux")]
    confirm = sdk.ConfirmObject(title="Sûr ?", text="Vraiment.", confirm="Oui", deny="Non")
    built = [
        sdk.HeaderBlock(text="Titre"),
        sdk.SectionBlock(text="*un*", accessory=sdk.ButtonElement(text="Voir", action_id="see", confirm=confirm)),
        sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="_petit_")]),
        sdk.ActionsBlock(
            elements=[
                sdk.StaticSelectElement(placeholder="Choisir", action_id="s", options=choices),
                sdk.OverflowMenuElement(action_id="o", options=choices),
                sdk.DatePickerElement(action_id="d", initial_date="2026-03-02"),
                sdk.TimePickerElement(action_id="t", initial_time="10:00"),
            ]
        ),
        sdk.InputBlock(label="Texte", element=sdk.PlainTextInputElement(action_id="p", multiline=True)),
        sdk.InputBlock(label="Nombre", element=sdk.NumberInputElement(action_id="n", is_decimal_allowed=False)),
        sdk.InputBlock(label="Choix", element=sdk.RadioButtonsElement(action_id="r", options=choices)),
        sdk.RichTextBlock(
            elements=[
                sdk.RichTextSectionElement(elements=[sdk.RichTextElementParts.Text(text="a")]),
                sdk.RichTextListElement(
                    style="bullet",
                    elements=[sdk.RichTextSectionElement(elements=[sdk.RichTextElementParts.User(user_id="U1")])],
                ),
            ]
        ),
        sdk.DividerBlock(),
    ]
    assert check_blocks([block.to_dict() for block in built], "message") == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = ("text", "accessory", "elements", "element", "rows", "label", "block_id", "type")


@given(st.sampled_from([fine for fine, _, _ in EDGES]), st.sampled_from(PARTS), ANYTHING)
def test_no_payload_makes_the_judge_fall(fine, part, junk):
    spoiled = copy.deepcopy(fine)
    spoiled[part] = junk
    for surface in ("message", "modal", "home"):
        assert all("[json-pointer:" in complaint for complaint in check_blocks([spoiled], surface))
    check_view(modal(spoiled) | {part: junk})
    check_blocks(junk, "message")


def test_blocks_validate_needs_no_token(world):
    client = world.client_with(None)
    assert client.api_call("blocks.validate", json={"blocks": [{"type": "divider"}]})["ok"]
    refused = world.refused("blocks.validate", token="", view=modal(field(menu())))
    assert refused["error"] == "invalid_view"
    assert "[json-pointer:/view/submit]" in refused["errors"][0]
    assert world.refused("blocks.validate", token="")["error"] == "invalid_arguments"
