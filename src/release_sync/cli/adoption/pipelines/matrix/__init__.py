"""What is built on many machines: which wheels on which, with what, and the jobs that do it."""
