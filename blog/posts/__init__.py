"""Stories: a manuscript that editors change, and the published post that visitors read, derived from it at each publication."""
