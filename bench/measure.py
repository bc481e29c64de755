"""What a benchmark says: a value, the ceiling measured beside it, and whether their ratio is what we aim at."""

import json
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Measure:
    name: str
    value: float
    unit: str
    ceiling: float
    """The same thing done by the tool that sets the limit, in the same run."""
    target: float
    """The ratio of value to ceiling that we aim at."""
    better: Literal["higher", "lower"] = "higher"
    limit: float | None = None
    """What the value itself must not exceed; where it is set it judges, and the ceiling is only told beside."""

    @property
    def ratio(self) -> float:
        return self.value / self.ceiling if self.ceiling else 0.0

    @property
    def holds(self) -> bool:
        if self.limit is not None:
            return 0 < self.value <= self.limit
        return self.ratio >= self.target if self.better == "higher" else self.ratio <= self.target


def show(measure: Measure, *, as_json: bool) -> None:
    if as_json:
        row = {
            "name": measure.name, "value": round(measure.value, 3), "unit": measure.unit, "ceiling": round(measure.ceiling, 3),
            "ratio": round(measure.ratio, 4), "target": measure.target, "limit": measure.limit, "holds": measure.holds,
        }  # fmt: skip
        print(json.dumps(row), flush=True)
        return
    sign = "≥" if measure.better == "higher" else "≤"
    verdict = "holds" if measure.holds else "DOES NOT HOLD"
    beside = (
        f"ceiling {_short(measure.ceiling):>10}  ratio {measure.ratio:>7.3f}" if measure.ceiling else " " * 33
    )
    bound = f"{sign} {measure.target}" if measure.limit is None else f"at most {measure.limit:g}"
    print(
        f"{measure.name:<60}{_short(measure.value):>10} {measure.unit:<11}{beside}  {bound:<11} {verdict}",
        flush=True,
    )


def within(name: str, value: float, unit: str, limit: float, ceiling: float = 0.0) -> Measure:
    """What must stay under an absolute limit, perhaps with the same done by another tool beside."""
    return Measure(name, value, unit, ceiling, 1.0, "lower", limit)


def _short(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.1f}"
