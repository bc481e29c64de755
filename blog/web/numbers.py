"""Numbers and names in addresses: a number that no database column can hold is no address of ours, so it is not found, nor is a name
that no page can have. ``mount`` installs them.
"""

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map

LARGEST = 2**63 - 1


class Number(IntegerConverter):
    def __init__(
        self,
        map: Map,
        fixed_digits: int = 0,
        min: int | None = None,
        max: int | None = None,
        signed: bool = False,
    ) -> None:
        super().__init__(map, fixed_digits, min, LARGEST if max is None else max, signed)


class Name(BaseConverter):
    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


def install(app: Flask) -> None:
    app.url_map.converters["int"] = Number
    app.url_map.converters["name"] = Name
