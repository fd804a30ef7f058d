"""What the bot says, as meaning: one model a message, one module a feature, drawn in French by ``handlers/views``.

A message carries the facts it tells (names, dates, sums), frozen when it was decided; long texts stay in the content.
Dates are local wall time; sums are integer cents. Class names stand in ``kind`` so that a row can be read back.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from programme.messages.announcements import AnnouncementMessage
from programme.messages.checkins import CheckInMessage
from programme.messages.common import CommonMessage
from programme.messages.complaints import ComplaintMessage
from programme.messages.disputes import DisputeMessage
from programme.messages.documents import DocumentMessage
from programme.messages.endings import EndingMessage
from programme.messages.enrolment import EnrolmentMessage
from programme.messages.figures import FigureMessage
from programme.messages.groups import GroupMessage
from programme.messages.instalments import InstalmentMessage
from programme.messages.last_steps import LastSteps
from programme.messages.material import MaterialRequest
from programme.messages.nudges import NudgeMessage
from programme.messages.offers import OfferMessage
from programme.messages.orders import OrderMessage
from programme.messages.personal_data import PersonalDataMessage
from programme.messages.planning import PlanningMessage
from programme.messages.questions import QuestionMessage
from programme.messages.reading import ReadingMessage
from programme.messages.reports import ReportMessage
from programme.messages.rescue import RescueMessage
from programme.messages.sessions import SessionMessage
from programme.messages.sharing import SharingMessage
from programme.messages.surveys import SurveyRequest
from programme.messages.tutoring import TutoringMessage
from programme.messages.waiting import WaitingMessage

Message = Annotated[
    OrderMessage
    | OfferMessage
    | EnrolmentMessage
    | PlanningMessage
    | PersonalDataMessage
    | EndingMessage
    | InstalmentMessage
    | GroupMessage
    | SessionMessage
    | CheckInMessage
    | DisputeMessage
    | AnnouncementMessage
    | ComplaintMessage
    | DocumentMessage
    | SharingMessage
    | QuestionMessage
    | ReadingMessage
    | TutoringMessage
    | RescueMessage
    | ReportMessage
    | FigureMessage
    | WaitingMessage
    | LastSteps
    | SurveyRequest
    | MaterialRequest
    | NudgeMessage
    | CommonMessage,
    Field(discriminator="kind"),
]
