"""Pictures made byte by byte for the tests: whole ones, lying ones and bombs."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from blog.images import foreman

Colour = tuple[int, int, int]
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
HEBE = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" photoshop:Credit="Observatory of the Tests">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Hebe, &lt;em&gt;seen&lt;/em&gt; twice</rdf:li>
<rdf:li xml:lang="fr">Autre</rdf:li></rdf:Alt></dc:description>
<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">CC BY 4.0</rdf:li></rdf:Alt></xmpRights:UsageTerms>
</rdf:Description></rdf:RDF></x:xmpmeta>"""

AVM = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:avm="http://www.communicatingastronomy.org/avm/1.0/"
 photoshop:Headline="A headline" photoshop:Credit="ESA/Hubble &amp; NASA, A. Tester"
 avm:ReferenceURL="https://example.org/images/heic0000/" avm:Spatial.CoordinateFrame="ICRS"
 xmpRights:WebStatement="http://creativecommons.org/licenses/by/4.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Wings of the Butterfly</rdf:li></rdf:Alt></dc:title>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© ESA/Hubble</rdf:li></rdf:Alt></dc:rights>
<avm:Facility><rdf:Seq><rdf:li>Hubble Space Telescope</rdf:li><rdf:li>Hubble Space Telescope</rdf:li>
<rdf:li>Very Large Telescope</rdf:li></rdf:Seq></avm:Facility>
<avm:Instrument><rdf:Seq><rdf:li>WFC3</rdf:li><rdf:li>WFC3</rdf:li><rdf:li>FORS2</rdf:li></rdf:Seq></avm:Instrument>
<avm:Subject.Name><rdf:Bag><rdf:li>NGC 6302</rdf:li><rdf:li>Butterfly Nebula</rdf:li></rdf:Bag></avm:Subject.Name>
<avm:Spatial.ReferenceValue><rdf:Seq><rdf:li>258.43</rdf:li><rdf:li>-37.1</rdf:li></rdf:Seq></avm:Spatial.ReferenceValue>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def png(width: int, height: int, paint: Callable[[int, int], Colour] = lambda _x, _y: RED) -> bytes:
    rows = (b"\0" + b"".join(bytes(paint(x, y)) for x in range(width)) for y in range(height))
    return _png(width, height, 8, 2, zlib.compress(b"".join(rows)))


def clear_png(width: int, height: int) -> bytes:
    """Black, and wholly transparent."""
    return _png(width, height, 8, 6, zlib.compress((b"\0" + b"\0\0\0\0" * width) * height))


def bomb(width: int, height: int) -> bytes:
    """A small file that claims to be enormous, and is."""
    return _png(width, height, 1, 0, zlib.compress(bytes(100_000)))


def red_then_blue(width: int) -> Callable[[int, int], Colour]:
    return lambda x, _y: RED if x < width // 2 else BLUE


def jpeg(
    folder: Path, width: int, height: int, paint: Callable[[int, int], Colour] = lambda _x, _y: RED
) -> bytes:
    """Made by the workshop itself of a PNG."""
    source = folder / "source.png"
    source.write_bytes(png(width, height, paint))
    foreman.quick(source, folder, [f"{width}.jpg"], crisp=True)
    return (folder / f"{width}.jpg").read_bytes()


def with_exif(jpeg: bytes, orientation: int) -> bytes:
    """The JPEG with an orientation and a place on Earth in its EXIF."""
    first = struct.pack("<HHHII", 2, 0x0112, 3, 1, orientation) + struct.pack("<HHII", 0x8825, 4, 1, 38)
    place = struct.pack("<HHHI4s", 1, 0x0001, 2, 2, b"N\0\0\0") + struct.pack("<I", 0)
    tiff = struct.pack("<2sHI", b"II", 42, 8) + first + struct.pack("<I", 0) + place + b"GPS-OF-HOME"
    return with_segment(jpeg, b"Exif\0\0" + tiff)


def with_xmp(jpeg: bytes, xmp: bytes = HEBE) -> bytes:
    return with_segment(jpeg, b"http://ns.adobe.com/xap/1.0/\0" + xmp)


def with_segment(jpeg: bytes, content: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def exif(entries: dict[int, bytes], order: str = "<") -> bytes:
    """A TIFF structure with these words, by the number of their field."""
    data_at, rows, data = 8 + 2 + 12 * len(entries) + 4, b"", b""
    for tag, value in sorted(entries.items()):
        where = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(order + "I", data_at + len(data))
        data += b"" if len(value) <= 4 else value
        rows += struct.pack(order + "HHI", tag, 2, len(value)) + where
    head = struct.pack(order + "2sHIH", b"II" if order == "<" else b"MM", 42, 8, len(entries))
    return head + rows + struct.pack(order + "I", 0) + data


def iim(sets: dict[int, bytes]) -> bytes:
    """A Photoshop block with these words of the press, by the number of their data set."""
    words = b"".join(struct.pack(">BBBH", 0x1C, 2, number, len(data)) + data for number, data in sets.items())
    other = b"8BIM" + struct.pack(">H", 0x03ED) + b"\x03abc" + struct.pack(">I", 3) + b"xyz\0"
    return b"Photoshop 3.0\0" + other + b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(words)) + words


def measurements(width: int, height: int) -> bytes:
    """A TIFF of 32-bit numbers from far below zero to far above 255."""
    row = [(-4000.0 + 9000.0 * x / (width - 1)) for x in range(width)]
    data = struct.pack(f"<{width}f", *row) * height
    fields = [
        (256, 4, width), (257, 4, height), (258, 3, 32), (259, 3, 1), (262, 3, 1), (273, 4, 8),
        (277, 3, 1), (278, 4, height), (279, 4, len(data)), (339, 3, 3),
    ]  # fmt: skip
    directory = struct.pack("<H", len(fields)) + b"".join(
        struct.pack("<HHII", tag, of, 1, value) for tag, of, value in fields
    )
    return struct.pack("<2sHI", b"II", 42, 8 + len(data)) + data + directory + struct.pack("<I", 0)


def colour_of(picture: Path, folder: Path) -> Colour:
    """The mean colour, as the workshop sees it."""
    told = foreman.quick(picture, folder, ["8.jpg"], crisp=True).colour
    return (int(told[1:3], 16), int(told[3:5], 16), int(told[5:7], 16))


def near(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= 12 for a, b in zip(one, other, strict=True))


def _png(width: int, height: int, depth: int, colours: int, data: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
