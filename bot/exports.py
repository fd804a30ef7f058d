"""``bilan export``: files for inspections, made without Slack; and the check of a file that was handed out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.offline import offline_ports
from programme.errors import Refusal

exports = typer.Typer(no_args_is_help=True, help="Les fichiers à remettre lors d’un contrôle.")
console = Console(stderr=True)


@exports.command("attendance")
def attendance(
    group: Annotated[int, typer.Option(help="Numéro du groupe.")],
    out: Annotated[Path, typer.Option(help="Dossier où écrire.")] = Path(),
) -> None:
    """Écrit le relevé (CSV chaîné) et les feuilles de présence (PDF) d’un groupe."""
    from programme.usecases import attendance_export, guide_editions  # noqa: PLC0415 - keeps the other commands quick

    ports = offline_ports()
    guide_editions.recall(ports)
    try:
        made = attendance_export.export(ports, number=group)
    except Refusal as refusal:
        console.print(ports.content.sentence(refusal.key, **refusal.details), style="red", markup=False)
        raise typer.Exit(1) from refusal
    out.mkdir(parents=True, exist_ok=True)
    table, printed = out / f"emargement-{group:03d}.csv", out / f"emargement-{group:03d}.pdf"
    table.write_bytes(made.csv)
    printed.write_bytes(ports.printer.render("emargements", made.book))
    console.print(f"{table}\n{printed}\nDernière empreinte : {made.last_hash}", markup=False)
    if made.altered:
        console.print(f"{made.altered} lignes ne s’accordent pas avec le registre des preuves.", style="red")
        raise typer.Exit(1)


@exports.command("accounts")
def accounts(
    month: Annotated[str, typer.Option(help="Mois, par exemple 2026-11.")],
    out: Annotated[Path, typer.Option(help="Dossier où écrire.")] = Path(),
) -> None:
    """Écrit les comptes d’un mois pour la comptabilité (CSV) et les chiffres de l’e-reporting (CSV)."""
    from programme.usecases import accounts as month_accounts  # noqa: PLC0415

    ports = offline_ports()
    try:
        made = month_accounts.export(ports, month=month_accounts.read_month(month))
    except Refusal as refusal:
        console.print(ports.content.sentence(refusal.key, **refusal.details), style="red", markup=False)
        raise typer.Exit(1) from refusal
    out.mkdir(parents=True, exist_ok=True)
    for file in made.files:
        (out / file.name).write_bytes(file.content)
        console.print(str(out / file.name), markup=False)
    wrong = (*made.altered, *made.missing)
    if wrong:
        console.print(ports.content.sentence("accounts_wrong", numbers=", ".join(wrong)), style="red", markup=False)
        raise typer.Exit(1)
    console.print(ports.content.sentence("accounts_intact"), markup=False)


@exports.command("surveys")
def surveys(out: Annotated[Path, typer.Option(help="Dossier où écrire.")] = Path()) -> None:
    """Écrit ce que disent les enquêtes (CSV) : totaux dès trois réponses, lignes libres sans noms."""
    from programme.usecases import survey_results  # noqa: PLC0415

    table = out / "enquetes.csv"
    content = survey_results.export(offline_ports())
    out.mkdir(parents=True, exist_ok=True)
    table.write_bytes(content)
    console.print(str(table), markup=False)


@exports.command("figures")
def figures(
    month: Annotated[str, typer.Option(help="Mois, par exemple 2026-11.")],
    out: Annotated[Path, typer.Option(help="Dossier où écrire.")] = Path(),
) -> None:
    """Écrit les chiffres d’un mois : un CSV, et des images dont le texte dit la même chose."""
    from programme.usecases import accounts as month_accounts  # noqa: PLC0415
    from programme.usecases import figure_files  # noqa: PLC0415

    ports = offline_ports()
    try:
        words, files = figure_files.make(ports, month=month_accounts.read_month(month))
    except Refusal as refusal:
        console.print(ports.content.sentence(refusal.key, **refusal.details), style="red", markup=False)
        raise typer.Exit(1) from refusal
    out.mkdir(parents=True, exist_ok=True)
    for file in files:
        (out / file.name).write_bytes(file.content)
        console.print(str(out / file.name), markup=False)
    for part in words.sections:
        console.print("\n".join((part.title, *(f"  {line}" for line in part.lines))), markup=False)


@exports.command("complaints")
def complaints(out: Annotated[Path, typer.Option(help="Dossier où écrire.")] = Path()) -> None:
    """Écrit le registre des réclamations (CSV), avec les réponses."""
    from programme.usecases import complaints as register  # noqa: PLC0415

    made = register.export(offline_ports())
    out.mkdir(parents=True, exist_ok=True)
    (out / made.name).write_bytes(made.content)
    console.print(str(out / made.name), markup=False)


@exports.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="Le relevé CSV à vérifier.", exists=True, dir_okay=False)],
) -> None:
    """Vérifie un relevé d’émargement remis : dit s’il est intact, ou nomme la première ligne changée."""
    from programme.usecases.attendance_export import check  # noqa: PLC0415

    try:
        found = check(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        console.print("Ce fichier n’est pas un relevé d’émargement.", style="red")
        raise typer.Exit(1) from error
    if found.altered is not None:
        console.print(f"La ligne {found.altered} n’est pas telle qu’elle a été scellée.", style="red")
        raise typer.Exit(1)
    console.print(f"Le relevé est intact : {found.lines} lignes. Dernière empreinte : {found.last_hash}", markup=False)
    console.print("Comparez-la à celle qui a été notée lors de l’export : il ne manque alors rien à la fin.")
