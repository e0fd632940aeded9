"""An .xlsx or .docx as bytes: opened without trusting a word of it, part by part.

Nothing is unpacked to disk, nothing is looked up elsewhere, no macro, link or picture is ever read.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any
from xml.etree import ElementTree

from stations.sheets import Bad

MAX_BYTES = 5 * 1024 * 1024
MAX_PART = 8 * 1024 * 1024  # one part, unpacked: a score table needs some dozen kilobytes
MAX_UNPACKED = 64 * 1024 * 1024  # all parts by their own account, pictures included
MAX_PARTS = 2000
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .doc, and anything with a password
ZIP = b"PK\x03\x04"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)

Element = ElementTree.Element


class Package:
    def __init__(self, content: bytes) -> None:
        if len(content) > MAX_BYTES:
            raise Bad("file_too_large", max=MAX_BYTES // 1024 // 1024)
        if content.startswith(OLD_OFFICE):
            raise Bad("old_office")
        if not content.startswith(ZIP):
            raise Bad("not_office")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._parts = {part.filename: part for part in self._zip.infolist()}
        except BROKEN:
            raise Bad("broken_file") from None
        self._refuse_hostile()

    def _refuse_hostile(self) -> None:
        parts = self._parts
        unpacked = sum(part.file_size for part in parts.values())
        if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
            raise Bad("zip_bomb")
        if any(part.flag_bits & 1 for part in parts.values()):
            raise Bad("old_office")
        if any(name.lower().endswith("vbaproject.bin") for name in parts):
            raise Bad("macro")

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def xml(self, name: str) -> Element:
        """One part as a tree. A document type is refused: Office writes none, bombs need one."""
        try:
            with self._zip.open(self._parts[name]) as part:
                text = part.read(MAX_PART + 1)
        except (*BROKEN, KeyError):
            raise Bad("broken_file") from None
        if len(text) > MAX_PART:
            raise Bad("zip_bomb")
        parser = ElementTree.XMLParser(target=_Strict())  # noqa: S314 - no document type, no entity
        try:
            parser.feed(text)
            root: Element = parser.close()
        except (ElementTree.ParseError, ValueError, LookupError):
            raise Bad("broken_file") from None
        return root


class _Strict(ElementTree.TreeBuilder):
    """Names without their namespaces: the strict and the usual form differ in nothing else."""

    def start(self, tag: str, attrs: dict[Any, Any]) -> Element:
        bare = {local(name): value for name, value in attrs.items()}
        return super().start(local(tag), bare)

    def end(self, tag: str) -> Element:
        return super().end(local(tag))

    def doctype(self, name: str, pubid: str, system: str) -> None:
        raise Bad("document_type")


def local(name: str) -> str:
    return name.rsplit("}", 1)[-1]
