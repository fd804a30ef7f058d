"""The text that accompanies a copy of somebody's data."""

from __future__ import annotations

from datetime import date

from programme.rules.retention import TIMETABLE


def read_me(day: date) -> str:
    """Return what stands beside the data: what is what, what is kept how long, and the rights."""
    kept = "\n".join(
        f"- {line.what} : à partir de « {line.since} », {_length(line.months, line.days)} ({line.why})"
        for line in TIMETABLE.values()
    )
    return (
        f"Vos données dans le programme Ensemble1job, au {day:%d/%m/%Y}.\n\n"
        "- donnees.json : tout ce que le programme garde sur vous, table par table, lisible par une machine.\n"
        "- tableaux/ : vos présences, points d’étape, enquêtes, paiements et groupes, pour un tableur.\n"
        "- documents/ : vos fiches et vos fichiers, version par version, avec les observations reçues.\n"
        "- attestations/ : vos attestations de participation, telles qu’elles ont été émises.\n"
        "- contrat.pdf : votre contrat et les textes acceptés, si vous avez commandé.\n\n"
        "Combien de temps ces données sont gardées :\n"
        f"{kept}\n\n"
        "Les messages échangés dans Slack sont gardés par Slack selon les réglages de l’espace de travail ; les "
        "données de votre carte ne sont connues que de Stripe.\n\n"
        "Pour corriger ou effacer vos données : /bilan-donnees dans Slack. "
        "Vous pouvez aussi saisir la CNIL (www.cnil.fr).\n"
    )


def _length(months: int, days: int) -> str:
    if not months and not days:
        return "aussitôt effacées"
    return f"{months} mois" if months else f"{days} jours"
