"""``bilan-sandbox``: start the sandbox, and act in it from a terminal as any of its people."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any

import typer

from sandbox.cli_client import DEFAULT_URL, CommandError, SandboxClient
from sandbox.cli_world import clock_app, entries, faults_app, session
from sandbox.settings import Settings

app = typer.Typer(
    help="Le bac à sable : Slack, Stripe, le courrier et une horloge sur cette machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(clock_app, name="clock")
app.add_typer(faults_app, name="faults")

Person = Annotated[str, typer.Argument(metavar="PERSONNE", help="Nom, début du nom, identifiant ou adresse")]
Place = Annotated[str, typer.Argument(metavar="CANAL", help="Nom du canal, ou « bot » pour l’application")]
Url = Annotated[str, typer.Option("--url", envvar="BILAN_SANDBOX_URL", help="Adresse du bac à sable")]


@app.callback()
def main_options(context: typer.Context, url: Url = DEFAULT_URL) -> None:
    """Le bac à sable : Slack, Stripe, le courrier et une horloge sur cette machine."""
    context.obj = SandboxClient(url.rstrip("/"))


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port HTTP")] = Settings.port,
    smtp_port: Annotated[int, typer.Option(help="Port du courrier")] = Settings.smtp_port,
    workspace: Annotated[Path, typer.Option(help="L’espace de travail au départ (YAML)")] = Settings.workspace,
    manifest: Annotated[Path, typer.Option(help="Le manifeste de l’application (YAML)")] = Settings.manifest,
    record: Annotated[Path | None, typer.Option(help="Fichier où noter tous les appels")] = None,
) -> None:
    """Démarre le bac à sable, jusqu’à Ctrl+C."""
    from sandbox.server import run  # noqa: PLC0415 - the client commands need no server

    run(Settings(port=port, smtp_port=smtp_port, workspace=workspace, manifest=manifest, record=record))


@app.command()
def people(context: typer.Context) -> None:
    """Qui est dans l’espace de travail."""
    with session(context) as (sandbox, display):
        display.people(sandbox.get("/control/slack/users")["users"])


@app.command()
def read(
    context: typer.Context,
    person: Person,
    channel: Annotated[str | None, typer.Argument(metavar="[CANAL]")] = None,
    thread: Annotated[str | None, typer.Option(help="Ne lire que ce fil (son identifiant)")] = None,
) -> None:
    """Ce que lit une personne : tout, ou une seule conversation."""
    with session(context) as (sandbox, display):
        if channel is None:
            display.channels(sandbox.get("/control/slack/inbox", person=person)["channels"])
            display.view(sandbox.get("/control/slack/view", person=person)["modal"])
            return
        where: dict[str, Any] = {"to_bot": 1} if channel == "bot" else {"channel": channel}
        answer = sandbox.get("/control/slack/messages", person=person, thread_ts=thread, **where)
        display.messages(answer["messages"])


@app.command("type")
def type_command(
    context: typer.Context,
    person: Person,
    command: Annotated[str, typer.Argument(metavar="COMMANDE", help="Par exemple « /bilan aide »")],
    channel: Annotated[str | None, typer.Option(help="Où la taper (sinon : auprès de l’application)")] = None,
) -> None:
    """Tape une commande."""
    with session(context) as (sandbox, display):
        display.act(sandbox.post("/control/slack/command", person=person, command=command, channel=channel, wait=2))


@app.command()
def press(
    context: typer.Context,
    person: Person,
    label: Annotated[str, typer.Argument(metavar="BOUTON", help="Le texte du bouton, ou son début")],
    choose: Annotated[str | None, typer.Option(help="Ce qu’il faut choisir, si ce n’est pas un bouton")] = None,
    decline: Annotated[bool, typer.Option("--decline", help="Refuser la confirmation demandée")] = False,
) -> None:
    """Appuie sur un bouton de la fenêtre ouverte, du dernier message qui le porte, ou de l’accueil."""
    with session(context) as (sandbox, display):
        confirm = False if decline else None
        body = {"person": person, "label": label, "selected": choose, "confirm": confirm, "wait": 2}
        display.act(sandbox.post("/control/slack/press", **body))


@app.command()
def fill(
    context: typer.Context,
    person: Person,
    answers: Annotated[list[str], typer.Argument(metavar="CHAMP=RÉPONSE…", help="@fichier pour joindre un fichier")],
) -> None:
    """Remplit des champs de la fenêtre ouverte ; un champ répété reçoit plusieurs choix."""
    with session(context) as (sandbox, display):
        values: dict[str, Any] = {}
        for answer in answers:
            name, equals, value = answer.partition("=")
            if not equals:
                raise CommandError(f"« {answer} » : écrivez CHAMP=RÉPONSE.")
            found = _file(value) if value.startswith("@") and Path(value[1:]).is_file() else value
            values[name] = [*_as_list(values[name]), found] if name in values else found
        display.act(sandbox.post("/control/slack/fill", person=person, values=values))


@app.command()
def submit(context: typer.Context, person: Person) -> None:
    """Envoie la fenêtre ouverte."""
    with session(context) as (sandbox, display):
        display.act(sandbox.post("/control/slack/submit", person=person, wait=2))


@app.command()
def close(context: typer.Context, person: Person) -> None:
    """Ferme la fenêtre ouverte."""
    with session(context) as (sandbox, display):
        display.act(sandbox.post("/control/slack/close", person=person))


@app.command()
def say(
    context: typer.Context,
    person: Person,
    channel: Place,
    text: Annotated[str, typer.Argument(metavar="TEXTE")],
    thread: Annotated[str | None, typer.Option(help="Répondre dans ce fil (son identifiant)")] = None,
) -> None:
    """Écrit dans une conversation."""
    with session(context) as (sandbox, display):
        answer = sandbox.post("/control/slack/message", person=person, text=text, thread_ts=thread, **_where(channel))
        display.messages([answer["message"]])


@app.command()
def upload(
    context: typer.Context,
    person: Person,
    channel: Place,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False)],
    *,
    text: Annotated[str, typer.Option(help="Le message qui l’accompagne")] = "",
    thread: Annotated[str | None, typer.Option(help="Dans ce fil (son identifiant)")] = None,
) -> None:
    """Dépose un fichier dans une conversation."""
    with session(context) as (sandbox, display):
        body = {"person": person, "text": text, "thread_ts": thread, "files": [_file(f"@{file}")]}
        display.messages([sandbox.post("/control/slack/message", **body, **_where(channel))["message"]])


@app.command()
def home(context: typer.Context, person: Person) -> None:
    """Ouvre l’accueil de l’application."""
    with session(context) as (sandbox, display):
        view = sandbox.post("/control/slack/home", person=person)["view"]
        display.view(view)
        if view is None:
            display.say("L’application n’a rien publié.")


@app.command()
def pay(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="PERSONNE|SESSION", help="Qui paie, ou l’identifiant cs_…")],
    card: Annotated[str, typer.Option(help="Numéro de carte")] = "4242424242424242",
) -> None:
    """Paie sur la page de Stripe : le dernier lien de paiement reçu."""
    with session(context) as (sandbox, display):
        answer = sandbox.post("/control/stripe/pay", session=sandbox.find_session(who), card=card)
        display.payment(answer)


@app.command()
def mail(context: typer.Context, person: Annotated[str | None, typer.Argument(metavar="[PERSONNE]")] = None) -> None:
    """Le courrier reçu."""
    with session(context) as (sandbox, display):
        address = None if person is None else person if "@" in person else sandbox.find_person(person)["email"]
        display.mails(entries(sandbox.get("/control/mail", to=address)))


@app.command()
def record(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FICHIER")]) -> None:
    """Note dans un fichier tous les appels, une ligne de JSON chacun."""
    with session(context) as (sandbox, display):
        sandbox.post("/control/record/file", path=str(file.absolute()))
        display.say(f"Tous les appels sont notés dans {file}.")


def _where(channel: str) -> dict[str, Any]:
    return {"to_bot": True} if channel == "bot" else {"channel": channel}


def _file(marked: str) -> dict[str, str]:
    path = Path(marked.removeprefix("@"))
    return {"name": path.name, "content_base64": base64.b64encode(path.read_bytes()).decode()}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def main() -> None:
    """Entry point of the command."""
    app()
