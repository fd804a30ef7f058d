"""Every command, action, callback and event that the bot listens to; ``app_manifest.yml`` names the same."""

from __future__ import annotations

from enum import StrEnum


class Command(StrEnum):
    """Slash commands (programme §1)."""

    WHERE = "/bilan"
    ENROL = "/bilan-inscription"
    PLAN = "/bilan-planning"
    GUIDE = "/bilan-guide"
    DOCUMENT = "/bilan-document"
    CHECK_IN = "/bilan-point"
    ATTENDANCE = "/bilan-presence"
    CONTRACT = "/bilan-contrat"
    ADMIN = "/bilan-admin"


class Event(StrEnum):
    """Events API subscriptions; ``message`` arrives from direct messages and private channels."""

    HOME_OPENED = "app_home_opened"
    JOINED = "member_joined_channel"
    LEFT = "member_left_channel"
    MESSAGE = "message"
    ARCHIVED = "group_archive"
    UNARCHIVED = "group_unarchive"
    RENAMED = "group_rename"
    BOT_REMOVED = "group_left"
    USER_CHANGED = "user_change"


class Action(StrEnum):
    """Buttons, selects and other block actions."""

    OPEN_ENROLMENT = "enrolment:open"
    COMMUNE = "enrolment:commune"
    MODIFY_PROFILE = "enrolment:modify_profile"
    MODIFY_CHOICE = "enrolment:modify_choice"
    PLACE_ORDER = "enrolment:order"
    PAY = "payment:open_link"
    RENEW_LINK = "payment:renew_link"
    CONFIRM_GROUP = "group:confirm"
    REJECT_GROUP = "group:reject"
    CHOOSE_TUTOR = "group:tutor"
    REINVITE = "channel:reinvite"
    REMOVE_STRANGER = "channel:remove"
    NEW_CHANNEL = "channel:new"
    RESCUE_CHOICE = "rescue:choice"
    OFFER_PLACE = "rescue:newcomer"
    MERGE_GROUPS = "rescue:merge"
    PAUSE_GROUP = "rescue:pause"
    RESUME_GROUP = "rescue:resume"
    START_AS_THREE = "rescue:three"
    FREE_SEAT = "rescue:free"
    WITHDRAW_QUESTION = "rescue:withdraw"
    AGREE = "consent:agree"
    REFUSE = "consent:refuse"
    ACCEPT_SEAT = "seat:accept"
    DECLINE_SEAT = "seat:decline"
    VOTE = "slot:vote"
    SIGN_CHARTER = "charter:sign"
    MOVE_SESSION = "plan:move"
    TAKE_CATCH_UP = "plan:catch_up"
    CHOOSE_WEEKS_OFF = "plan:weeks_off"
    GROUP_SETTINGS = "plan:settings"
    SIGN_ATTENDANCE = "attendance:sign"
    DECLARE_ABSENCE = "attendance:absence"
    ATTEST = "attendance:attest"
    CLOSE_SESSION = "session:close"
    OPEN_CHECK_IN = "check_in:open"
    CHOOSE_WORKSHEET = "document:choose"
    OPEN_WORKSHEET = "document:open"
    HAND_IN = "document:hand_in"
    REASSIGN = "document:reassign"
    TAKE = "document:take"
    RETURN_REMARKS = "document:return"
    VALIDATE = "document:validate"
    SHOW_PLAN = "home:plan"
    SHOW_CONTRACT = "home:contract"


class Callback(StrEnum):
    """Modals."""

    TUTORIAL = "enrolment_tutorial"
    PROFILE = "enrolment_profile"
    LEVEL = "enrolment_level"
    TEXT = "enrolment_text"
    CHOICE = "enrolment_choice"
    SUMMARY = "enrolment_summary"
    REJECTION = "group_rejection"
    MOVE = "plan_move"
    MOVE_SEEN = "plan_move_seen"
    WEEKS_OFF = "plan_weeks_off"
    WEEKS_OFF_SEEN = "plan_weeks_off_seen"
    GROUP_SETTINGS = "plan_settings"
    ABSENCE = "attendance_absence"
    CHECK_IN = "check_in"
    WORKSHEET_CHOICE = "document_choice"
    WORKSHEET = "document_worksheet"
