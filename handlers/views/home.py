"""App Home: one next action, its deadline, what follows; and the same as an answer to ``/bilan``."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from handlers.ids import Action, Command
from handlers.views import last_steps, waiting
from handlers.views.complaints import complain_button
from handlers.views.dashboard import counted, open_button
from handlers.views.documents import STATES
from handlers.views.early_start import take_back_button
from handlers.views.endings import WITHDRAW
from handlers.views.french import appointment, plural
from handlers.views.kit import Drawn, actions, button, clip, context, divider, escape, header, section, user
from handlers.views.nudges import wishes_button
from handlers.views.tutoring import day_blocks
from programme.content.french import week_day
from programme.journal import Action as Act
from programme.model.enrolment import EnrolmentStatus, Step
from programme.model.group import GroupState, SeatState
from programme.rules.lights import Colour
from programme.usecases.home import GroupCorner, Home, OrderCorner

STEPS = {
    Step.TUTORIAL: "Commencez votre inscription : une dizaine de minutes, que vous pouvez interrompre à tout moment.",
    Step.PROFILE: "Complétez votre profil : deux minutes.",
    Step.EMAIL: "Confirmez votre adresse e-mail avec le code reçu.",
    Step.EXEMPTION: "Demandez une dérogation : une personne de l’équipe lira votre demande.",
    Step.LEVEL: "Déclarez votre niveau de diplôme : une question.",
    Step.EXEMPTION_PENDING: "Votre demande de dérogation est lue par l’équipe. Vous n’avez rien à faire.",
    Step.TEXTS: "Lisez les textes du contrat et cochez vos accords.",
    Step.CHOICE: "Choisissez quand commencer : après le délai de rétractation, ou plus tôt.",
    Step.ORDER: "Vérifiez votre commande, puis confirmez-la.",
    Step.PAYMENT: "Payez votre commande avec le lien reçu dans vos messages directs.",
}
GROUP_STAGES = {
    GroupState.OPENING: "Le canal privé de votre groupe s’ouvre : vous allez y recevoir une invitation.",
    GroupState.VOTING: "Votez pour le créneau de la semaine dans le canal de votre groupe.",
    GroupState.PAUSED: "Votre groupe a suspendu son programme, avec l’accord de chaque membre.",
    GroupState.GATED: "Le créneau est choisi. Les dates seront publiées dès que toutes les conditions sont réunies.",
}
MEMBER_COMMANDS = {
    Command.WHERE: "où j’en suis, et quoi faire maintenant",
    Command.ENROL: "commencer ou reprendre mon inscription",
    Command.PLAN: "les 16 dates de mon groupe",
    Command.GUIDE: "le guide d’une séance, par exemple `/bilan-guide 5`",
    Command.DOCUMENT: "remplir une fiche, la rendre, voir les observations",
    Command.QUESTION: "poser une question en privé à mon e-tuteur ou mon e-tutrice",
    Command.CHECK_IN: "mon point d’étape de la semaine",
    Command.ATTENDANCE: "signer la feuille de présence, déclarer une absence",
    Command.WITHDRAW: "renoncer au contrat, avec accusé de réception",
    Command.TERMINATE: "mettre fin au contrat pour une autre raison",
    Command.PERSONAL_DATA: "recevoir, corriger ou effacer mes données",
    Command.CONTRACT: "mon contrat, mes factures et mes reçus, à recevoir de nouveau",
}
DOCUMENTS_SHOWN = 20
TRACES = {
    Act.MEMBER_LOOKED_AT: "a consulté votre dossier",
    Act.GROUP_LOOKED_AT: "a consulté la page de votre groupe",
    Act.LINK_SENT_FOR: "vous a envoyé un nouveau lien de paiement",
    Act.CONTRACT_SENT_FOR: "vous a renvoyé votre contrat",
    Act.EXEMPTION_DECIDED: "a répondu à votre demande de dérogation",
    Act.INSTALMENT_PAGE_ASKED: "vous a envoyé un lien pour votre échéance",
    Act.INSTALMENT_TRIED: "a demandé de nouveau votre échéance à votre banque",
    Act.CONTRACT_ENDED: "a enregistré la fin de votre contrat",
    Act.TERMINATION_SET_ASIDE: "a répondu à votre demande de résiliation",
    Act.REFUND_APPROVED: "a confirmé votre remboursement",
}
"""What the team has done, as the person reads it."""
OVER = (
    "Vos séances sont terminées. Le canal de votre groupe se ferme bientôt : vos documents vous restent, et "
    "`/bilan-donnees` vous en envoie une copie."
)


def home(facts: Home) -> View:
    """The whole Home tab."""
    return View(type="home", blocks=[*_everything(facts), *_footer()])


def where(facts: Home) -> Drawn:
    """The answer to ``/bilan``."""
    return Drawn(f"Où j’en suis. {'' if _only_works_here(facts) else next_sentence(facts)}".strip(), _everything(facts))


def _everything(facts: Home) -> list[Block]:
    staff = _staff(facts)
    if _only_works_here(facts):
        return [*staff[1:], *_traces(facts)]  # without the line that parts it from one's own enrolment
    return [*_next_action(facts), *_member(facts), *staff, *_traces(facts), *_quiet(facts)]


def _only_works_here(facts: Home) -> bool:
    """Whether the person belongs to the team and has never enrolled."""
    return facts.status is None and (facts.caller.is_tutor or facts.caller.is_admin)


def help_for(facts: Home, *, asked: bool) -> Drawn:
    """What this person may do; said with a usage line when the text was not understood."""
    lines = [f"`{command}` : {what}" for command, what in MEMBER_COMMANDS.items()]
    if facts.caller.is_tutor:
        lines.append(f"`{Command.TUTORING}` : mes dossiers par échéance, mon absence, mes réglages")
    if facts.caller.is_admin:
        lines.append(f"`{Command.ADMIN}` : le tableau de bord ; `{Command.ADMIN} aide` : la liste des actes")
    usage = (
        "Voici ce que vous pouvez faire :" if asked else "Je n’ai pas compris. Exemple : `/bilan aide`. Vous pouvez :"
    )
    return Drawn(usage, [section(usage + "\n" + "\n".join(lines))])


def next_sentence(facts: Home) -> str:
    """The one next thing, in one sentence."""
    if facts.status in {EnrolmentStatus.WITHDRAWN, EnrolmentStatus.TERMINATED}:
        return "Votre contrat est terminé. `/bilan-donnees` vous envoie une copie de votre travail."
    if facts.status is EnrolmentStatus.FINISHED:
        return "Votre programme est terminé. Merci pour ces seize séances."
    if facts.step is not Step.DONE:
        return STEPS[facts.step or Step.TUTORIAL]
    if facts.over:
        return OVER
    return _group_sentence(facts.group) if facts.group else _waiting_sentence(facts)


def _waiting_sentence(facts: Home) -> str:
    since = f" depuis le {week_day(facts.waiting_since.date())}" if facts.waiting_since else ""
    return f"Nous cherchons votre groupe{since}. Vous n’avez rien à faire : une proposition arrivera ici."


def _group_sentence(group: GroupCorner) -> str:
    if group.seat is SeatState.OFFERED:
        return "Une place dans un groupe vous est proposée : répondez dans vos messages directs."
    if group.state is GroupState.OFFERED:
        return "Vous avez accepté votre place. Nous attendons la réponse des autres personnes."
    if group.next_start and group.next_number:
        return f"Prochaine séance ({group.next_number} sur 16) : {appointment(group.next_start, group.zone)}."
    return GROUP_STAGES.get(group.state, "Votre groupe a terminé ses séances.")


def _next_action(facts: Home) -> list[Block]:
    hello = f"Bonjour {clip(facts.first_name, 100)}" if facts.first_name else "Bonjour"
    blocks: list[Block] = [header(hello), section(f"*Maintenant*\n{next_sentence(facts)}")]
    if facts.status in {None, EnrolmentStatus.ACTIVE} and facts.step not in {Step.DONE, Step.PAYMENT}:
        label = "Commencer mon inscription" if facts.step in {None, Step.TUTORIAL} else "Reprendre mon inscription"
        blocks.append(actions(button(label, Action.OPEN_ENROLMENT, style="primary")))
    if facts.step is Step.PAYMENT and facts.order and facts.order.checkout_url:
        pay = button(
            "Payer ma commande", Action.PAY, facts.order.order_id, style="primary", url=facts.order.checkout_url
        )
        blocks.append(actions(pay))
    if facts.waiting is not None and facts.step is Step.DONE:
        blocks += waiting.room(facts.waiting)
    return blocks


def _member(facts: Home) -> list[Block]:
    blocks: list[Block] = []
    if facts.group and facts.group.planned:
        group = facts.group
        held = plural(group.held, "séance tenue", "séances tenues")
        blocks += [
            divider(),
            section(f"*Mon groupe* : {escape(group.label)}\n{held} sur {group.planned} · <#{group.channel_id}>"),
            actions(
                button("Voir les 16 dates", Action.SHOW_PLAN),
                button("Mes documents", Action.CHOOSE_WORKSHEET),
                button("Poser une question", Action.ASK_QUESTION),
            ),
        ]
    if facts.last_steps:
        blocks += [divider(), *last_steps.step_blocks(facts.last_steps)]
    if facts.documents:
        shown = facts.documents[-DOCUMENTS_SHOWN:]
        lines = [f"• {escape(clip(d.title, 80))} (v{d.version}) : *{STATES[d.state]}*" for d in shown]
        blocks += [divider(), section("*Mes documents*\n" + "\n".join(lines))]
    if facts.order and facts.order.paid:
        blocks += [divider(), *_contract(facts.order)]
    return blocks


def _contract(order: OrderCorner) -> Sequence[Block]:
    lines = "*Mon contrat*"
    if order.withdrawal_last_day:
        state = "jusqu’au" if order.withdrawal_open else "terminé depuis le"
        lines += f"\nDélai de rétractation : {state} {week_day(order.withdrawal_last_day)}"
        lines += " inclus." if order.withdrawal_open else "."
    acts = [button("Contrat et factures", Action.SHOW_CONTRACT), button("Mes données", Action.PERSONAL_DATA)]
    if order.in_force:
        acts.append(button(WITHDRAW, Action.WITHDRAW, order.order_id))
    if order.early_start and order.withdrawal_open:
        acts.append(take_back_button())
    acts.append(complain_button())
    return [section(lines), actions(*acts)]


def _staff(facts: Home) -> list[Block]:
    blocks: list[Block] = []
    if facts.tutoring is not None:
        blocks += [divider(), section("*E-tutorat*"), *day_blocks(facts.tutoring)]
        blocks.append(actions(button("Suivi des documents", Action.DOCUMENT_MATRIX)))
    if facts.caller.is_admin:
        running = plural(facts.groups_running, "groupe en cours", "groupes en cours")
        people = plural(facts.people_waiting, "personne en attente", "personnes en attente")
        burning = counted(facts.lights.get(Colour.RED, 0), facts.lights.get(Colour.ORANGE, 0))
        blocks += [divider(), section(f"*Administration*\n{running}, {people} d’un groupe.\n{burning}")]
        blocks.append(actions(open_button()))
    return blocks


def _traces(facts: Home) -> list[Block]:
    """What the team has looked at or done in this person's file."""
    if not facts.traces:
        return []
    lines = [f"{user(one.user)}, de l’équipe, {TRACES[one.action]} le {week_day(one.day)}." for one in facts.traces]
    return [context(*lines)]


def _quiet(facts: Home) -> list[Block]:
    return [actions(wishes_button())] if facts.status is not None else []


def _footer() -> list[Block]:
    return [divider(), context("Tapez `/bilan aide` pour la liste des commandes.")]
