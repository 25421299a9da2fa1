"""What is done when a release is over: it is built again, and compared."""
