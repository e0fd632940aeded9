"""The whole suite: on SQLite, on PostgreSQL where one answers, then browser and real services.

Each is a pytest run of its own; any that fails makes this fail, and the last line is pytest's.
"""

import os
import subprocess
import sys

POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/"
FAST = ["-n", "2", "-m", "not browser and not service"]
SLOW = ["-m", "browser or service"]


def run(title: str, arguments: list[str], **environment: str) -> int:
    print(f"\n— {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env=os.environ | environment).returncode


def why_no_postgresql(url: str) -> str:
    """Empty when a server answers there and lets us make a database."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=3, dbname="postgres") as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]
    return "" if row and row[0] else "this account may not create a database"


def main() -> int:
    url = os.environ.get("TEST_DATABASE_URL") or f"{POSTGRESQL}audits_{os.getpid()}"
    reason = why_no_postgresql(url)
    failed = run("SQLite", FAST, TEST_DATABASE_URL="")
    if not reason:
        failed |= run("PostgreSQL", FAST, TEST_DATABASE_URL=url)
    failed |= run("browser and services", SLOW, TEST_DATABASE_URL="", NO_POSTGRESQL=reason)
    return failed


if __name__ == "__main__":
    sys.exit(main())
