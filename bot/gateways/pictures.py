"""Pictures, drawn with matplotlib, which is imported only when one is drawn: it is large and rarely needed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from programme.rules.sketch import Sketch
from programme.usecases.maps import LETTERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, SOFT, DOT = "#1f4e5f", "#c9d6db", "#e07a3f"
BARS = (INK, DOT, "#8aa9b4")
ROW_INCHES, FRAME_INCHES = 0.62, 1.5
INCHES, DOTS_PER_INCH = (6.4, 5.2), 110
CAPTION_ROOM = 1.9
"""How much wider than the longest bar a bar chart is, for the captions."""
MARGIN = 1.35
"""How much wider than its people the sketch is."""


class Pictures:
    """Draws PNG pictures; no window, no state between two of them."""

    def group_map(self, *, title: str, sketch: Sketch, slots: str) -> bytes:
        """Draw people as letters, with the distance of each pair on the line between them."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - see above

        figure = Figure(figsize=INCHES, dpi=DOTS_PER_INCH, layout="constrained")
        axes = figure.add_subplot()
        for a, b, km in sketch.distances:
            one, other = sketch.dots[a], sketch.dots[b]
            axes.plot([one.east, other.east], [one.north, other.north], color=SOFT, linewidth=1.4, zorder=1)
            middle = ((one.east + other.east) / 2, (one.north + other.north) / 2)
            box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
            axes.text(*middle, f"{km} km", fontsize=9, color=INK, ha="center", va="center", bbox=box, zorder=2)
        for letter, dot in zip(LETTERS, sketch.dots, strict=False):
            axes.scatter([dot.east], [dot.north], s=420, color=DOT, zorder=3)
            axes.text(dot.east, dot.north, letter, color="white", weight="bold", ha="center", va="center", zorder=4)
        reach = MARGIN * max(1.0, *(abs(value) for dot in sketch.dots for value in (dot.east, dot.north)))
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        axes.set_xlabel(f"Créneaux communs : {slots}", fontsize=8, wrap=True)
        axes.set_ylabel("kilomètres, nord en haut", fontsize=8)
        axes.set_title(title, color=INK)
        axes.grid(color="#eef2f4")
        return _png(figure)

    def share_chart(
        self, *, title: str, labels: Sequence[str], bars: Sequence[str], shares: Sequence[Sequence[int | None]]
    ) -> bytes:
        """Draw a row of bars for each label, first label on top, with the figure at the end of each bar."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - see above

        figure = Figure(
            figsize=(INCHES[0], FRAME_INCHES + ROW_INCHES * len(labels)), dpi=DOTS_PER_INCH, layout="constrained"
        )
        axes = figure.add_subplot()
        height = 0.8 / len(bars)
        for number, (name, colour) in enumerate(zip(bars, BARS, strict=True)):
            column = [row[number] for row in shares]
            places = [place + number * height for place in range(len(labels))]
            drawn = axes.barh(places, [share or 0 for share in column], height, color=colour, label=name)
            axes.bar_label(drawn, ["–" if share is None else f"{share} %" for share in column], fontsize=7, padding=2)
        axes.set(xlim=(0, 112), xticks=range(0, 101, 25), title=title)
        axes.set_yticks([place + height for place in range(len(labels))], labels, fontsize=8)
        axes.invert_yaxis()
        axes.grid(axis="x", color="#eef2f4")
        axes.set_axisbelow(True)
        figure.legend(loc="outside lower center", ncols=len(bars), fontsize=8, frameon=False)
        return _png(figure)

    def bar_chart(self, *, title: str, labels: Sequence[str], lengths: Sequence[int], captions: Sequence[str]) -> bytes:
        """Draw one bar for each label, first label on top, with its caption at its end."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - see above

        height = FRAME_INCHES + ROW_INCHES * len(labels)
        figure = Figure(figsize=(INCHES[0] * 1.4, height), dpi=DOTS_PER_INCH, layout="constrained")
        axes = figure.add_subplot()
        drawn = axes.barh(range(len(labels)), lengths, 0.6, color=INK)
        axes.bar_label(drawn, captions, fontsize=8, padding=3)
        axes.set(xlim=(0, max(1, *lengths) * CAPTION_ROOM), title=title, xticks=[])
        axes.set_yticks(range(len(labels)), labels, fontsize=8)
        axes.invert_yaxis()
        axes.spines[["top", "right", "bottom"]].set_visible(False)
        return _png(figure)


def _png(figure: Figure) -> bytes:
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
