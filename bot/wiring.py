"""Builds every part from the settings and joins them; nothing else in the program builds anything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Flask
from slack_bolt import App
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.gateways.clock import FollowedClock, SystemClock
from bot.gateways.files import DiskFiles
from bot.gateways.mail import SmtpMailer
from bot.gateways.pdf import TypstDocuments
from bot.gateways.pictures import Pictures
from bot.gateways.slack import SlackWorkspace
from bot.gateways.stripe import StripePayments, construct_event
from bot.settings import Settings
from handlers import errors
from handlers.registration import register_all
from handlers.views.home import home as draw_home
from handlers.views.messages import draw
from handlers.web import make_web
from programme.content import Content, load_content
from programme.ports import Config, Ports
from programme.rules.instants import day_in
from scheduling.runner import Runner
from scheduling.ticks import table
from store.engine import make_engine
from store.unit_of_work import Store


@dataclass
class Bot:
    """The joined parts of one running bot."""

    settings: Settings
    ports: Ports
    engine: Engine
    slack: App
    web: Flask
    runner: Runner
    clock: SystemClock | FollowedClock


def make_clock(settings: Settings) -> SystemClock | FollowedClock:
    """Return the machine's clock, or the sandbox's when CLOCK_URL names one."""
    return FollowedClock(settings.clock_url, name="bilan") if settings.clock_url else SystemClock()


def make_client(settings: Settings) -> WebClient:
    """Return a Web API client; 10 s at most a call."""
    return WebClient(token=settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, timeout=10)


def make_ports(
    settings: Settings, engine: Engine, clock: SystemClock | FollowedClock, content: Content, wake: Callable[[], None]
) -> Ports:
    """Join store and gateways."""
    store = Store(engine, clock.now, wake)
    return Ports(
        clock=clock,
        uow=store.uow,
        reading=store.reading,
        workspace=SlackWorkspace(
            make_client(settings), clock, draw=lambda message: draw(message, content), draw_home=draw_home
        ),
        payments=StripePayments(
            settings.stripe_secret_key.get_secret_value(), settings.stripe_api_url, settings.public_url, clock
        ),
        mailer=SmtpMailer(settings.smtp_url, content.trader, settings.content_dir, clock=clock),
        pictures=Pictures(),
        printer=TypstDocuments(content.trader, settings.content_dir / "documents"),
        files=DiskFiles(settings.contents),
        content=content,
        config=Config(
            admin_channel=settings.slack_admin_channel,
            tutor_channel=settings.slack_tutor_channel,
            public_url=settings.public_url,
            second_admin_above=settings.refund_second_admin_cents,
            payment_in_three=settings.payment_in_three,
            mail_domain=content.trader.email.rpartition("@")[2],
        ),
    )


def make_slack_app(settings: Settings, ports: Ports) -> App:
    """Return the Bolt app with every listener; it starts even while Slack is away.

    A request is acknowledged once its use case is committed: what a crash cut short, Slack sends again or the person
    sees refused (docs/decisions/0004).
    """
    app = App(
        client=make_client(settings),
        token=settings.slack_bot_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value() or None,
        token_verification_enabled=False,
        request_verification_enabled=bool(settings.slack_signing_secret.get_secret_value()),
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )
    register_all(app, ports)
    return app


def make_bot(settings: Settings) -> Bot:
    """Build the whole bot; nothing runs yet and nothing has been asked of the outside.

    ContentError when the texts cannot be used, or when no VAT regime is in force today.
    """
    engine = make_engine(settings.database)
    clock = make_clock(settings)
    withdrawal = f"{settings.public_url.rstrip('/')}/retractation" if settings.public_url else ""
    content = load_content(settings.content_dir, withdrawal_url=withdrawal)
    content.trader.vat_on(day_in(SystemClock().now()))  # without a regime, no invoice could be issued
    work = threading.Event()
    ports = make_ports(settings, engine, clock, content, work.set)
    report = partial(errors.report, ports)
    runner = Runner(ports, table(report), report, work)
    slack = make_slack_app(settings, ports)
    webhook = settings.stripe_webhook_secret.get_secret_value()
    web = make_web(
        ports,
        slack=slack if settings.slack_signing_secret.get_secret_value() else None,
        check_signature=partial(construct_event, secret=webhook) if webhook else None,
    )
    return Bot(settings, ports, engine, slack, web, runner, clock)
