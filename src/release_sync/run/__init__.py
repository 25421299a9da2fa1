"""The executor, and the events that it sends."""
