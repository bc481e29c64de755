"""Pictures: taken in with care, kept as they came, shown in sizes made for each screen, never without their credit."""
