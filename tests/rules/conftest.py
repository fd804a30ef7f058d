"""Property tests measure rules, not this machine's load: no deadline per example."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
