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

    @property
    def ratio(self) -> float:
        return self.value / self.ceiling if self.ceiling else 0.0

    @property
    def holds(self) -> bool:
        return self.ratio >= self.target if self.better == "higher" else self.ratio <= self.target


def show(measure: Measure, *, as_json: bool) -> None:
    if as_json:
        row = {
            "name": measure.name, "value": round(measure.value, 3), "unit": measure.unit, "ceiling": round(measure.ceiling, 3),
            "ratio": round(measure.ratio, 4), "target": measure.target, "holds": measure.holds,
        }  # fmt: skip
        print(json.dumps(row), flush=True)
        return
    sign = "≥" if measure.better == "higher" else "≤"
    verdict = "holds" if measure.holds else "DOES NOT HOLD"
    print(
        f"{measure.name:<44}{measure.value:>12,.1f} {measure.unit:<10} ceiling {measure.ceiling:>11,.1f}"
        f"  ratio {measure.ratio:>7.3f} {sign} {measure.target:<6} {verdict}",
        flush=True,
    )
