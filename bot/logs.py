"""Logs: one JSON line an event, without message text or personal data."""

from __future__ import annotations

import logging

import structlog


def configure(level: str) -> None:
    """Send our own events and the libraries' warnings to standard error."""
    logging.basicConfig(
        level=max(getattr(logging, level), logging.WARNING), format="%(levelname)s %(name)s %(message)s"
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
    )
