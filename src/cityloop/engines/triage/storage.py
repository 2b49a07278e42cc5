"""Models as files: arrays and a JSON header in one .npz; nothing in it can run."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from cityloop.engines.triage.calibrate import NEVER
from cityloop.engines.triage.features import Vectoriser
from cityloop.engines.triage.intake import MOST_CLASSES
from cityloop.engines.triage.priors import PriorIndex
from cityloop.kernel.errors import DomainError

if TYPE_CHECKING:
    from cityloop.engines.triage.model import TriageModel

VERSION = 2
EVEN_SINCE = 2
"""Models of version 1 weigh title and body together and have one source of phrases."""
FORMAT = "cityloop-triage"
LARGEST_BYTES = 512 * 1024**2

MOST_NGRAMS = 500_000
MOST_SOURCES = 8
_ARRAYS = {
    "keys": "int64",
    "idf": "float32",
    "weights": "float32",
    "constant": "float32",
    "phrase_data": "float32",
    "phrase_indices": "int32",
    "phrase_indptr": "int32",
    "phrase_owner": "int32",
    "header": "uint8",
}
_LATER = {"phrase_source": "int32"}
_NUMBERS = ("sharpness", "threshold", "accuracy")
_LATER_NUMBERS = {"tally_weight": 0.0, "doubt": 0.0, "odds_factor": 1.0, "odds_power": 1.0}
"""What older files do not have, and what it was then."""


def save(model: TriageModel, path: Path) -> None:
    """Writes the model beside `path` first and then puts it in place, so no half file is seen."""
    header = {
        "format": FORMAT,
        "version": VERSION,
        "labels": list(model.labels),
        "triples": model.vectoriser.triples,
        "even": model.vectoriser.even,
        "tail": model.vectoriser.tail,
        "prior_weights": list(model.prior_weights),
        "thresholds": dict(model.thresholds),
        "pair": model.pair,
        **{name: getattr(model, name) for name in _LATER_NUMBERS},
        "fingerprint": model.fingerprint,
        "trained_on": model.trained_on,
        **{name: getattr(model, name) for name in _NUMBERS},
    }
    phrases = sp.hstack([index.phrases for index in model.priors], format="csr")
    counts = [len(index.owner) for index in model.priors]
    arrays = {
        "keys": model.vectoriser.keys,
        "idf": model.vectoriser.idf,
        "weights": model.weights,
        "constant": model.constant,
        "phrase_data": phrases.data.astype(np.float32),
        "phrase_indices": phrases.indices.astype(np.int32),
        "phrase_indptr": phrases.indptr.astype(np.int32),
        "phrase_owner": np.concatenate([index.owner for index in model.priors]).astype(np.int32),
        "phrase_source": np.repeat(np.arange(len(counts), dtype=np.int32), counts),
        "header": np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), np.uint8),
    }
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def load(path: Path) -> TriageModel:
    """The model in a file.

    Raises: DomainError("triage.no_model") when there is no such file, ("triage.model_damaged")
        when it is not a whole model of a known version or beyond the limits; nothing in the file
        is executed, and no more than LARGEST_BYTES is unpacked.
    """
    if not path.is_file():
        raise DomainError(
            "triage.no_model",
            f"There is no model file {path}: train one, or correct the path.",
            f"没有模型文件 {path}：请先训练模型或更正路径。",
            where=str(path),
        )
    try:
        return _model(_arrays(path))
    except _Damaged as damage:
        raise _refusal(path, str(damage)) from None
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise _refusal(path, f"{type(error).__name__}: {error}") from error
    except (MemoryError, NotImplementedError, RecursionError) as error:
        raise _refusal(path, type(error).__name__) from error
    except Exception as error:  # zlib.error and what else a hostile archive may provoke
        raise _refusal(path, f"{type(error).__name__}: {error}") from error


class _Damaged(Exception):
    pass


def _need(condition: bool, what: str) -> None:
    if not condition:
        raise _Damaged(what)


def _arrays(path: Path) -> dict[str, Any]:
    _need(path.stat().st_size <= LARGEST_BYTES, f"larger than {LARGEST_BYTES} bytes")
    arrays: dict[str, Any] = {}
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        names = sorted(entry.filename for entry in entries)
        parts = _ARRAYS | (_LATER if f"{next(iter(_LATER))}.npy" in names else {})
        _need(names == sorted(f"{name}.npy" for name in parts), f"unexpected parts {names[:12]}")
        unpacked = sum(entry.file_size for entry in entries)
        _need(unpacked <= LARGEST_BYTES, f"unpacks to {unpacked} bytes")
        for name, kind in parts.items():
            raw = archive.read(f"{name}.npy")
            array = np.load(io.BytesIO(raw), allow_pickle=False)
            _need(str(array.dtype) == kind, f"{name} is {array.dtype}, not {kind}")
            arrays[name] = array
    return arrays


def _model(arrays: dict[str, Any]) -> TriageModel:
    from cityloop.engines.triage.model import TriageModel

    header = json.loads(arrays["header"].tobytes())
    _check_header(header)
    labels = tuple(header["labels"])
    _check_shapes(arrays, len(labels))
    even = header["version"] >= EVEN_SINCE and header["even"]
    return TriageModel(
        labels=labels,
        vectoriser=Vectoriser(
            arrays["keys"],
            arrays["idf"],
            triples=header["triples"],
            even=even,
            tail=float(header.get("tail", 0.0)),
        ),
        weights=arrays["weights"],
        constant=arrays["constant"],
        priors=_priors(arrays, len(labels), len(_prior_weights(header))),
        prior_weights=_prior_weights(header),
        fingerprint=header["fingerprint"],
        trained_on=header["trained_on"],
        thresholds={name: float(each) for name, each in header.get("thresholds", {}).items()},
        pair=float(header.get("pair", NEVER)),
        **{name: float(header.get(name, was)) for name, was in _LATER_NUMBERS.items()},
        **{name: float(header[name]) for name in _NUMBERS},
    )


def _prior_weights(header: dict[str, Any]) -> tuple[float, ...]:
    found = header.get("prior_weights")
    return tuple(map(float, [header["prior_weight"]] if found is None else found))


def _priors(arrays: dict[str, Any], classes: int, sources: int) -> tuple[PriorIndex, ...]:
    owner, source = arrays["phrase_owner"], _source(arrays)
    parts = (arrays["phrase_data"], arrays["phrase_indices"], arrays["phrase_indptr"])
    phrases = sp.csr_matrix(parts, shape=(len(arrays["keys"]), len(owner)))
    phrases.check_format(full_check=True)
    by_column = phrases.tocsc()
    found = []
    for number in range(sources):
        mine = np.flatnonzero(source == number)
        found.append(PriorIndex(by_column[:, mine].tocsr(), owner[mine], classes))
    return tuple(found)


def _source(arrays: dict[str, Any]) -> Any:
    found = arrays.get("phrase_source")
    return np.zeros(len(arrays["phrase_owner"]), np.int32) if found is None else found


def _check_header(header: Any) -> None:
    _need(isinstance(header, dict) and header.get("format") == FORMAT, "not a triage model")
    version = header["version"]
    _need(version in (1, VERSION), f"version {version}, this program reads 1 and {VERSION}")
    labels = header["labels"]
    _need(isinstance(labels, list) and 1 < len(labels) <= MOST_CLASSES, "number of classes")
    _need(all(isinstance(label, str) for label in labels), "a label is not text")
    _need(len(set(labels)) == len(labels), "a label stands twice")
    _need(isinstance(header["triples"], bool), "triples")
    _need(isinstance(header["fingerprint"], str), "fingerprint")
    _need(isinstance(header["trained_on"], int) and header["trained_on"] >= 0, "trained_on")
    _need(version == 1 or isinstance(header["even"], bool), "even")
    weights = _prior_weights(header)
    _need(1 <= len(weights) <= MOST_SOURCES, "sources of phrases")
    numbers = {name: header[name] for name in _NUMBERS} | {"pair": header.get("pair", NEVER)}
    later = _LATER_NUMBERS | {"tail": 0.0}
    numbers |= {name: header.get(name, was) for name, was in later.items()}
    numbers |= {f"prior_weight {place}": each for place, each in enumerate(weights)}
    numbers |= {f"threshold {name}": each for name, each in header.get("thresholds", {}).items()}
    for name, value in numbers.items():
        _need(isinstance(value, int | float) and 0 <= value < 1e6, f"{name} = {value!r}")


def _check_shapes(arrays: dict[str, Any], classes: int) -> None:
    keys, owner = arrays["keys"], arrays["phrase_owner"]
    _need(keys.ndim == 1 and 0 < len(keys) <= MOST_NGRAMS, "number of n-grams")
    _need(bool(keys[0] > 0 and (keys[1:] > keys[:-1]).all()), "n-grams are not in order")
    _need(arrays["idf"].shape == keys.shape, "idf shape")
    _need(arrays["weights"].shape == (len(keys), classes), "weights shape")
    _need(arrays["constant"].shape == (classes,), "constant shape")
    source = _source(arrays)
    _need(owner.ndim == 1 and source.shape == owner.shape, "phrase owners")
    place = source.astype(np.int64) * (MOST_CLASSES + 1) + owner
    _need(bool((place[1:] >= place[:-1]).all()), "phrases are not in order")
    _need(bool(((source >= 0) & (source < MOST_SOURCES)).all()), "phrase of an unknown source")
    _need(bool(((owner >= 0) & (owner < classes)).all()), "phrase of an unknown class")
    for name in ("idf", "weights", "constant", "phrase_data"):
        _need(bool(np.isfinite(arrays[name]).all()), f"{name} holds a value that is not a number")


def _refusal(path: Path, reason: str) -> DomainError:
    return DomainError(
        "triage.model_damaged",
        f"{path} is not a usable triage model ({reason[:300]}): restore it, or train again.",
        f"{path} 不是可用的分类模型（{reason[:300]}）：请恢复文件或重新训练。",
        where=str(path),
    )
