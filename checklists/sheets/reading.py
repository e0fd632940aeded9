"""YAML text into plain values that remember their line. Aliases and deep nesting are refused
before anything is built: a few bytes of them can ask for gigabytes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from stations.sheets import Fault

MAX_DEPTH = 8
MAX_CHARACTERS = 1_000_000
TAG = "tag:yaml.org,2002:"
WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    value: Any
    lines: Mapping[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str, sheet: str, keys: Collection[str]) -> Tree:
    """`keys`: the words that are keys somewhere in the file, for `_split_off`."""
    if len(text) > MAX_CHARACTERS:
        return Tree(None, faults=[Fault(sheet, 1, "", "too_large")])
    try:
        hostile = _hostile(text, sheet)
        node = None if hostile else yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return Tree(None, faults=[Fault(sheet, mark.line + 1 if mark else 1, "", "not_yaml")])
    if hostile or node is None:
        return Tree(None, faults=[hostile or Fault(sheet, 1, "", "empty")])
    tree = Tree(None, lines={})
    value = _Builder(sheet, tree, keys).build(node, ())
    return Tree(value, tree.lines, tree.faults)


def _hostile(text: str, sheet: str) -> Fault | None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            return Fault(sheet, line, "", "alias")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return Fault(sheet, line, "", "too_deep")
    return None


class _Builder:
    def __init__(self, sheet: str, tree: Tree, keys: Collection[str]) -> None:
        self.sheet, self.keys = sheet, keys
        self.lines: dict[Path, int] = tree.lines  # type: ignore[assignment]
        self.faults = tree.faults

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, n)) for n, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        built: dict[str, Any] = {}
        last = ""
        for key, child in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if node.flow_style and self._split_off(name, child, built.get(last)):
                built[last] += f", {name}"
                continue
            last = name
            if name in built:
                self._fault(key, name, "repeated_key")
            built[name] = self.build(child, (*path, name))
        return built

    def _split_off(self, name: str, child: yaml.Node, before: Any) -> bool:
        """`{item_en: Hours, phone posted}` without quotes is a text and a key of no value: the
        comma was meant as a comma."""
        has_no_value = isinstance(child, yaml.ScalarNode) and child.value == ""
        return has_no_value and isinstance(before, str) and name not in self.keys

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        kind, text = node.tag.removeprefix(TAG), str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return WORDS[text.lower()]
        if kind == "int" and re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,11})", text):
            return int(text)
        if kind in {"int", "float"}:
            return self._decimal(node, text, path)
        return text  # everything else, dates too, is what was written

    def _decimal(self, node: yaml.Node, text: str, path: Path) -> Decimal | None:
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if value.is_finite() and abs(value) < Decimal(10) ** 12:
            return value
        self._fault(node, str(path[-1]) if path else "", "bad_number")
        return None

    def _fault(self, node: yaml.Node, column: str, code: str) -> None:
        self.faults.append(Fault(self.sheet, node.start_mark.line + 1, column, code))
