from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from stations.admin import ReadOnlyAdmin
from targets.models import BudgetEntry, SelfEvaluation, TargetTable


class TargetsAdmin(ReadOnlyAdmin):
    action = "targets.read"
    table_at = "table"

    def reached(self, request: HttpRequest) -> Any:
        tables = TargetTable.objects.visible_to(request.user)  # type: ignore[arg-type]
        return Q(**{f"{self.table_at}__in": tables.values("pk")})


@admin.register(TargetTable)
class TargetTableAdmin(TargetsAdmin):
    table_at = "pk"
    list_display = ("year", "name", "department", "year_amount")


@admin.register(BudgetEntry)
class BudgetEntryAdmin(TargetsAdmin):
    list_display = ("spent_on", "amount", "purpose", "document", "withdrawn_at")
    search_fields = ("purpose", "document")


@admin.register(SelfEvaluation)
class SelfEvaluationAdmin(TargetsAdmin):
    list_display = ("table", "number", "sha256", "signed_by", "signed_at")
    list_select_related = ("table", "signed_by")
