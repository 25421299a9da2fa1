"""What a release is made of: one step a file, each frozen data that describes, observes and performs."""
