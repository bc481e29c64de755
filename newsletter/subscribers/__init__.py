"""Readers: how they join, what they hold instead of a password, how they leave."""
