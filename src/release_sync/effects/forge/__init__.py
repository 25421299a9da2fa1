"""How a forge is found from a remote's address, and asked over its API."""
