"""The carriers: every mail is a letter in one ledger, and the ledger decides. Knows neither editions nor subscribers."""
