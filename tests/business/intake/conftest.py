"""Files that a test writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

MAP = """
channel = "hotline"
[columns]
external_id = "id"
title = "title"
text = "body"
happened_at = "when"
lon = "x"
lat = "y"
[dates]
timezone = "Asia/Shanghai"
"""
HEADER = "id,title,body,when,x,y"


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows under the header of MAP."""

    def write(
        *rows: str, header: str = HEADER, name: str = "reports.csv", encoding: str = "utf-8"
    ) -> Path:
        path = tmp_path / name
        path.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
        return path

    return write


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "media"
