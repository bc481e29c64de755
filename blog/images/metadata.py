"""What a file says of itself, from all three kinds of notes: XMP with AVM first, then IPTC, then EXIF. ``intake.py`` asks it."""

from blog.images import credits, exif, iptc
from blog.images.foreman import Header
from blog.images.told import Told, over


def read(header: Header) -> Told:
    """Only words that people wrote: neither places on Earth nor devices are read."""
    return over(over(credits.read(header.xmp), iptc.read(header.iptc)), exif.read(header.exif))
