"""What runs in a process of its own, with the settings and the database of one place."""
