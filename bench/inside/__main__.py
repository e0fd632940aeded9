"""`python -m bench.inside <module> <arguments as JSON>`: the answer is the last line, JSON."""

import json
import sys
from importlib import import_module

import django

django.setup()
module = import_module(f"bench.inside.{sys.argv[1]}")
print(json.dumps(module.main(**json.loads(sys.argv[2]))))
