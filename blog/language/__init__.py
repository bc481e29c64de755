"""The reader's language: the words of the catalogues, and how days, numbers and lists are written.

``speech`` answers for one language; ``templating`` hands it to every page and mail; ``catalogues/`` holds one folder a
language (docs/LANGUAGES.md).
"""
