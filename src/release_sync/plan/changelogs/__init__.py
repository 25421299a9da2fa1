"""What a plan says of the changelogs that a release writes."""
