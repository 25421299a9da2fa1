"""A command that needs a distribution which nobody has."""

import a_distribution_that_nobody_has  # type: ignore[import-not-found] # noqa: F401 - on purpose
