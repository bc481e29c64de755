"""``bench/run NAME [ROW …] [--quick] [--json]``: runs one benchmark, or some rows of it; exit status 1 where a target does not hold."""

import argparse
import importlib
import signal
import sys

from bench import measure
from blog.logs import configure

NAMES = ("pages", "digest", "faults", "studio")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help="only these rows; an unknown one tells all names"
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: to see that it runs")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    chosen = parser.parse_args()
    configure("error")
    # What was started for a measure ends with it, also when somebody ends us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    benchmark = importlib.import_module(f"bench.{chosen.name}")
    if unknown := set(chosen.rows) - set(benchmark.ROWS):
        parser.error(f"{', '.join(sorted(unknown))}: the rows are {', '.join(benchmark.ROWS)}")
    show = getattr(benchmark, "show", measure.show)
    found = []
    for one in benchmark.run(quick=chosen.quick, only=chosen.rows):
        show(one, as_json=chosen.json)
        found.append(one.holds)
    return 0 if found and all(found) else 1


sys.exit(main())
