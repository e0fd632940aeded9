"""The words on the screen: found in code and templates, kept in .po files, compiled to .mo.

Chinese is the source, English the one catalogue. Works with Babel alone: GNU gettext is not
needed, and `compile` needs no configured Django (bootstrap.py calls it).
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("stations", "checklists", "audits", "indicators", "targets", "reports", "config")
CATALOGUE = ROOT / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
HEADER: dict[str, Any] = {
    "locale": "en",
    "fuzzy": False,
    "project": "station-audits",
    "version": "1",
    "header_comment": "# The screens' words in English.",
    "msgid_bugs_address": " ",
    "last_translator": " ",
    "language_team": "en",
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
OWN_NAME = "简体中文"  # how the language calls itself, in every language


def sources() -> Iterator[tuple[Path, str]]:
    """Each file with words in it, and its text as Python that Babel can read."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for path in templates():
        code = templatize(path.read_text(), origin=str(path))
        yield path, "\n".join(line.strip() for line in code.splitlines())


def templates() -> list[Path]:
    return sorted(path for app in APPS for path in (ROOT / app).glob("templates/**/*.*"))


def used() -> Catalog:
    catalogue = Catalog(locale="en")
    for _path, code in sources():
        for _line, message, comments, context in extract(
            "python", BytesIO(code.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            catalogue.add(message, context=context, auto_comments=comments)
    return catalogue


def kept(path: Path | None = None) -> Catalog:
    with (path or CATALOGUE).open("rb") as file:
        return read_po(file, locale="en")


def update() -> None:
    """Bring the catalogue in step with the code; new words are left empty to translate."""
    catalogue = kept() if CATALOGUE.exists() else Catalog(**HEADER)
    catalogue.update(used(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100, no_location=True, sort_output=True)


def compile_catalogues() -> None:
    for source in CATALOGUE.parent.parent.parent.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        compiled = BytesIO()
        write_mo(compiled, kept(source))
        target.write_bytes(compiled.getvalue())


def untranslated() -> list[str]:
    """What an English reader would meet in Chinese, or with a broken placeholder."""
    english = kept()
    faults = []
    for message in used():
        if not message.id:
            continue
        entry = english.get(message.id, context=message.context)
        words = entry.string if entry else ""
        filled = all(words) if isinstance(words, tuple | list) else bool(words)
        if entry is None or not filled or entry.fuzzy:
            faults.append(f"no English for: {message.id}")
        elif broken := next(iter(entry.check(english)), None):
            faults.append(f"{broken}: {message.id}")
    return faults


def bare_chinese() -> list[str]:
    """Chinese written straight into a template, outside every translation tag."""
    faults = []
    for path in templates():
        depth = 0
        for token in Lexer(path.read_text()).tokenize():
            tag = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
            if token.token_type is TokenType.BLOCK:
                depth += tag in {"blocktranslate", "blocktrans", "comment"}
                depth -= tag in {"endblocktranslate", "endblocktrans", "endcomment"}
            elif token.token_type is TokenType.TEXT and not depth:
                text = token.contents.replace(OWN_NAME, "")
                if found := CHINESE.search(text):
                    line = (token.lineno or 1) + text[: found.start()].count("\n")
                    faults.append(f"{path.relative_to(ROOT)}:{line}: Chinese outside gettext")
    return faults


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compile"]:
            compile_catalogues()
        case ["update"]:
            update()
        case _:
            sys.exit("usage: python -m config.words compile|update")
