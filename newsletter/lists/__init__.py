"""Mailing lists: what there is to subscribe to, on which days each leaves, from whom, about what."""
