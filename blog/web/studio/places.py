"""Where on the editor's page a finding is mended."""

PLACES = {
    "title": "title",
    "authors": "author_ids",
    "dek": "dek",
    "lead_image": "lead-picture",
    "topics": "topic_ids",
    "sources": "sources",
    "title_marks": "title",
    "dek_marks": "dek",
}
"""Where on the editor's page a finding is mended; what is not here stands in the body."""
