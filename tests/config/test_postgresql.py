import os

import pytest


@pytest.mark.service
def test_fast_suite_ran_on_postgresql_too():
    """tests/all.py says here why it could not, so that the last summary shows it."""
    if reason := os.environ.get("NO_POSTGRESQL"):
        pytest.skip(f"no PostgreSQL: {reason}")
