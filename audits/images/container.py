"""What a picture file says about itself before any pixel is decoded."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

Source = str | os.PathLike[str] | BinaryIO


@dataclass(frozen=True)
class Container:
    """`clean` is the file without what no decoder needs: it costs Pillow nothing to parse."""

    format: str
    width: int
    height: int
    clean: bytes
    exif: bytes | None = None
    icc: bytes | None = None
    is_animated: bool = False
    is_whole: bool = True


def read_bytes(source: Source) -> bytes:
    if isinstance(source, (str, os.PathLike)):
        return Path(source).read_bytes()
    source.seek(0)
    data = source.read()
    source.seek(0)
    return data
