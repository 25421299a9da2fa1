"""What a release would do: pure values, computed before anything is touched."""
