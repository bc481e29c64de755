"""A story's sources in schema.org's words. Called by structured."""

from collections.abc import Sequence
from typing import Any

from blog.posts.sources import Source, SourceKind

TYPES = {
    SourceKind.PAPER: "ScholarlyArticle",
    SourceKind.PREPRINT: "ScholarlyArticle",
    SourceKind.RELEASE: "NewsArticle",
    SourceKind.DATA: "Dataset",
    SourceKind.OTHER: "CreativeWork",
}


def citations(sources: Sequence[Source]) -> dict[str, Any]:
    return {"citation": [_citation(source) for source in sources]} if sources else {}


def _citation(source: Source) -> dict[str, Any]:
    told = {
        "@type": TYPES[source.kind],
        "name": source.name,
        "author": [
            {"@type": "Person", "name": name.strip()} for name in source.authors.split(",") if name.strip()
        ],
        "isPartOf": {"@type": "CreativeWork", "name": source.publication} if source.publication else None,
        "datePublished": str(source.year or ""),
        "url": source.address,
        "sameAs": source.url if source.doi else "",
        "identifier": {"@type": "PropertyValue", "propertyID": "DOI", "value": source.doi}
        if source.doi
        else None,
        "creativeWorkStatus": source.reviewed.value.capitalize(),
    }
    return {name: value for name, value in told.items() if value}
