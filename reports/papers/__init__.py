"""The writers, one per kind and format. Each writes its whole file and may return the hash of
what the paper says, where it prints one."""

from collections.abc import Callable

from django.utils.module_loading import import_string

from reports.papers.job import Job

__all__ = ["Job", "writer_of"]

WRITERS = {
    ("ledger", "xlsx"): "ledger.write",
    ("scores", "xlsx"): "scores.write",
    ("notice", "docx"): "notice.write",
    ("close-out", "docx"): "close_out.write",
    ("circular", "docx"): "circular.write",
    ("self-evaluation", "docx"): "evaluation.write_docx",
    ("self-evaluation", "xlsx"): "evaluation.write_xlsx",
    ("station", "pdf"): "station.write",
    ("archive", "zip"): "archive.write",
}


def writer_of(kind: str, format: str) -> Callable[[Job], str | None]:
    """Imported with the first paper of its kind: the libraries of Word and Excel take as long as
    a fifth of a start, and only a worker that writes papers needs them."""
    found: Callable[[Job], str | None] = import_string(f"{__name__}.{WRITERS[kind, format]}")
    return found
