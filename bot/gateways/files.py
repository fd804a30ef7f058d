"""Our own store of what people hand in: contents by SHA-256 under a folder, never by the name that was given."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from programme.errors import Permanent


class DiskFiles:
    """Contents under ``root/ab/abcdef…``; the same content is kept once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def store(self, content: bytes) -> str:
        """Write the content so that a crash leaves all of it or nothing; return its SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        return digest

    def read(self, sha256: str) -> bytes:
        """Return the content; Permanent when it is missing or no longer what it was."""
        try:
            content = self._path(sha256).read_bytes()
        except OSError as error:
            raise Permanent(f"stored content {sha256} cannot be read") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Permanent(f"stored content {sha256} has been altered")
        return content

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256
