"""Every word that can be translated is, in each catalogue, with the same places for values; and what is built is what is written."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from blog.language.speech import CATALOGUES

ROOT = Path(__file__).parents[3]
LANGUAGES = sorted(folder.name for folder in CATALOGUES.iterdir() if folder.is_dir())
PLACE = re.compile(r"%\(\w+\)s|%%|</?\w+")


def written(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "perijove.po"


def catalogue(language: str) -> Catalog:
    with written(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def words() -> frozenset[str]:
    """All that pybabel finds, by the first form of each."""
    with (ROOT / "blog" / "language" / "extract.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {
        "_": None, "gettext": None, "said": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }  # fmt: skip
    found: set[str] = set()
    for part in ("templates", "blog", "newsletter"):
        # Paths stand in the mapping from the root on.
        inside = [(p.removeprefix(f"{part}/"), m) for p, m in methods if p.startswith(f"{part}/")]
        own = {p.removeprefix(f"{part}/"): o for p, o in options.items()}
        for _, _, message, _, _ in extract_from_dir(ROOT / part, inside, own, keywords=keywords):
            found.add(message if isinstance(message, str) else message[0])
    return frozenset(found)


def forms(message: Message) -> list[tuple[str, str]]:
    ids = message.id if isinstance(message.id, list | tuple) else [message.id]
    told = message.string if isinstance(message.string, list | tuple) else [message.string]
    return [(ids[min(at, len(ids) - 1)], form) for at, form in enumerate(told)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_word_and_no_other(language: str) -> None:
    has = {forms(message)[0][0] for message in catalogue(language) if message.id}
    assert not words() - has, "without a translation"
    assert not has - words(), "said nowhere any more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_unsure_or_short_of_a_value(language: str) -> None:
    for message in catalogue(language):
        assert not message.fuzzy or not message.id, message.id
        for words_, told in forms(message) if message.id else []:
            assert told.strip() or not words_.strip(), words_
            assert sorted(PLACE.findall(words_)) == sorted(PLACE.findall(told)), told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_built_catalogue_is_the_written_one(language: str) -> None:
    with written(language).with_suffix(".mo").open("rb") as file:
        built = {
            forms(message)[0][0]: [form for _, form in forms(message)]
            for message in read_mo(file)
            if message.id
        }
    told = {
        forms(message)[0][0]: [form for _, form in forms(message)]
        for message in catalogue(language)
        if message.id
    }
    assert built == told
