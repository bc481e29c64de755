"""What the publication says of itself: chosen in the studio, over what it began with, under what the environment holds fast."""
