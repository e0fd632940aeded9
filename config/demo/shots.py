"""One picture of the demonstration. Without Django, for the processes that draw."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

NAMESPACE = uuid.UUID("7c0d5f2e-3a55-4b7e-9a52-0f8f6d1b2c11")


@dataclass(frozen=True)
class Shot:
    """One picture to be drawn. `name` makes its id, the rest its bytes: the same every time."""

    name: str
    item_code: str
    result: str
    stage: str
    seed: int
    visit: int
    lines: tuple[str, ...]
    is_large: bool

    @property
    def id(self) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, self.name)
