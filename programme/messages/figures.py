"""The figures of a month, in words."""

from __future__ import annotations

from typing import Literal

from programme.messages.base import BaseMessage, Part


class FigureSection(Part):
    """One chart in words."""

    title: str
    lines: tuple[str, ...]


class MonthFigures(BaseMessage):
    """To one admin, before the files: everything that the charts show. ``month`` is in words."""

    kind: Literal["month_figures"] = "month_figures"
    month: str
    sections: tuple[FigureSection, ...]


FigureMessage = MonthFigures
