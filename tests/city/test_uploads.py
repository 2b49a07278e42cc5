"""An upload as a file: under its own plain name, within a limit, gone afterwards."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cityloop.city.uploads import as_file
from cityloop.kernel.errors import DomainError


def test_an_upload_is_a_file_for_as_long_as_it_is_read() -> None:
    with as_file(SimpleUploadedFile("街道.csv", b"a,b"), most_bytes=3) as path:
        assert (path.name, path.read_bytes()) == ("街道.csv", b"a,b")
    assert not path.exists()


@pytest.mark.parametrize("name", ["../../etc/cron.csv", "..\\..\\cron.csv"])
def test_a_name_with_folders_in_it_stays_in_its_own(name: str) -> None:
    given = SimpleUploadedFile("x", b"a")
    given._name = name  # type: ignore[attr-defined]  # what a framework before this one cleans
    with as_file(given) as path:
        assert path.name == "cron.csv" and path.parent.name.startswith("cityloop-upload-")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "upload.too_big"),
        ("a.csv", b"abcd", "upload.too_big"),
        ("a.exe", b"a", "upload.kind"),
        ("csv", b"a", "upload.kind"),
    ],
)
def test_what_is_empty_too_large_or_no_table_is_refused(name: str, data: bytes, code: str) -> None:
    with (
        pytest.raises(DomainError) as refused,
        as_file(SimpleUploadedFile(name, data), most_bytes=3),
    ):
        pass
    assert (refused.value.code, refused.value.where) == (code, "file")
