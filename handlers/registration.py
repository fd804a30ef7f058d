"""All the features, registered on one Bolt app."""

from __future__ import annotations

from slack_bolt import App

from handlers import (
    admin,
    announcements,
    attendance,
    calendars,
    channel_life,
    checkins,
    complaints,
    dashboard,
    document_matrix,
    documents,
    endings,
    enrolment,
    errors,
    exemptions,
    figures,
    file_shortcut,
    groups,
    home,
    instalments,
    kits,
    live,
    material,
    middleware,
    my_documents,
    offers,
    pages,
    papers,
    payments,
    personal_data,
    planning,
    questions,
    quiet,
    reading,
    reports,
    rescue,
    sessions,
    surveys,
    threads,
    tutoring,
    waiting,
    worksheets,
)
from programme.ports import Ports

FEATURES = (
    home,
    dashboard,
    pages,
    figures,
    complaints,
    announcements,
    enrolment,
    exemptions,
    offers,
    payments,
    instalments,
    papers,
    endings,
    personal_data,
    groups,
    channel_life,
    waiting,
    rescue,
    sessions,
    planning,
    calendars,
    attendance,
    live,
    kits,
    material,
    checkins,
    surveys,
    reports,
    my_documents,
    quiet,
    documents,
    document_matrix,
    worksheets,
    file_shortcut,
    questions,
    threads,
    tutoring,
    reading,
)
"""Every feature; those that have words for ``/bilan-admin`` name them in ``ADMIN``."""


def register_all(app: App, ports: Ports) -> None:
    """Install the middleware and the error answers, then every listener once."""
    middleware.install(app, ports)
    errors.install(app, ports)
    for feature in FEATURES:
        feature.register(app)
    admin.register(app, [word for feature in FEATURES for word in getattr(feature, "ADMIN", ())])
