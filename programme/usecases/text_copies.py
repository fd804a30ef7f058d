"""A text of the contract as a PDF, before anything is accepted: it can be kept and read elsewhere."""

from __future__ import annotations

from programme.content.printing import FullText
from programme.effects import Attachment, SendMail
from programme.errors import Refusal
from programme.journal import Action
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases.standing import open_enrolment


def send_copy(ports: Ports, *, caller: Caller, sha256: str) -> str:
    """Send the text that is on the screen to the member's address, which is returned; one mail a minute and text."""
    text = ports.content.texts.by_sha256(sha256)
    if text is None:
        raise Refusal("text_changed")
    with ports.uow() as uow:
        member, enrolment = open_enrolment(uow, caller)
        printed = FullText(
            title=text.title,
            version=text.version,
            sha256=text.sha256,
            body=text.body,
            writing_room=text.key == "formulaire_retractation",
        )
        name = f"{text.key.replace('_', '-')}-{text.version}.pdf"
        mail = SendMail(
            to=member.email,
            template="text_copy",
            data={"first_name": member.first_name, "title": text.title, "version": text.version},
            attachments=(Attachment(filename=name, template="texte", data=printed.model_dump()),),
        )
        minute = f"{ports.clock.now():%y%m%d%H%M}"
        if uow.outbox.put(f"text:{enrolment.id}:{sha256[:16]}:{minute}", mail, lane=f"mail:{enrolment.id}"):
            uow.journal.write(caller.slack_user_id, Action.TEXT_SENT, enrolment.id, key=text.key, version=text.version)
        return member.email
