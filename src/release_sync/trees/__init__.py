"""Files of a workspace: on disk, in the index of git, in a commit."""
