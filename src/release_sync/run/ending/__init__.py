"""What is left on servers of a release that is over without having landed."""
