"""The workspace's own steps of a release that was begun before."""
