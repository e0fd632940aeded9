from __future__ import annotations

import datetime as dt
from typing import NamedTuple

AGAIN = "again "  # and a topic of the outbox: put right by doing the subject's follow-up work anew
GRACE = dt.timedelta(minutes=2)  # what is younger may still be on its way


class Difference(NamedTuple):
    """`kind` says what a repair can do about `subject`; `words` is the line people read."""

    kind: str
    subject: str
    words: str

    def __str__(self) -> str:
        return self.words
