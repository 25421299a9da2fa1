"""Settings of all property tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from tests.properties.profile import EXAMPLES

settings.register_profile(
    "release-sync",
    max_examples=EXAMPLES,
    deadline=None,  # the machine may be busy; what is slow is measured in benchmarks/
    suppress_health_check=[HealthCheck.too_slow],  # for the same reason
    print_blob=True,
)
settings.load_profile("release-sync")
