from django.core.management import call_command


def main() -> bool:
    call_command("migrate", run_syncdb=True, verbosity=0)
    return True
