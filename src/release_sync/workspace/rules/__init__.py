"""The rules, one file a family: pure functions from a workspace to what is wrong with it."""
