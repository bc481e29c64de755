"""Bylines: the people whose names stand above stories, each with a page of their own. An author needs no account."""
