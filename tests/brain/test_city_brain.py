"""The Python API of the whole: the guide's program runs, sources connect, nothing is switched."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from cityloop import CityBrain
from cityloop.brain import Junction, TrafficFlow
from cityloop.kernel.errors import DomainError

NAN = float("nan")
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "city-brain.md"


@pytest.fixture
def brain() -> Iterator[CityBrain]:
    with CityBrain() as one:
        yield one


def _example() -> dict[str, Any]:
    code = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert code
    space: dict[str, Any] = {"__name__": "example"}
    exec(compile(code[1], str(GUIDE), "exec"), space)
    return space


def test_program_of_the_guide_runs_from_sources_to_signals(tmp_path: Path) -> None:
    example = _example()
    brain, by_class, model, answer, plan = example["city_brain"](tmp_path)
    assert [row["n"] for row in by_class] == [16, 16, 16]
    assert model.version == 1
    assert answer["label"] == "市政"
    assert plan.priority == 2
    assert plan.proposals[0].who == "市政一班"
    assert plan.proposals[0].others[0][0] == "市政二班"
    assert plan.confirmed is False
    example["a_junction"](brain)
    signals = example["traffic_light_optimization"](brain).proposals[0]
    greens = signals.details["greens_s"]
    assert greens["南北"] > greens["东西"] >= 18
    assert signals.details["delay_s"] < signals.details["before_s"]
    brain.close()
    with CityBrain(tmp_path) as again:  # models and rows are kept
        assert again.predict("triage", "路灯坏了").values[0]["label"] == "市政"
        assert again.source("reports").rows == 48
        assert {m.scenario for m in again.models()} == {"triage", "traffic"}


def test_files_of_all_kinds_become_tables(brain: CityBrain, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("区域,件数\n东街,3\n西街,4\n", "utf-8")
    (tmp_path / "b.jsonl").write_text('{"x": 1}\n{"x": 2, "y": "z"}\n', "utf-8")
    (tmp_path / "c.json").write_text('{"items": [{"x": 1.5}]}', "utf-8")
    with gzip.open(tmp_path / "d.csv.gz", "wt", encoding="utf-8") as file:
        file.write("x\n7\n")
    with gzip.open(tmp_path / "e.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write('{"x": 8}\n')
    (tmp_path / "投诉.jsonl").write_text('{"x": 1}\n{broken\n{"x": 2}\n', "utf-8")
    for name in ("a.csv", "b.jsonl", "c.json", "d.csv.gz", "e.jsonl.gz"):
        brain.add_data_source(tmp_path / name, name=name[0])
    assert brain.query('SELECT sum("件数"::INT) AS n FROM a') == [{"n": 7}]
    assert brain.source("b").rows == 2
    assert brain.query("SELECT x FROM c") == [{"x": 1.5}]
    assert brain.query("SELECT count(*) AS n FROM d") == [{"n": 1}]
    assert brain.query("SELECT x FROM e") == [{"x": 8}]
    brain.add_data_source(tmp_path / "投诉.jsonl")
    (remark,) = brain.source("投诉").remarks
    assert "第 2 行" in remark and "row 2" in remark


def test_times_with_a_zone_come_back_as_they_are(brain: CityBrain) -> None:
    rows = [{"received_at": f"2026-01-{day:02d}T02:30:00+08:00"} for day in range(1, 31)]
    brain.add_data_source(rows, name="cases")
    found = brain.query("SELECT min(received_at) AS first FROM cases WHERE 1 = ?", [1])
    assert found[0]["first"].isoformat() == "2025-12-31T18:30:00+00:00"
    assert brain.train_model("demand", "cases").report["days"] == 30
    assert brain._shelf.newest("demand")[1].first_day.isoformat() == "2026-01-01", "the local day"


def test_an_event_that_ended_gives_its_name_to_no_other(brain: CityBrain) -> None:
    brain.add_resource("a", (116.4, 39.9))
    for _ in range(2):
        brain.dispatch({"type": "fire", "location": (116.4, 39.9)})
    brain.finish("event-1")
    assert brain.dispatch({"type": "fire", "location": (116.4, 39.9)}).event == "event-3"


def test_sql_source_reads_and_cannot_write(brain: CityBrain, tmp_path: Path) -> None:
    path = tmp_path / "city.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE lamps (id, street)")
        db.executemany("INSERT INTO lamps VALUES (?, ?)", [(1, "东街"), (2, "西街")])
    brain.add_data_source(f"sqlite:///{path}", name="lamps", query="SELECT * FROM lamps")
    assert brain.source("lamps").columns == ("id", "street")
    for query, code in (("DROP TABLE lamps", "brain.sql"), ("", "brain.sql")):
        with pytest.raises(DomainError) as refused:
            brain.add_data_source(f"sqlite:///{path}", name="x", query=query)
        assert refused.value.code == code
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM lamps").fetchone() == (2,)


OTHER_PAGES: dict[str, Any] = {
    "/linked": {"results": [{"n": 1}], "next": "/second?x=1"},
    "/second": {"results": [{"n": 2}], "next": None},
    "/away": {"results": [{"n": 1}], "next": "https://elsewhere.example/2"},
    "/bare": 7,
}


class _City(BaseHTTPRequestHandler):
    posted: list[dict[str, Any]] = []

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        body: Any = {"items": [{"number": "A1"}, {"number": "A2"}], "after": "A2"}
        if asked.get("after"):
            body = {"items": [{"number": "A3", "limit": asked["limit"][0]}], "after": None}
        if path in OTHER_PAGES:
            body = OTHER_PAGES[path]
        self._say(200 if self.headers.get("Authorization") == "Bearer t" else 401, body)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not body["text"].strip():
            self._say(422, {"code": "report.text", "message": "no words"})
            return
        self.posted.append(body)
        self._say(200, {"number": "CL1", "state": "filed"})

    def _say(self, status: int, body: Any) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    city = HTTPServer(("127.0.0.1", 0), _City)
    threading.Thread(target=city.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{city.server_port}"
    city.shutdown()


def test_platform_pages_are_read_to_the_end_and_events_become_reports(server: str) -> None:
    with CityBrain(server=server, token="t") as brain:
        assert brain.add_data_source("platform:cases", name="cases")[0].rows == 3
        limits = brain.query('SELECT "limit" AS n FROM cases WHERE number = ?', ["A3"])
        assert limits == [{"n": "100"}], "the next page is asked for as the first was"
        said = brain.dispatch(
            {"id": "e1", "type": "flood", "text": "路口积水", "location": (116.4, 39.9)}
        )
        assert said.proposals[0].who == "CL1"
        assert _City.posted[-1]["external_id"] == "e1"
        brain.dispatch({"type": "flood", "text": "又一处积水"})
        brain.dispatch({"type": "flood", "text": "第三处积水"})
        keys = [body["external_id"] for body in _City.posted]
        assert len(set(keys)) == len(keys), "events without an id are events of their own"
        with pytest.raises(DomainError, match="no place"):
            brain.dispatch({"type": "flood", "text": "积水", "location": "somewhere"})
        with pytest.raises(DomainError, match="no words"):
            brain.dispatch({"type": "flood", "text": " ", "location": (116.4, 39.9)})
    with CityBrain(server=server, token="wrong") as brain, pytest.raises(DomainError) as refused:
        brain.add_data_source("platform:cases")
    assert refused.value.code == "brain.rest"
    with pytest.raises(DomainError, match="token"):
        CityBrain(server=server)


def test_rest_pages_are_followed_on_their_own_server_alone(server: str, brain: CityBrain) -> None:
    headers = {"Authorization": "Bearer t"}
    assert brain.add_data_source(f"{server}/linked", name="a", headers=headers)[0].rows == 2
    for path, code in (("away", "brain.rest"), ("bare", "brain.items")):
        with pytest.raises(DomainError) as refused:
            brain.add_data_source(f"{server}/{path}", name="b", headers=headers)
        assert refused.value.code == code


def test_live_rows_keep_every_value_as_it_came(brain: CityBrain) -> None:
    rows: list[dict[str, Any]] = [
        {"level": 1, "at": "2026-01-01"}, {"level": 1.5, "水位-米": 2, "Level2": True},
        {"level": 'a "word"', "at": "soon", "level2": 5, "none": None}, {"level": 2**70},
    ]  # fmt: skip
    for row in rows:
        brain._store.add("w", row)
    found = brain.query('SELECT level, "at", "水位-米" AS m, Level2 AS two FROM w')
    assert [row["level"] for row in found] == ["1.0", "1.5", 'a "word"', str(2**70)]
    assert [row["at"] for row in found] == ["2026-01-01", None, "soon", None]
    assert [row["m"] for row in found] == [None, 2, None, None]
    assert [row["two"] for row in found] == [None, "true", "5", None]


def test_a_row_of_many_columns_is_a_row(brain: CityBrain) -> None:
    wide = {f"d{n}": n for n in range(300)}
    assert brain.add_data_source([wide], name="wide")[0].columns == tuple(wide)


def test_rows_that_make_no_table_are_refused_and_the_old_ones_stay(brain: CityBrain) -> None:
    brain.add_data_source([{"a": 1}], name="t")
    with pytest.raises(DomainError) as refused:
        brain.add_data_source([{"a": "\ud800"}], name="t")  # half a character
    assert refused.value.code == "brain.rows"
    assert brain.source("t").rows == 1


def test_any_iterable_and_a_source_with_resources_connect(brain: CityBrain) -> None:
    class Source:  # the shape of a dlt source
        resources = {"roads": [[{"id": 1}], [{"id": 2}]], "lamps": iter([{"id": 3}])}

    infos = brain.add_data_source(Source())
    assert [(i.name, i.rows) for i in infos] == [("roads", 2), ("lamps", 1)]
    assert brain.add_data_source(lambda: ({"n": n} for n in range(3)), name="f")[0].rows == 3
    with pytest.raises(DomainError) as refused:
        brain.add_data_source([1, 2], name="bad")
    assert refused.value.code == "brain.row"


def test_source_that_breaks_half_way_keeps_what_was_there(brain: CityBrain) -> None:
    def lamps(rows: int, *, fails: bool) -> Iterator[dict[str, int]]:
        yield from ({"id": n} for n in range(rows))
        if fails:
            raise ConnectionError("network gone")

    brain.add_data_source(lamps(3, fails=False), name="lamps")
    with pytest.raises(DomainError, match="network gone") as refused:
        brain.add_data_source(lamps(5, fails=True), name="lamps")
    assert refused.value.code == "brain.rows"
    assert brain.source("lamps").rows == 3


def test_a_frame_is_a_table_as_it_is(brain: CityBrain) -> None:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    assert brain.add_data_source(arrow.table({"x": [1, 2]}), name="a")[0].rows == 2
    assert brain.add_data_source([arrow.table({"x": [1, 2]})] * 2, name="pages")[0].rows == 4


def test_a_real_dlt_source_connects_with_the_resources_selected(brain: CityBrain) -> None:
    dlt = pytest.importorskip("dlt", reason="dlt is not installed: pip install dlt")

    @dlt.resource(name="lamps")
    def lamps() -> Any:
        yield {"id": 1, "tags": ["a"]}
        yield [{"id": 2}, {"id": 3}]

    @dlt.resource(name="roads-2026")
    def roads() -> Any:
        yield from ({"id": n} for n in range(4))

    @dlt.source(name="city")
    def city() -> Any:
        return lamps, roads

    def told(source: Any, name: str = "") -> list[tuple[str, int]]:
        return [(i.name, i.rows) for i in brain.add_data_source(source, name=name)]

    assert told(lamps) == [("lamps", 3)]
    both = [("lamps", 3), ("roads_2026", 4)]
    assert told(city) == told(city()) == both
    assert told(city(), "old") == [("old_lamps", 3), ("old_roads_2026", 4)]
    assert told(city().with_resources("lamps")) == [("lamps", 3)]


def test_demand_forecast_comes_with_intervals_and_hides_small_series(brain: CityBrain) -> None:
    days = np.arange("2024-01-01", "2024-09-01", dtype="datetime64[D]")
    dice = np.random.default_rng(1)
    rows = [
        {"day": str(day), "area": area, "topic": "路灯", "count": int(dice.poisson(mean))}
        for day in days
        for area, mean in (("东街", 12 + 6 * (day.astype(int) % 7 < 2)), ("西街", 0.3))
    ]
    brain.add_data_source(rows, name="counts")
    brain.train_model("demand", "counts")
    said = brain.predict("demand", 2)
    assert {row["area"] for row in said.values} == {"东街"}
    assert [row["day"] for row in said.values] == ["2024-09-01", "2024-09-02"]
    assert all(row["low"] <= row["mean"] <= row["high"] for row in said.values)
    assert said.remarks


def test_days_and_columns_are_read_as_offices_write_them(brain: CityBrain) -> None:
    days = [
        f"{day.month}/{day.day}/{day.year}"
        for day in (date(2024, 1, 1) + timedelta(n) for n in range(60))
    ]
    rows = [{"Created Date": day, "District": "东街", "Requests": "1,012.0"} for day in days]
    model = brain.train_model("demand", rows)
    assert (model.report["days"], model.report["reports"]) == (60, 60_720)
    assert model.report["columns"]["count"] == "Requests"
    other = [{"日期": f"2024年{n // 28 + 1}月{n % 28 + 1}日", "volume": n % 3} for n in range(56)]
    with pytest.raises(DomainError, match="volume"):
        brain.train_model("demand", other)
    named = brain.train_model("demand", other, columns={"count": "volume"})
    assert named.report["reports"] == sum(n % 3 for n in range(56))
    assert brain.train_model("demand", other, columns={"count": ""}).report["reports"] == 56


def test_rows_without_text_or_label_are_left_out_and_told(brain: CityBrain) -> None:
    rows = [{"Text": f"{place}{what}", "Label": label} for place in "东西南北中" for what, label in
            (("路灯不亮", 0), ("垃圾没人清", 1))]  # fmt: skip
    bad = [{"Text": NAN, "Label": 0}, {"Text": "井盖", "Label": None}, {"Text": " ", "Label": NAN}]
    report = brain.train_model("triage", [*rows, *bad]).report
    assert (report["classes"], report["rows_left_out"]) == (2, 3)
    assert brain.predict("triage", "路灯").values[0]["label"] == "0"
    with pytest.raises(DomainError) as refused:
        brain.predict("triage")
    assert refused.value.code == "brain.row"


def test_missing_readings_do_not_make_the_figures_of_traffic_unknown(brain: CityBrain) -> None:
    dice = np.random.default_rng(4)
    readings = np.where(dice.random((400, 2)) < 0.3, NAN, dice.uniform(100, 900, (400, 2)))
    report = brain.train_model("traffic", readings).report
    assert 0 < report["mae"] < 900 and 0 < report["mae_persistence"] < 900


def test_open_events_are_optimised_together_and_finished_ones_free_their_unit(
    brain: CityBrain,
) -> None:
    brain.add_resource("gas", (116.40, 39.90), skills=["gas"], most=1)
    first = brain.dispatch({"id": "small", "type": "noise", "location": (116.40, 39.901)})
    assert first.proposals[0].who == "gas"
    urgent = brain.dispatch(
        {"id": "leak", "type": "gas_leak", "location": (116.41, 39.90), "skills": "gas"}
    )
    assert (urgent.priority, urgent.proposals[0].who) == (1, "gas")
    assert urgent.moved == {"small": None}, "that nobody has time for it any more is said"
    brain.finish("leak")
    again = brain.dispatch({"id": "third", "type": "noise", "location": (116.40, 39.90)})
    assert again.proposals[0].who == "gas" or "capacity" in [
        c for c, *_ in again.proposals[0].reasons
    ]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda b: b.train_model("weather", []), "brain.scenario"),
        (lambda b: b.predict("triage", "x"), "brain.untrained"),
        (lambda b: b.train_model("triage", [{"words": "x"}]), "brain.column"),
        (lambda b: b.train_model("demand", [{"day": "soon"}]), "brain.day"),
        (lambda b: b.train_model("triage", "nowhere"), "brain.no_source"),
        (lambda b: b.add_data_source(3), "brain.source"),
        (lambda b: b.add_data_source([{"a": 1}], name="a b"), "brain.name"),
        (lambda b: b.add_data_source("platform:cases"), "brain.no_server"),
        (lambda b: b.add_data_source("mqtt://127.0.0.1:9/x", name="m"), "brain.mqtt"),
        (lambda b: b.query("SELEC"), "brain.query"),
        (lambda b: b.get_traffic_flow(), "brain.no_traffic"),
        (lambda b: b.dispatch({"type": "fire", "location": "here"}), "brain.location"),
        (lambda b: b.dispatch({"type": "fire", "priority": 9}), "brain.priority"),
        (lambda b: b.dispatch({"type": "traffic_light", "location": "j"}), "brain.junction"),
        (lambda b: b.add_traffic(["a"], [[1.0, 2.0]]), "brain.traffic"),
        (lambda b: b.add_traffic(["a"], [[-1.0]]), "brain.traffic"),
        (lambda b: b.add_traffic(["a"], [[1.0]], unit="furlong"), "brain.traffic"),
        (lambda b: b.add_traffic(["a"], [[1.0]], slot=288), "brain.number"),
        (lambda b: b.train_model("traffic", [1.0, 2.0]), "brain.traffic"),
        (lambda b: b.train_model("traffic", np.ones((300, 2)), links="x"), "brain.traffic"),
        (lambda b: b.train_model("traffic", [[1.0]], bogus=1), "brain.option"),
        (lambda b: b.train_model("demand", [{"day": "2026-01-01", "n": "x"}]), "brain.number"),
        (lambda b: b.train_model("demand", [3]), "brain.row"),
        (lambda b: b.add_data_source("gone.json"), "brain.file"),
        (lambda b: b.add_data_source([{"a": 1}], sheet="x"), "brain.option"),
        (lambda b: b.query("CREATE TABLE x AS SELECT 1"), "brain.query"),
        (lambda b: b.dispatch("fire"), "brain.event"),
        (lambda b: b.dispatch({"type": "fire", "severity": "huge"}), "brain.severity"),
        (lambda b: b.dispatch({"location": (0, 0), "skills": 3}), "brain.skills"),
        (lambda b: b.finish("nothing"), "brain.no_event"),
        (lambda b: b.add_resource("u", (0, 0), wings=2), "brain.resource"),
        (lambda b: b.add_resource("u", (0, 0), speed=0), "dispatching.number"),
        (lambda b: b.add_junction(Junction("j", {})), "brain.junction"),
        (lambda b: b.add_junction(Junction("j", {"ns": "north"})), "brain.junction"),  # no tuple
        (lambda b: b.add_junction(Junction("j", {"ns": ("n",)}, lanes=0)), "brain.number"),
        (lambda b: b.add_junction(Junction("j", {"ns": ("n",)}, crossing_m=NAN)), "brain.number"),
        (lambda b: b.dispatch({"type": "fire", "priority": [1]}), "brain.priority"),
        (lambda b: b.add_resource("u", (0, 0), most=2.5), "brain.number"),
        (lambda b: b.train_model("traffic", np.ones((300, 1)), steps_ahead=0), "brain.number"),
        (lambda b: b.train_model("traffic", [{"a": 1, "at": "noon"}]), "brain.traffic"),
    ],
)
def test_wrong_call_says_what_is_wrong(brain: CityBrain, call: Any, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        call(brain)
    assert refused.value.code == code
    assert refused.value.zh
    assert refused.value.en


def test_a_bad_event_or_resource_spoils_nothing_after_it(brain: CityBrain) -> None:
    brain.add_resource("a", (116.4, 39.9))
    wrong: list[Callable[[], Any]] = [
        lambda: brain.dispatch({"type": "fire", "location": (116.4, 39.9), "minutes": "soon"}),
        lambda: brain.dispatch({"type": "fire", "location": (116.4, 39.9), "due": float("nan")}),
        lambda: brain.add_resource("b", (116.4, 39.9), speed=-1),
    ]
    for call in wrong:
        with pytest.raises(DomainError):
            call()
    answer = brain.dispatch({"type": "fire", "location": (116.4, 39.9)})
    assert answer.proposals[0].who == "a"
    assert answer.moved == {}


def test_readings_follow_each_other_and_stay_of_one_network(brain: CityBrain) -> None:
    brain.add_traffic(["n", "s"], np.full((12, 2), 300.0), slot=286)
    flow = brain.add_traffic(["n", "s"], [[310.0, 290.0], [320.0, 280.0]])
    assert (flow.slot, len(flow.values), flow.values[-1].tolist()) == (0, 14, [320.0, 280.0])
    with pytest.raises(DomainError, match="other places"):
        brain.add_traffic(["west"], [[1.0]])
    assert brain.get_traffic_flow().values.shape == (12, 2)


def test_readings_of_a_source_train_and_follow(brain: CityBrain) -> None:
    dice = np.random.default_rng(2)
    lines = [f"{a:.1f},{b:.1f}" for a, b in dice.uniform(100, 900, (300, 2))]
    brain.add_data_source([dict(zip("ns", one.split(","), strict=True)) for one in lines], name="q")
    model = brain.train_model("traffic", "q", step_minutes=15)
    assert model.trained_on == 300
    flow = brain.add_traffic(["n", "s"], brain.query("SELECT n, s FROM q"), step_minutes=15)
    brain.add_traffic(["n", "s"], {"s": 100, "n": None}, step_minutes=15)
    assert np.isnan(brain.get_traffic_flow().values[-1]).tolist() == [True, False]
    assert brain.predict("traffic").array is not None
    with pytest.raises(DomainError, match="every 15 minutes"):
        brain.predict("traffic", TrafficFlow(flow.places, flow.values, "veh/h", 0, 5))


def test_signals_from_speeds_say_that_flows_are_estimated(brain: CityBrain) -> None:
    dice = np.random.default_rng(3)
    brain.train_model("traffic", dice.uniform(20, 60, (400, 2)))
    flow = TrafficFlow(("n", "e"), dice.uniform(20, 60, (12, 2)), "mph", 0)
    brain.add_junction(Junction("j", {"ns": ("n",), "ew": ("e",)}))
    said = brain.predict("traffic", flow)
    assert said.array is not None
    assert said.array.shape == (3, 2)
    plan = brain.dispatch({"type": "traffic_light", "location": "j", "prediction": said})
    assert "estimated" in [code for code, *_ in plan.proposals[0].reasons]
    brain.add_junction(Junction("k", {"ns": ("n",), "ew": ("gone",)}))
    with pytest.raises(DomainError, match="gone"):
        brain.dispatch({"type": "traffic_light", "location": "k", "prediction": said})


def test_flow_of_another_kind_is_refused(brain: CityBrain) -> None:
    brain.train_model("traffic", np.full((300, 2), 30.0) + np.arange(2))
    with pytest.raises(DomainError) as refused:
        brain.predict("traffic", [1, 2])
    assert refused.value.code == "brain.flow"
    flow = TrafficFlow(("a",), np.ones((12, 1)), "mph", 0)
    with pytest.raises(DomainError):
        brain.predict("traffic", flow)


BROKER = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")


@pytest.mark.skipif(not BROKER, reason="no mosquitto here: apt install mosquitto")
def test_live_topic_becomes_rows_and_refuses_what_is_no_json(brain: CityBrain) -> None:
    from paho.mqtt import publish

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    broker = subprocess.Popen([str(BROKER), "-p", str(port)], stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _connects(port))
        brain.add_data_source(f"mqtt://127.0.0.1:{port}/water/#", name="water")
        said = {
            "1": '{"level": 1.5}', "2": "no json", "3": '[{"level": 2.5, "雨 rain": "yes"}]',
            "4": '{"a": 1, "A": 2}',
        }  # fmt: skip
        messages: list[Any] = [
            {"topic": f"water/{n}", "payload": body, "qos": 1, "retain": True}
            for n, body in said.items()
        ]
        publish.multiple(messages, hostname="127.0.0.1", port=port)
        _until(lambda: brain.source("water").rows == 2 and _refused(brain) == "2")
        levels = brain.query("SELECT topic, level FROM water ORDER BY level")
        assert levels == [{"topic": "water/1", "level": 1.5}, {"topic": "water/3", "level": 2.5}]
    finally:
        broker.terminate()
        broker.wait(10)


def _refused(brain: CityBrain) -> str:
    return "".join(brain.source("water").remarks).partition(" ")[0]


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it did not come"
        threading.Event().wait(0.02)
