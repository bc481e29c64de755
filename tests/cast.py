"""The small named cast that the tests play with. More of it lives beside the rooms that need it."""
