"""Pictures: what is accepted, what is read from them, what is drawn from them. No Django here."""

from audits.images.check import Picture, inspect
from audits.images.copies import Derived, derive
from audits.images.exif import Exif, read_exif
from audits.images.marks import clean as clean_marks
from audits.images.phash import fingerprint, hamming
from audits.images.prints import COARSE_LIMIT, Print, prints, prints_of
from audits.images.refusals import REASONS, PictureRefused
from audits.images.watermark import Watermark

__all__ = [
    "COARSE_LIMIT",
    "REASONS",
    "Derived",
    "Exif",
    "Picture",
    "PictureRefused",
    "Print",
    "Watermark",
    "clean_marks",
    "derive",
    "fingerprint",
    "hamming",
    "inspect",
    "prints",
    "prints_of",
    "read_exif",
]
