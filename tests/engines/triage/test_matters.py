from __future__ import annotations

import dataclasses
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityloop.engines.triage import TriageModel
from cityloop.engines.triage.matters import matters_of

LIGHT = "路口的红绿灯坏了，路口经常堵车，车辆乱停挡住出口。"
SMOKE = "楼下饭店油烟很大，工厂排放刺鼻气味，噪音吵得睡不着。"
ASK = "望尽快处理。"


def eager(model: TriageModel) -> TriageModel:
    return dataclasses.replace(model, threshold=0.0)


def test_two_matters_are_told_apart_with_their_classes(model: TriageModel) -> None:
    text = LIGHT + SMOKE + ASK
    parts = matters_of(eager(model), "", text, sure=0.5)
    assert [text[part.start : part.end] for part in parts] == [LIGHT, SMOKE + ASK]
    assert [model.labels[part.class_index] for part in parts] == ["交通", "环境"]
    assert all(part.probability >= 0.5 for part in parts)


def test_numbered_points_are_parts_without_full_stops(model: TriageModel) -> None:
    text = f"一、{LIGHT[:-1]}二、{SMOKE[:-1]}"
    parts = matters_of(eager(model), "", text, sure=0.5)
    assert [part.start for part in parts] == [0, text.index("二、")]


def test_one_matter_in_many_sentences_stays_whole(model: TriageModel) -> None:
    assert matters_of(eager(model), "", LIGHT * 3 + ASK, sure=0.5) == []
    assert matters_of(eager(model), "", "", sure=0.5) == []


def test_nothing_is_split_where_the_model_is_not_sure(model: TriageModel) -> None:
    assert matters_of(dataclasses.replace(model, threshold=2.0), "", LIGHT + SMOKE, sure=1.0) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([LIGHT, SMOKE, ASK, "嗯。", "2.5米", "\n", "1、水"]), max_size=8))
def test_parts_cover_the_text_in_order(model: TriageModel, said: list[str]) -> None:
    text = "".join(said)
    parts = matters_of(eager(model), "", text, sure=0.5)
    if parts:
        assert parts[0].start == 0 and parts[-1].end == len(text)
        assert all(a.end == b.start for a, b in pairwise(parts))
        assert all(a.class_index != b.class_index for a, b in pairwise(parts))
        assert len({part.class_index for part in parts}) >= 2
