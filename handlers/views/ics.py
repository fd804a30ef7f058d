"""A member's calendar as iCalendar (RFC 5545), for a file or a feed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from programme.content.guides import SESSIONS
from programme.usecases.calendars import CalendarEvent, MemberCalendar

PRODUCT = "-//Ensemble1job//Calendrier des séances//FR"
REFRESH = timedelta(hours=6)


def to_ics(calendar: MemberCalendar) -> bytes:
    """The bytes of the calendar; events are in the wall time of their zone, which the file defines."""
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", f"Ensemble1job – {calendar.label}")
    whole.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    whole.add("x-published-ttl", "PT6H")
    for event in calendar.events:
        whole.add_component(_event(calendar, event))
    if calendar.events:
        days = [event.starts_at.date() for event in calendar.events]
        # A whole year around the sessions: the zone's last change before the first one is part of it.
        whole.add_missing_timezones(
            first_date=min(days) - timedelta(days=370), last_date=max(days) + timedelta(days=370)
        )
    return bytes(whole.to_ical())


def _event(calendar: MemberCalendar, event: CalendarEvent) -> Any:
    local = event.starts_at.astimezone(ZoneInfo(event.zone))
    component = Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", calendar.made_at)
    component.add("dtstart", local)
    component.add("dtend", (event.starts_at + timedelta(minutes=event.minutes)).astimezone(ZoneInfo(event.zone)))
    component.add("summary", f"Ensemble1job – séance {event.number} sur {SESSIONS} : {event.title}")
    component.add("description", _description(event))
    component.add("location", event.video_url or event.place)
    if event.video_url:
        component.add("url", event.video_url)
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    component.add("transp", "TRANSPARENT" if event.cancelled else "OPAQUE")
    component.add("class", "PRIVATE")
    organiser = vCalAddress(f"mailto:{calendar.organiser_email}")
    organiser.params["cn"] = vText(calendar.organiser)
    component["organizer"] = organiser
    return component


def _description(event: CalendarEvent) -> str:
    video = f"\nVisioconférence : {event.video_url}" if event.video_url else ""
    return f"{event.aim}\n\nLe guide : /bilan-guide {event.number} dans Slack.{video}"
