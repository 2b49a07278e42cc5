from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cityloop.engines.triage import TriageModel, cold_start, storage, train
from cityloop.kernel.errors import DomainError

from .samples import PHRASES, reports


@pytest.fixture
def saved(model: TriageModel, tmp_path: Path) -> Path:
    path = tmp_path / "model.npz"
    model.save(path)
    return path


def refused(path: Path) -> DomainError:
    with pytest.raises(DomainError) as caught:
        TriageModel.load(path)
    return caught.value


def rewrite(path: Path, **changes: Any) -> None:
    with np.load(path, allow_pickle=False) as old:
        arrays = {**dict(old), **changes}
    header = arrays["header"]
    if isinstance(header, dict):
        arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez(file, **{name: value for name, value in arrays.items() if value is not None})


def header_of(path: Path) -> dict[str, Any]:
    with np.load(path, allow_pickle=False) as arrays:
        return dict(json.loads(arrays["header"].tobytes()))


def test_loaded_model_predicts_and_explains_exactly_as_saved(
    model: TriageModel, saved: Path
) -> None:
    loaded = TriageModel.load(saved)
    titles, texts, _ = reports(100, seed=6)
    one, other = model.predict(titles, texts), loaded.predict(titles, texts)
    np.testing.assert_array_equal(one.top, other.top)
    np.testing.assert_array_equal(one.probability, other.probability)
    np.testing.assert_array_equal(one.accepted, other.accepted)
    assert model.explain(texts[0], 1) == loaded.explain(texts[0], 1)
    assert repr(model) == repr(loaded)


def test_cold_model_survives_saving(tmp_path: Path) -> None:
    model = cold_start(PHRASES)
    model.save(tmp_path / "cold.npz")
    loaded = TriageModel.load(tmp_path / "cold.npz")
    np.testing.assert_array_equal(
        model.probabilities([""], ["井盖"]), loaded.probabilities([""], ["井盖"])
    )


def test_saving_leaves_no_other_file(saved: Path) -> None:
    assert [path.name for path in saved.parent.iterdir()] == ["model.npz"]


def test_missing_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.npz").code == "triage.no_model"


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_cut_file_is_refused(saved: Path, share: float) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(len(whole) * share)])
    assert refused(saved).code == "triage.model_damaged"


def test_any_flipped_byte_is_refused_or_harmless(model: TriageModel, saved: Path) -> None:
    whole = saved.read_bytes()
    wanted = model.probabilities([""], ["红绿灯坏了"])
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            loaded = TriageModel.load(saved)
        except DomainError as error:
            assert error.code == "triage.model_damaged"
        else:
            np.testing.assert_array_equal(loaded.probabilities([""], ["红绿灯坏了"]), wanted)


class Bomb:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_pickled_content_is_refused_and_not_run(saved: Path) -> None:
    trace = saved.with_name("trace")
    rewrite(saved, keys=np.array([Bomb(trace)], dtype=object))
    assert refused(saved).code == "triage.model_damaged"
    saved.write_bytes(pickle.dumps(Bomb(trace)))
    assert refused(saved).code == "triage.model_damaged"
    assert not trace.exists()


def test_archive_that_unpacks_beyond_the_limit_is_refused(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "LARGEST_BYTES", 2_000_000)
    rewrite(saved, weights=None)
    raw = io.BytesIO()
    np.save(raw, np.zeros(3_000_000, np.float32))
    with zipfile.ZipFile(saved, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weights.npy", raw.getvalue())
    assert "unpacks to" in refused(saved).en


@pytest.mark.parametrize(
    "change",
    [
        {"version": 3},
        {"even": "yes"},
        {"prior_weights": []},
        {"prior_weights": [float("inf")]},
        {"thresholds": {"0.95": -1}},
        {"pair": None},
        {"format": "other"},
        {"labels": ["交通"]},
        {"labels": ["一", "一", "二", "三"]},
        {"labels": ["一", "二", "三", 4]},
        {"labels": [str(index) for index in range(251)]},
        {"threshold": float("nan")},
        {"sharpness": "5"},
        {"triples": 1},
        {"trained_on": -1},
    ],
)
def test_header_with_a_wrong_value_is_refused(saved: Path, change: dict[str, Any]) -> None:
    rewrite(saved, header={**header_of(saved), **change})
    assert refused(saved).code == "triage.model_damaged"


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("keys", lambda a: a[::-1].copy()),
        ("keys", lambda a: a[:-1]),
        ("keys", lambda a: a.astype(np.float64)),
        ("weights", lambda a: a[:, :2].copy()),
        ("weights", lambda a: a * np.float32("nan")),
        ("constant", lambda a: a[:1]),
        ("idf", lambda a: a[:5]),
        ("phrase_indices", lambda a: a + 10_000),
        ("phrase_indptr", lambda a: a[::-1].copy()),
        ("phrase_owner", lambda a: a + 4),
        ("phrase_source", lambda a: a + 9),
        ("phrase_source", lambda a: a[1:]),
        ("idf", lambda a: None),
    ],
)
def test_array_that_does_not_fit_is_refused(saved: Path, name: str, spoil: Any) -> None:
    with np.load(saved, allow_pickle=False) as arrays:
        array = arrays[name]
    rewrite(saved, **{name: spoil(array)})
    assert refused(saved).code == "triage.model_damaged"


def test_part_that_does_not_belong_is_refused(saved: Path) -> None:
    rewrite(saved, extra=np.zeros(3))
    assert "unexpected parts" in refused(saved).en


def test_model_of_the_first_version_is_still_read(saved: Path) -> None:
    header = header_of(saved)
    weight = header.pop("prior_weights")[0]
    odds = ("odds_factor", "odds_power")
    for later in ("even", "tail", "tally_weight", "doubt", "thresholds", "pair", *odds):
        del header[later]
    rewrite(saved, header=header | {"version": 1, "prior_weight": weight}, phrase_source=None)
    loaded = TriageModel.load(saved)
    both = loaded.vectoriser.both(["油烟"], ["油烟很大"])
    assert both.even is both.whole
    assert (loaded.tally_weight, loaded.doubt, loaded.vectoriser.tail) == (0, 0, 0)
    assert (loaded.odds_factor, loaded.odds_power) == (1, 1)
    assert not loaded.predict(["油烟"], ["油烟很大"]).paired.any()


def test_model_with_a_duty_list_is_loaded_as_saved(tmp_path: Path) -> None:
    model, _ = train(*reports(60), priors=PHRASES, duties={"环境": ["臭味 黑烟"], "交通": ["公交"]})
    model.save(tmp_path / "two.npz")
    loaded = TriageModel.load(tmp_path / "two.npz")
    assert (loaded.prior_weights, loaded.thresholds) == (model.prior_weights, model.thresholds)
    titles, texts, _ = reports(30, seed=6)
    np.testing.assert_array_equal(
        model.probabilities(titles, texts), loaded.probabilities(titles, texts)
    )
