"""What a release leaves on the remote while it is pending: values, names and texts."""
