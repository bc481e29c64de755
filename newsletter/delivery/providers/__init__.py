"""Ways out of the house by a provider's HTTP interface instead of SMTP. Opened by ``transport``, used by ``plain``."""
