"""A place in the sky as people write it, and as degrees of right ascension and declination (equatorial, J2000)."""

import re

from blog.refusals import Invalid

_SEXAGESIMAL = re.compile(
    r"(\d{1,2})[h: ]+\s*(\d{1,2})[m:′' ]+\s*(\d{1,2}(?:\.\d+)?)?\s*[s″\"]?[\s,;]+"
    r"([+\-−–])?\s*(\d{1,2})[d°: ]+\s*(\d{1,2})(?:[m:′' ]+\s*(\d{1,2}(?:\.\d+)?)?)?\s*[s″\"]?"
)
_DEGREES = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*°?[\s,;]+([+\-−–]?)\s*(\d{1,2}(?:\.\d+)?)\s*°?")
_SENTENCE = "Write the position like 05h 35m 17s −05° 23′ 28″, or in degrees like 83.82 −5.39."


def parse(text: str) -> tuple[float | None, float | None]:
    """Both None for no text. Raises Invalid about the field ``position``."""
    text = " ".join(text.split())
    if not text:
        return None, None
    if found := _DEGREES.fullmatch(text):
        ra, dec, sign = float(found[1]), float(found[3]), found[2]
    elif found := _SEXAGESIMAL.fullmatch(text):
        ra = 15 * (int(found[1]) + int(found[2]) / 60 + float(found[3] or 0) / 3600)
        dec, sign = int(found[5]) + int(found[6]) / 60 + float(found[7] or 0) / 3600, found[4]
    else:
        raise Invalid(_SENTENCE, {"position": [_SENTENCE]})
    dec = -dec if sign and sign != "+" else dec
    if not (ra < 360 and -90 <= dec <= 90):
        raise Invalid(_SENTENCE, {"position": [_SENTENCE]})
    return round(ra, 6), round(dec, 6)


def say(ra: float | None, dec: float | None) -> str:
    """Like ``05h 35m 17s −05° 23′ 28″``; nothing where it is not known."""
    if ra is None or dec is None:
        return ""
    seconds, arc = round(ra * 240) % 86_400, round(abs(dec) * 3600)
    hours, degrees = divmod(seconds, 3600), divmod(arc, 3600)
    return (
        f"{hours[0]:02}h {hours[1] // 60:02}m {hours[1] % 60:02}s "
        f"{'−' if dec < 0 else '+'}{degrees[0]:02}° {degrees[1] // 60:02}′ {degrees[1] % 60:02}″"
    )
