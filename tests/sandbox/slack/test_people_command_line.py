"""``bilan-sandbox`` in a terminal, against a whole sandbox with a Bolt app connected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from typer.testing import CliRunner

from sandbox.background import RunningSandbox, running_sandbox
from sandbox.cli import app
from sandbox.cli_client import CommandError, parse_duration

Run = Callable[..., str]


@pytest.fixture(scope="module")
def _world() -> Iterator[RunningSandbox]:
    with running_sandbox() as world:
        yield world


@pytest.fixture
def world(_world: RunningSandbox) -> RunningSandbox:
    """A fresh sandbox to which no app is connected."""
    _world.on_loop(_world.sandbox.reset)
    return _world


@pytest.fixture
def run(world: RunningSandbox) -> Run:
    """Runs a command line; gives its output."""

    def run_it(*words: str, status: int = 0) -> str:
        result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["--url", world.base_url, *words])
        assert result.exit_code == status, result.output
        return result.output

    return run_it


@pytest.fixture
def script(world: RunningSandbox, new_bot: Any, until: Any, end: Any) -> Iterator[Any]:
    """A Bolt app connected to the world."""
    bot = new_bot(world)
    handler = SocketModeHandler(bot.app, "xapp-sandbox")
    handler.connect()
    until(lambda: world.sandbox.delivery.socket.connections)
    yield bot
    hang_up = world.sandbox.delivery.socket.close
    end(handler, lambda: asyncio.run_coroutine_threadsafe(hang_up(), world.loop).result(10))


def test_a_form_from_the_command_to_its_receipt(run: Run, script: Any, modal: Any) -> None:
    @script.on("command")
    def _(ack: Any, body: Any, client: Any, _respond: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    @script.on("view")
    def _(ack: Any, body: Any, client: Any, _respond: Any) -> None:
        ack()
        channel = client.conversations_open(users=body["user"]["id"])["channel"]["id"]
        first_name = body["view"]["state"]["values"]["name"]["first_name"]["value"]
        client.chat_postMessage(channel=channel, text=f"Merci [b]{first_name}[/b]")

    assert "Profil" in run("type", "Claire", "/demo")
    assert "Prénom : Ce champ est obligatoire." in run("submit", "Claire")
    assert "Zoé" in run("fill", "Claire", "Prénom=Zoé")
    shown = run("press", "Claire", "Valider")
    assert "La fenêtre est fermée." in shown
    assert "Merci [b]Zoé[/b]" in run("read", "Claire")
    assert "Merci [b]Zoé[/b]" in run("read", "Claire", "bot")


def test_errors_are_sentences(run: Run, world: RunningSandbox) -> None:
    assert "Aucune fenêtre n’est ouverte devant Claire Martin." in run("submit", "Claire", status=1)
    assert "écrivez CHAMP=RÉPONSE" in run("fill", "Claire", "Prénom", status=1)
    assert "dispatch_failed" in run("type", "Claire", "/demo")
    result = CliRunner().invoke(app, ["--url", "http://127.0.0.1:9", "people"])
    assert (result.exit_code, "bilan-sandbox serve" in result.output.replace("\n", " ")) == (1, True)


def test_people_talk_and_share(run: Run, tmp_path: Path) -> None:
    assert "Élise Bernard" in run("people")
    assert "bonjour" in run("say", "Claire", "general", "bonjour à toutes et à tous")
    letter = tmp_path / "lettre.txt"
    letter.write_text("Madame, Monsieur", encoding="utf-8")
    assert "Fichier : lettre.txt (16 octets)" in run("upload", "Claire", "general", str(letter), "--text", "ma lettre")
    shown = run("read", "Thomas")
    assert "general (public, non lus : 2)" in shown
    assert "ma lettre" in shown
    assert "L’application n’a rien publié." in run("home", "Claire")


def test_the_clock(run: Run, world: RunningSandbox) -> None:
    assert "Il est 15/03/2027" in run("clock", "set", "2027-03-15T12:30+00:00")
    before = world.sandbox.clock.now()
    assert "Il est 17/03/2027" in run("clock", "move", "2d3h")
    assert (world.sandbox.clock.now() - before).total_seconds() >= 51 * 3600
    assert "Rien n’est prévu" in run("clock", "next")
    assert "Il est 17/03/2027" in run("clock")
    assert "n’est pas une durée" in run("clock", "move", "demain", status=1)
    assert "n’est pas un instant" in run("clock", "set", "demain", status=1)


@pytest.mark.parametrize(
    ("text", "hours"), [("2d3h", 51), ("1j", 24), ("1sem", 168), ("90min", 1.5), ("1w 30m", 168.5), ("3600s", 1)]
)
def test_durations(text: str, hours: float) -> None:
    assert parse_duration(text).total_seconds() == hours * 3600


@pytest.mark.parametrize("text", ["", "2", "d2", "2x", "-1d"])
def test_no_durations(text: str) -> None:
    with pytest.raises(CommandError):
        parse_duration(text)


def test_faults_and_record(run: Run, tmp_path: Path) -> None:
    assert "Aucune panne." in run("faults")
    run("faults", "add", "slack", "5xx", "--method", "chat.*", "--times", "2")
    assert "chat.*" in run("faults")
    run("faults", "clear")
    assert "Aucune panne." in run("faults")
    file = tmp_path / "appels.jsonl"
    run("record", str(file))
    assert file.exists()
    assert run("mail", "Claire") == ""


def test_paying_follows_the_last_link_on_the_screen(run: Run, world: RunningSandbox) -> None:
    assert "Aucun lien de paiement" in run("pay", "Claire", status=1)
    link = f"{world.base_url}/checkout/cs_test_b2"
    run("say", "Claire", "general", f"{world.base_url}/checkout/cs_test_a1 puis {link}")
    refusal = run("pay", "Claire", status=1)
    assert "cs_test_b2" in refusal


def test_help_is_french(run: Run) -> None:
    assert "Tape une commande." in run("--help")
    assert "--smtp-port" in run("serve", "--help")
