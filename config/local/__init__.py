"""`manage.py serve`: the whole tool on one machine, nothing else installed."""
