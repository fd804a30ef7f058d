"""A sandbox that runs in a thread of the same process, for tests and demonstrations."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sandbox.server import Sandbox, WebServer, bind, build_sandbox
from sandbox.settings import Settings

START_SECONDS = 20.0
T = TypeVar("T")


@dataclass(frozen=True)
class RunningSandbox:
    """A running sandbox and its event loop; its parts may only be touched through ``on_loop``."""

    sandbox: Sandbox
    loop: asyncio.AbstractEventLoop

    @property
    def base_url(self) -> str:
        """Where the sandbox answers."""
        return self.sandbox.base_url

    def on_loop(self, action: Callable[[], T]) -> T:
        """Do something with the parts, on their loop."""

        async def act() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self.loop).result(START_SECONDS)


class _Server(WebServer):
    """A web server that says when it listens, and on which loop."""

    loop: asyncio.AbstractEventLoop | None = None

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.listening.set()


@contextmanager
def running_sandbox(settings: Settings | None = None) -> Iterator[RunningSandbox]:
    """A sandbox on free ports (or the settings') for as long as the block lasts."""
    chosen = settings or Settings(port=0, smtp_port=0)
    listener, base_url = bind(chosen)
    sandbox = build_sandbox(chosen, base_url)
    server = _Server(sandbox)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        if not server.listening.wait(START_SECONDS) or server.loop is None:
            raise RuntimeError("the sandbox did not start")
        yield RunningSandbox(sandbox, server.loop)
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
        listener.close()
