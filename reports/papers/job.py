"""What a writer is given: the subject, where to write, and a way to say how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reports.queries.subject import Subject


@dataclass(frozen=True)
class Job:
    """`tell` takes a percentage; `folder` is for scratch files and is removed afterwards."""

    subject: Subject
    path: Path
    folder: Path
    tell: Callable[[int], None]
