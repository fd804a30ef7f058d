"""Everything the bot reads aloud, loaded and checked once at start."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from programme.content.checks import ContentError, ContentProblem, prose_problems, read_text
from programme.content.choices import Choices, load_choices
from programme.content.gazetteer import DEFAULT_PATH as GAZETTEER
from programme.content.gazetteer import Gazetteer
from programme.content.guides import Guides, load_guides
from programme.content.remarks import RemarkTemplates, load_remarks
from programme.content.surveys import Surveys, load_surveys
from programme.content.texts import Texts, load_texts
from programme.content.trader import CONTENT_ROOT, Trader, load_trader
from programme.content.worksheets import Worksheets, load_worksheets

SENTENCES = "messages.toml"


@dataclass(frozen=True, repr=False)
class Content:
    """The operator's texts, guides, worksheets, sentences and places."""

    trader: Trader
    texts: Texts
    choices: Choices
    guides: Guides
    worksheets: Worksheets
    remarks: RemarkTemplates
    surveys: Surveys
    sentences: dict[str, str]
    places: Gazetteer
    kept_guides: dict[str, Guides] = field(default_factory=dict)
    kept_worksheets: dict[str, Worksheets] = field(default_factory=dict)

    def edition(self, version: str) -> Guides:
        """The guides of a version that was kept; those of today for a group that has none."""
        return self.guides if version == self.guides.version else self.kept_guides.get(version, self.guides)

    def worksheets_of(self, version: str) -> Worksheets:
        """The worksheets of a version that was kept; those of today for a group that has none."""
        return self.kept_worksheets.get(version, self.worksheets)

    def sentence(self, key: str, **details: object) -> str:
        """Return the French sentence of ``messages.toml``; KeyError if the key is unknown."""
        return self.sentences[key].format(**details)


def load_content(root: Path = CONTENT_ROOT, *, withdrawal_url: str = "") -> Content:
    """Load and check everything; ContentError lists each file and what is wrong with it."""
    trader = load_trader(root, withdrawal_url=withdrawal_url)
    return Content(
        trader=trader,
        texts=load_texts(root, trader),
        choices=load_choices(root),
        guides=load_guides(root),
        worksheets=load_worksheets(root),
        remarks=load_remarks(root),
        surveys=load_surveys(root),
        sentences=load_sentences(root),
        places=Gazetteer.load(GAZETTEER),
    )


def load_sentences(root: Path = CONTENT_ROOT) -> dict[str, str]:
    """The short sentences of ``messages.toml``; ContentError with every fault of their French."""
    try:
        sentences = tomllib.loads(read_text(root / SENTENCES))
    except tomllib.TOMLDecodeError as error:
        raise ContentError([ContentProblem(SENTENCES, f"TOML illisible : {error}")]) from error
    problems = [
        ContentProblem(f"{SENTENCES}, {key}", fault.message)
        for key, sentence in sentences.items()
        for fault in prose_problems(SENTENCES, sentence)
    ]
    if problems:
        raise ContentError(problems)
    return sentences
