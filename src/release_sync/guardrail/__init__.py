"""What the hooks do: choose what to check, check it, remember a green result, report."""
