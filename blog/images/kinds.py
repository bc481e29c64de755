"""Which files are pictures we take, told by their first bytes alone; a file's name and the browser's word are not asked."""

from dataclasses import dataclass

from blog.refusals import Invalid

TAKEN = "JPEG, PNG, WebP, AVIF, TIFF or GIF"
HEAD = 512
"""How many of the first bytes :func:`sniff` wants."""


@dataclass(frozen=True)
class Kind:
    media_type: str
    extension: str
    crisp: bool = False
    """Drawn rather than photographed, mostly: hard edges and flat colours."""

    @property
    def original(self) -> str:
        """The name under which storage keeps the untouched original."""
        return f"original.{self.extension}"


JPEG = Kind("image/jpeg", "jpg")
PNG = Kind("image/png", "png", crisp=True)
GIF = Kind("image/gif", "gif", crisp=True)
WEBP = Kind("image/webp", "webp")
AVIF = Kind("image/avif", "avif")
TIFF = Kind("image/tiff", "tif")
KINDS = (JPEG, PNG, GIF, WEBP, AVIF, TIFF)


def sniff(head: bytes) -> Kind:
    """Raises Invalid with a sentence that names what is taken."""
    if not head:
        raise Invalid("This file is empty. Choose the picture again.")
    if kind := _known(head):
        return kind
    if head[4:8] == b"ftyp":
        raise Invalid(
            "This is a HEIC photo or a video, which we can't read. Export the photo as a JPEG and try that."
        )
    if b"<svg" in head.lower():
        raise Invalid(
            "SVG drawings can carry scripts, so they are not taken. Export the drawing as a PNG and try that."
        )
    raise Invalid(f"This file is not a picture we can take. Pictures can be {TAKEN}.")


def kind_of(media_type: str) -> Kind:
    """The kind that :func:`sniff` told when the picture was taken in."""
    return next(kind for kind in KINDS if kind.media_type == media_type)


def _known(head: bytes) -> Kind | None:
    for begins, kind in _SIGNATURES:
        if head.startswith(begins):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and b"avif" in head[8:40]:
        return AVIF
    return None


_SIGNATURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
)
