from audits.models import selfchecks  # noqa: F401  known to Django; offered to nobody
from audits.models.audits import Answer, Audit, AuditEvent, AuditRevision
from audits.models.calendar import CalendarDay
from audits.models.causes import CommonCause
from audits.models.draws import Draw
from audits.models.evidence import EvidencePhoto, PhotoFlag
from audits.models.findings import Finding, FindingEvent, Rectification
from audits.models.notices import Notice, NoticeLine, RobotNotice
from audits.models.outbox import OutboxRow
from audits.models.phones import ExpectedPhoto, PhoneKey
from audits.models.prints import PhotoPrint
from audits.models.rounds import Assignment, AssignmentEvent, Round

__all__ = [
    "Answer",
    "Assignment",
    "AssignmentEvent",
    "Audit",
    "AuditEvent",
    "AuditRevision",
    "CalendarDay",
    "CommonCause",
    "Draw",
    "EvidencePhoto",
    "ExpectedPhoto",
    "Finding",
    "FindingEvent",
    "Notice",
    "NoticeLine",
    "OutboxRow",
    "PhoneKey",
    "PhotoFlag",
    "PhotoPrint",
    "Rectification",
    "RobotNotice",
    "Round",
]
