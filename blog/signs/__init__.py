"""What editors put up around the stories: the announcement over every page, and signposts at addresses that lead elsewhere."""
