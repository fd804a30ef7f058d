"""Pictures, drawn with matplotlib, which is imported only when one is drawn: it is large and rarely needed."""

from __future__ import annotations

import io

from programme.rules.sketch import Sketch
from programme.usecases.maps import LETTERS

INK, SOFT, DOT = "#1f4e5f", "#c9d6db", "#e07a3f"
INCHES, DOTS_PER_INCH = (6.4, 5.2), 110
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
        axes.set_xlabel(f"Créneaux communs : {slots}", fontsize=8, wrap=True)
        axes.set_ylabel("kilomètres, nord en haut", fontsize=8)
        axes.set_title(title, color=INK)
        axes.grid(color="#eef2f4")
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
        return picture.getvalue()
