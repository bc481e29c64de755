"""A furnished publication to look around in, and to take away again."""
