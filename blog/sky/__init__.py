"""The sky: Moon, Sun and planets for a place and a moment, and the charts drawn from them. Pure: no tables, no files."""
