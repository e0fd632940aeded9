"""One file of a module and all it imports: a phone on a slow line asks once, not forty times.

Only what our modules do is understood: named imports from beside, exported declarations. Whatever
else stands there is refused when the files are collected, not on a phone.
"""

import re
from pathlib import Path

# Comments on lines of their own: a fifth of our modules' weight, and no phone reads them.
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(
    r"^export (?=(?:async function|function|class|const) ([A-Za-z_$][\w$]*))", re.MULTILINE
)
TYPE = re.compile(r"/\*\*.*?\*/")
LEFT = re.compile(r"^(?:import|export)\b.*|\bimport\(.*|\bimport\.meta\b.*", re.MULTILINE)


def uncommented(module: str) -> str:
    return COMMENT.sub("", module)


def joined(entry: Path) -> str:
    """Each module once, in a function of its own, after those that it imports."""
    order = _order(entry)
    return "".join(_wrapped(number, path, order) for number, path in enumerate(order))


def _order(entry: Path) -> list[Path]:
    found: list[Path] = []

    def visit(path: Path, above: tuple[Path, ...]) -> None:
        if path in above:
            raise ValueError(f"{path.name} imports itself by way of {above[-1].name}")
        if path not in found:
            for beside in _imports(path):
                visit(beside, (*above, path))
            found.append(path)

    visit(entry.resolve(), ())
    return found


def _imports(path: Path) -> list[Path]:
    return [(path.parent / beside).resolve() for _, beside in IMPORT.findall(path.read_text())]


def _wrapped(number: int, path: Path, order: list[Path]) -> str:
    source = uncommented(path.read_text())

    def taken(found: re.Match[str]) -> str:
        names = ", ".join(name.strip().replace(" as ", ": ") for name in found[1].split(",")
                          if name.strip())  # fmt: skip
        return f"const {{ {names} }} = m{order.index((path.parent / found[2]).resolve())};\n"

    body = EXPORT.sub("", IMPORT.sub(taken, source))
    if left := LEFT.search(TYPE.sub("", body)):
        raise ValueError(f"{path.name}: cannot be joined: {left[0]}")
    given = ", ".join(EXPORT.findall(source))
    return f"const m{number} = (() => {{\n{body}return {{ {given} }};\n}})();\n"
