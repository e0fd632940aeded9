from audits.queries.findings import finding_guidance, finding_photos
from audits.queries.payloads import answers, photo_link, photo_url, photos, sheet_payload
from audits.queries.receipts import receipt
from audits.queries.scores import (
    grade_name,
    number,
    plain,
    revision_in_force,
    revision_score,
    section_value,
)
from audits.queries.sheet import (
    Declared,
    SheetState,
    answers_of,
    items_of,
    photos_of,
    ratio_of,
    score_lines,
    sheet_state,
    when_whole,
)

__all__ = [
    "Declared",
    "SheetState",
    "answers",
    "answers_of",
    "finding_guidance",
    "finding_photos",
    "grade_name",
    "items_of",
    "number",
    "photo_link",
    "photo_url",
    "photos",
    "photos_of",
    "plain",
    "ratio_of",
    "receipt",
    "revision_in_force",
    "revision_score",
    "score_lines",
    "section_value",
    "sheet_payload",
    "sheet_state",
    "when_whole",
]
