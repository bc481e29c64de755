"""What may go wrong, each told once and played in two sizes: small in ``./test``, full by ``bench/run faults``."""
