"""What each build backend says of a package, one module each, and what those share."""
