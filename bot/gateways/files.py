"""Our own store of what people hand in: contents by SHA-256 under a folder, never by the name that was given."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import filetype

from programme.errors import Permanent
from programme.ports import Kept

HEAD: Final = 8192
"""How many of the first bytes tell the type."""
UNKNOWN_TYPE: Final = "application/octet-stream"


class DiskFiles:
    """Contents under ``root/ab/abcdef…``; the same content is kept once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def store(self, content: bytes) -> str:
        """Write the content so that a crash leaves all of it or nothing; return its SHA-256."""
        return self.keep([content]).sha256

    def keep(self, pieces: Iterable[bytes]) -> Kept:
        """Write the pieces as they come, in the same way; an error of theirs leaves nothing behind."""
        self._root.mkdir(parents=True, exist_ok=True)
        handle, incoming = tempfile.mkstemp(dir=self._root, prefix=".incoming-")
        sha256, size, head = hashlib.sha256(), 0, b""
        try:
            with os.fdopen(handle, "wb") as file:
                for piece in pieces:
                    file.write(piece)
                    sha256.update(piece)
                    size += len(piece)
                    head = (head + piece)[:HEAD] if len(head) < HEAD else head
                file.flush()
                os.fsync(file.fileno())
            path = self._path(sha256.hexdigest())
            path.parent.mkdir(exist_ok=True)
            Path(incoming).replace(path)
        except BaseException:
            Path(incoming).unlink(missing_ok=True)
            raise
        return Kept(sha256.hexdigest(), size, sniffed_type(head))

    def read(self, sha256: str) -> bytes:
        """Return the content; Permanent when it is missing or no longer what it was."""
        try:
            content = self._path(sha256).read_bytes()
        except OSError as error:
            raise Permanent(f"stored content {sha256} cannot be read") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Permanent(f"stored content {sha256} has been altered")
        return content

    def erase(self, sha256: str) -> None:
        """Delete a content for good; one that is not there is no error."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256


def sniffed_type(head: bytes) -> str:
    """Return the MIME type that the first bytes tell, whatever was declared; text is ``text/plain``, even of a page."""
    kind = filetype.guess_mime(head)
    if kind:
        return str(kind)
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(head) < HEAD or error.start < HEAD - 3:  # otherwise a character was only cut in two
            return UNKNOWN_TYPE
    return "text/plain" if head and b"\0" not in head else UNKNOWN_TYPE
