from checklists.models.versions import Checklist, ChecklistVersion, Item, Section

__all__ = ["Checklist", "ChecklistVersion", "Item", "Section"]
