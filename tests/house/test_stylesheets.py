"""Style sheets of pages that readers see name no left and no right: those change sides with the language (MDN, "CSS logical properties")."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHEETS = [
    *sorted((ROOT / "frontend/css/site").glob("*.css")), *(ROOT / "frontend/css" / f"{name}.css" for name in ("lightbox", "red", "tokens")),
    *sorted((ROOT / "themes").glob("*/*.css")),
]  # fmt: skip
ONE_SIDED = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)[\w-]*|border-(?:top|bottom)-(?:left|right)-radius"
    r"|left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)


def one_sided(text: str) -> list[str]:
    return ONE_SIDED.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.S))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_sheet_for_readers_takes_no_side(sheet: Path) -> None:
    assert one_sided(sheet.read_text()) == []


def test_what_takes_a_side_is_found() -> None:
    wrong = "a { left: 0; margin-left: 1px; text-align: right; border-top-left-radius: 2px; padding-right:0 }"
    assert len(one_sided(wrong)) == 5
    assert (
        one_sided("a { inset-inline-start: 0; text-align: start; background: linear-gradient(to left, red) }")
        == []
    )
