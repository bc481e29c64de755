"""Editions: one per list and local date, filled by itself, arranged by editors, closed once, kept as a page for ever."""
