"""How the changelogs of a workspace are kept."""
