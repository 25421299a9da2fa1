"""The form of an archive, whatever is in its files: what an installer unpacks and compares."""
