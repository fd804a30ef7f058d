"""The tables. Names of columns are the names of the model's fields; amounts are integer cents, instants UTC."""

from __future__ import annotations

from store.tables import (
    accounting,
    attestations,
    complaints,
    delivery,
    disputes,
    documents,
    endings,
    enrolments,
    groups,
    heartbeats,
    nudges,
    offers,
    orders,
    people,
    personal_data,
    questions,
    sessions,
    surveys,
    tutors,
    worksheets,
)

__all__ = [
    "accounting",
    "attestations",
    "complaints",
    "delivery",
    "disputes",
    "documents",
    "endings",
    "enrolments",
    "groups",
    "heartbeats",
    "nudges",
    "offers",
    "orders",
    "people",
    "personal_data",
    "questions",
    "sessions",
    "surveys",
    "tutors",
    "worksheets",
]
