"""The button of each risk of the Monday report: a word to whom it concerns."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice, show
from handlers.ids import Action, Callback
from handlers.payloads import RiskShown, action_value, form_values
from handlers.views.reports import PREPARED, word_form
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules.risks import RiskKind
from programme.usecases import risk_words
from programme.usecases.risk_words import RiskAt


def register(app: App) -> None:
    """Listen to the risks' buttons."""
    app.action(Action.ACT_ON_RISK)(word_opened)
    app.view(Callback.RISK_WORD)(word_sent)


def word_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show the word that is prepared for this risk, to be changed before it leaves."""
    ack()
    shown = RiskShown.model_validate_json(action_value(body))
    label = risk_words.addressee(ports, caller=caller, risk=_risk(shown))
    prepared = ports.content.sentence(PREPARED[RiskKind(shown.kind)])
    show(word_form(shown, label, prepared), body=body, client=client)


def word_sent(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Send it under the caller's name."""
    shown = RiskShown.model_validate_json(view["private_metadata"])
    risk_words.send(ports, caller=caller, risk=_risk(shown), text=form_values(view)["word"])
    ack(response_action="update", view=notice(ports.content.sentence("risk_word_sent")).to_dict())


def _risk(shown: RiskShown) -> RiskAt:
    return RiskAt(shown.week, shown.group_id, RiskKind(shown.kind), shown.member_user)
