"""The writers, one per kind and format. Each writes its whole file and may return the hash of
what the paper says, where it prints one."""

from collections.abc import Callable

from reports.papers import (
    archive,
    circular,
    close_out,
    evaluation,
    ledger,
    notice,
    scores,
    station,
)
from reports.papers.job import Job

__all__ = ["PAPERS", "Job"]

PAPERS: dict[tuple[str, str], Callable[[Job], str | None]] = {
    ("ledger", "xlsx"): ledger.write,
    ("scores", "xlsx"): scores.write,
    ("notice", "docx"): notice.write,
    ("close-out", "docx"): close_out.write,
    ("circular", "docx"): circular.write,
    ("self-evaluation", "docx"): evaluation.write_docx,
    ("self-evaluation", "xlsx"): evaluation.write_xlsx,
    ("station", "pdf"): station.write,
    ("archive", "zip"): archive.write,
}
