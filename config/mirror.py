"""A second copy of the photos in an S3-compatible store, elsewhere. Adds, never deletes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings

PATIENT = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"max_attempts": 3},
    # Checksums of newer S3 that other stores do not know.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"addressing_style": "path"},
)


def client() -> Any:
    return boto3.client(
        "s3",
        endpoint_url=settings.S3["endpoint"],
        aws_access_key_id=settings.S3["access_key"],
        aws_secret_access_key=settings.S3["secret_key"],
        region_name="us-east-1",
        config=PATIENT,
    )


def run() -> tuple[int, int]:
    """Sends what is not there yet or has another size: (sent, all)."""
    store, bucket = client(), settings.S3["bucket"]
    there = sizes(store, bucket)
    sent = count = 0
    for name, path in local():
        count += 1
        if there.get(name) != path.stat().st_size:
            store.upload_file(str(path), bucket, name)
            sent += 1
    return sent, count


def sizes(store: Any, bucket: str) -> dict[str, int]:
    try:
        pages = list(store.get_paginator("list_objects_v2").paginate(Bucket=bucket))
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
        store.create_bucket(Bucket=bucket)
        return {}
    return {row["Key"]: row["Size"] for page in pages for row in page.get("Contents", [])}


def local() -> Iterator[tuple[str, Path]]:
    """Whole files only: not what is still arriving."""
    root = Path(settings.MEDIA_ROOT)
    for folder in ("evidence", "copies", "activities"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".part":
                yield path.relative_to(root).as_posix(), path
