"""An address as pages show it that a stranger may see: enough for its owner, too little for anybody else."""


def masked(address: str) -> str:
    """``m•••@example.org``. The dots are always three: they do not tell the length."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}"
