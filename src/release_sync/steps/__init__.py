"""What a release is made of: one step a file; each describes, observes and performs."""
