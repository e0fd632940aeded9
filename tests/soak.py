"""`make soak`: one phone, 500 photos, 200 random faults; then the ledger.

The last line is JSON {faults, photos, acknowledged, lost, duplicates, differences}; the exit code
is 1 unless the last three are 0. SEED=… repeats a run; FAULTS and PHOTOS make it smaller.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SOUGHT = ("lost", "duplicates", "differences")


def main() -> int:
    seed = os.environ.setdefault("SEED", str(random.SystemRandom().randrange(1, 10**6)))
    with tempfile.TemporaryDirectory() as place:
        ledger = Path(place) / "ledger.json"
        command = [sys.executable, "-m", "pytest", "-q", "-x", "tests/browser/soak.py"]
        failed = subprocess.run(command, env=os.environ | {"SOAK_LEDGER": str(ledger)}).returncode
        told = json.loads(ledger.read_text()) if ledger.exists() else None
    print(f"seed {seed}")
    print(json.dumps(told))
    return 1 if failed or told is None or any(told[name] for name in SOUGHT) else 0


if __name__ == "__main__":
    sys.exit(main())
