from targets.models.evaluations import SelfEvaluation
from targets.models.records import (
    Activity,
    ActivityPhoto,
    BudgetEntry,
    Commendation,
    PlanTask,
    Record,
)
from targets.models.surveys import SatisfactionSurvey, SurveyAnswer, SurveyToken
from targets.models.tables import TargetRow, TargetTable
from targets.models.volunteers import PointsEntry, ServiceEntry, Volunteer

__all__ = [
    "Activity",
    "ActivityPhoto",
    "BudgetEntry",
    "Commendation",
    "PlanTask",
    "PointsEntry",
    "Record",
    "SatisfactionSurvey",
    "SelfEvaluation",
    "ServiceEntry",
    "SurveyAnswer",
    "SurveyToken",
    "TargetRow",
    "TargetTable",
    "Volunteer",
]
