"""The survey before a plan: every fact, and every problem, gathered once."""
