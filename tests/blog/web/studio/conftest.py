"""The studio's own cast."""

from tests.blog.web.staff import studio

__all__ = ["studio"]
