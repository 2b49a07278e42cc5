import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, settings) -> Iterator[None]:
    """Each test signs with a key of its own."""
    settings.DATA = tmp_path
    yield
