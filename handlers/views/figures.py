"""The figures of a month in words, above the files that say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.views.kit import Drawn, clip, context, escape, header, section
from programme.content import Content
from programme.messages.figures import MonthFigures
from programme.usecases.figure_files import FEW_WORDS

LONGEST = 2000
FEW_SAID = f"« {FEW_WORDS} » protège les personnes : un compte d’une ou deux pourrait en désigner une."


def _figures(message: MonthFigures, _content: Content) -> Drawn:
    title = f"Chiffres du mois : {message.month}"
    blocks: list[Block] = [header(title)]
    for part in message.sections:
        lines = "\n".join(f"• {line}" for line in part.lines)
        blocks.append(section(f"*{escape(part.title)}*\n{escape(clip(lines, LONGEST))}"))
    if any(FEW_WORDS in line for part in message.sections for line in part.lines):
        blocks.append(context(FEW_SAID))
    return Drawn(f"{title}. {' ; '.join(part.title for part in message.sections)}.", blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"month_figures": _figures}
