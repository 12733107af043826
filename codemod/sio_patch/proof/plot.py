"""The graph of a proof: every series as published, and the one that grew most again with the patch.

The only module that imports matplotlib, which is an optional extra.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sio_patch.proof.refused import Refused
from sio_patch.proof.report import ProofReport, Run
from sio_patch.verdict import CallError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".svg", ".png")

_INCHES = (8.0, 4.6)
_LABEL_SHARE = 0.125  # of the height of the axes, for a label of two lines
_DOTS_PER_INCH = 200  # of a png; a page shows it at half that
_INK, _FAINT = "#1f2933", "#d9dee3"
_WORST, _CURED, _OTHERS = "#c0392b", "#1f6fb2", ("#5f6b76", "#9a7b2f", "#6b5b95")
_STYLE: Any = {  # not dict[str, Any]: matplotlib types each name
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "svg.hashsalt": "sio-patch",  # the same figures give the same file
    "svg.fonttype": "path",  # the same letters on every machine
}


@dataclass(frozen=True, slots=True)
class Line:
    """One series as it is drawn."""

    label: str
    colour: str
    bold: bool
    points: tuple[tuple[float, float], ...]


def require(path: Path) -> None:
    """Whether a plot could be written there, before minutes are spent on a run. Raises CallError, Refused."""
    if path.suffix not in SUFFIXES:
        raise CallError(f"--plot {path}: the name must end in {' or '.join(SUFFIXES)}.")
    if not path.parent.is_dir():
        raise CallError(f"--plot {path}: there is no directory {path.parent}.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise CallError(f"--plot {path}: cannot be written.")
    if importlib.util.find_spec("matplotlib") is None:
        raise Refused("--plot needs matplotlib, which is not installed. To install it: pip install 'sio-patch[plot]'")


def lines(published: Run, patched: Run | None) -> tuple[Line, ...]:
    """What is drawn, the least important first. Pure."""
    series = {
        name: _points(published, name) for name in dict.fromkeys(reading.series for reading in published.readings)
    }
    worst = max(series, key=lambda name: _rise(series[name]))
    others = [name for name in series if name != worst]
    drawn = [
        Line(f"{name},\nas published", _OTHERS[index % len(_OTHERS)], False, series[name])
        for index, name in enumerate(others)
    ]
    drawn.append(Line(f"{worst},\nas published", _WORST, True, series[worst]))
    if patched is not None and (points := _points(patched, worst)):
        drawn.append(Line(f"{worst},\nwith the patch", _CURED, True, points))
    return tuple(drawn)


def draw(report: ProofReport, path: Path) -> None:
    """Writes the graph; the suffix says in which format. Raises OSError."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    assert report.published is not None
    plan = report.published.plan
    drawn = lines(report.published, report.patched)
    with matplotlib.rc_context(_STYLE):
        layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)
        figure = Figure(figsize=_INCHES, dpi=_DOTS_PER_INCH, layout=layout)
        axes = figure.add_subplot()
        for line in drawn:
            x, y = zip(*line.points, strict=True)
            axes.plot(x, y, color=line.colour, linewidth=2.4 if line.bold else 1.6, solid_capstyle="round", zorder=3)
        _dress(axes, plan.x, f"{plan.y}, {plan.unit}" if plan.unit else plan.y)
        _label(axes, drawn)
        axes.set_title(_title(report), loc="left", fontsize=12, fontweight="bold", pad=12)
        metadata = {"Date": None} if path.suffix == ".svg" else {}
        figure.savefig(path, metadata=metadata, facecolor="white")


def _points(run: Run, series: str) -> tuple[tuple[float, float], ...]:
    return tuple((reading.x, reading.y) for reading in run.readings if reading.series == series)


def _rise(points: Sequence[tuple[float, float]]) -> float:
    return points[-1][1] - points[0][1]


def _title(report: ProofReport) -> str:
    return f"{report.package} {report.version} on Node {report.node}, without and with {report.patch}"


def _dress(axes: Axes, x: str, y: str) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=_FAINT, linewidth=0.8)
    axes.set_axisbelow(True)


def _label(axes: Axes, drawn: Sequence[Line]) -> None:
    """Each line's name to the right of its end, in its colour; apart from each other where lines end together."""
    low, high = axes.get_ylim()
    by_end = sorted(drawn, key=lambda line: line.points[-1][1])
    places = apart([line.points[-1][1] for line in by_end], (high - low) * _LABEL_SHARE, low)
    for line, place in zip(by_end, places, strict=True):
        axes.annotate(
            line.label,
            xy=line.points[-1],
            xytext=(1.04, place),
            textcoords=axes.get_yaxis_transform(),
            verticalalignment="center",
            color=line.colour,
            fontweight="bold" if line.bold else "normal",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": line.colour,
                "linewidth": 0.8,
                "shrinkA": 2,
                "shrinkB": 2,
                "relpos": (0, 0.5),  # from the middle of the label's left side
            },
        )


def apart(wanted: Sequence[float], gap: float, low: float) -> list[float]:
    """Places as near to the wanted ones (ascending) as they can be, a gap from each other, none below half a gap
    above ``low``. Pure.
    """
    clusters: list[list[float]] = []
    for place in wanted:
        clusters.append([place])
        while len(clusters) > 1 and _spread(clusters[-2], gap, low)[-1] + gap > _spread(clusters[-1], gap, low)[0]:
            clusters[-2:] = [clusters[-2] + clusters[-1]]
    return [place for cluster in clusters for place in _spread(cluster, gap, low)]


def _spread(cluster: Sequence[float], gap: float, low: float) -> list[float]:
    """Around the middle of what they want."""
    first = max(sum(cluster) / len(cluster) - gap * (len(cluster) - 1) / 2, low + gap / 2)
    return [first + gap * index for index in range(len(cluster))]
