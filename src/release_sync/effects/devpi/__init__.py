"""devpi: the staging of a devpi-server, by its own API."""
