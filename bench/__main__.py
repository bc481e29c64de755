"""``bench/run NAME [--quick] [--json]``: runs one benchmark; exit status 1 where a target does not hold."""

import argparse
import importlib
import sys

from bench.measure import Measure, show
from blog.logs import configure

NAMES = ("pages", "digest")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: to see that it runs")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    chosen = parser.parse_args()
    configure("error")
    measures: list[Measure] = []
    for measure in importlib.import_module(f"bench.{chosen.name}").run(quick=chosen.quick):
        show(measure, as_json=chosen.json)
        measures.append(measure)
    return 0 if measures and all(measure.holds for measure in measures) else 1


sys.exit(main())
