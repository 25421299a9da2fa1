"""What each build backend says of a package: its version, and where its code is."""
