"""Addresses whose builders are compiled once a process. An application has two hundred; compiling them takes longer than most tests."""

from collections.abc import Callable

from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]
_compiled: dict[tuple[object, ...], _Builder] = {}


class RememberedRule(Rule):
    """Werkzeug's rule. The builder takes the rule as its first argument and is a function of what ``known`` names alone."""

    def _compile_builder(self, append_unknown: bool = True) -> _Builder:
        kinds = tuple((name, type(one)) for name, one in self._converters.items())
        known = (self.rule, tuple(self._trace), kinds, repr(self.defaults), append_unknown)
        if known not in _compiled:
            _compiled[known] = super()._compile_builder(append_unknown)
        return _compiled[known]
