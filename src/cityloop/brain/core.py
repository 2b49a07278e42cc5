"""CityBrain: connect sources, train, predict, dispatch, in a script or a notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import numpy as np

from cityloop.brain import checks, events, sources
from cityloop.brain.platform import Platform
from cityloop.brain.scenarios import prediction, scenario_of
from cityloop.brain.shelf import Shelf
from cityloop.brain.store import NAME, Store, check_name
from cityloop.brain.values import (
    DispatchAnswer,
    Junction,
    ModelInfo,
    Prediction,
    Proposal,
    SourceInfo,
    TrafficFlow,
)
from cityloop.engines.dispatching import Task, Unit
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import LocalPlane

LAST_STEPS = 12


class CityBrain:
    """The platform's abilities as calls.

    Embedded, everything happens in this process (sources in DuckDB, models as arrays). With a
    server and a token, the platform's own tables are sources too, and events become reports that
    go the platform's way (classified, dispatched, on record).

    Args:
        folder: where rows and models are kept; None: in memory.
        server, token: a running CityLoop, https://..., and a token of it.
    Raises: DomainError("brain.token" | "brain.folder").
    Use it as a context manager, or call `close()`.
    """

    def __init__(
        self, folder: str | Path | None = None, *, server: str = "", token: str = ""
    ) -> None:
        kept = Path(folder) if folder else None
        self._shelf = Shelf(kept / "models" if kept else None)
        self._store = Store(kept / "brain.duckdb" if kept else None)
        self._platform = Platform(server, token) if server else None
        self._live: dict[str, sources.Subscription] = {}
        self._kept: dict[str, SourceInfo] = {}
        self._flow: TrafficFlow | None = None
        self._units: dict[str, Unit] = {}
        self._tasks: dict[str, Task] = {}
        self._junctions: dict[str, Junction] = {}
        self._plane: LocalPlane | None = None
        self._events = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave brokers and files."""
        for live in self._live.values():
            live.close()
        self._live.clear()
        self._store.close()

    # -- sources ---------------------------------------------------------------------------------

    def add_data_source(self, source: Any, *, name: str = "", **options: Any) -> list[SourceInfo]:
        """Connect a source; its rows are then a table of `query`.

        Args:
            source: a file (CSV, TSV, XLSX, JSON, JSON lines, also as .gz); "sqlite:///path" or
                "postgresql://..." with `query=`; "https://..." (REST; `headers`, `items`,
                `after`); "mqtt://host:port/topic" (live); "platform:cases" or "platform:areas"
                (with a server); rows: a list of mappings, a generator, a function, a data frame,
                a dlt source or resource (all rows are read before any is kept).
            name: of the table; by default that of the file, the topic or the resource. Of a dlt
                source with several resources: what their tables' names begin with, name_resource.
        Returns: what was connected (a dlt source may be several). Calling it again with the same
            name reads it anew.
        Raises: DomainError("brain.*", "table.*") naming what is wrong and what to do.
        """
        kind = sources.kind_of(source)
        sources.check_options(kind, options)
        if kind == "mqtt":
            return [self._subscribe(str(source), name or "live", **options)]
        if kind == "rows":
            found = [(given, list(rows)) for given, rows in sources.rows_of_anything(source)]
            before = f"{name}_" if name and len(found) > 1 else ""
            return [
                self._keep(before + given if before else name or given or "rows", kind, rows, [])
                for given, rows in found
            ]
        remarks: list[str] = []
        rows = self._rows(kind, source, remarks, options)
        return [self._keep(name or _named(source), kind, rows, remarks)]

    def _rows(self, kind: str, source: Any, remarks: list[str], options: dict[str, Any]) -> Any:
        if kind == "sql":
            return sources.rows_of_sql(str(source), options.pop("query", ""))
        if kind == "rest":
            return sources.rows_of_rest(str(source), **options)
        if kind == "platform":
            return self._server("platform:...").rows(str(source).partition(":")[2])
        return sources.rows_of_file(source, remarks, **options)

    def _keep(self, name: str, kind: str, rows: Any, remarks: list[str]) -> SourceInfo:
        count = self._store.put(name, rows)
        columns = self._store.columns(name) if count else ()
        self._kept[name] = SourceInfo(name, kind, count, columns, tuple(remarks))
        return self._kept[name]

    def _subscribe(self, address: str, name: str, *, topic: str = "") -> SourceInfo:
        check_name(name)
        if name in self._live:
            self._live.pop(name).close()
        self._live[name] = sources.Subscription(
            address, lambda row: self._store.add(name, row), topic=topic
        )
        return self.source(name)

    def source(self, name: str) -> SourceInfo:
        """A source as it is now. Raises: DomainError("brain.no_source")."""
        live = self._live.get(name)
        if live is None and not self._store.has(name) and name not in self._kept:
            raise DomainError(
                "brain.no_source",
                f"There is no source {name!r}. Connect it: add_data_source(..., name={name!r}).",
                f"没有名为 {name!r} 的数据源，请先 add_data_source(..., name={name!r})。",
            )
        known = self._kept.get(name) or SourceInfo(name, "kept", 0, ())
        columns = self._store.columns(name) if self._store.has(name) else ()
        found = replace(known, rows=self._store.count(name), columns=columns)
        return found if live is None else replace(found, kind="mqtt", remarks=live.remarks())

    def query(self, sql: str, given: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a SELECT (DuckDB's dialect) over the sources. Raises: DomainError("brain.query").

        Example: brain.query("SELECT area, count(*) AS n FROM reports GROUP BY 1 ORDER BY 2 DESC")
        """
        return self._store.query(sql, given)

    # -- models ----------------------------------------------------------------------------------

    def train_model(self, scenario: str, data: Any, **options: Any) -> ModelInfo:
        """A new version of a scenario's model; the newest one predicts.

        Args:
            scenario: "triage" (rows with text and label), "demand" (rows with day, and area,
                topic, count where there are any), "traffic" (array times × places, or rows with a
                column a place; `links=`).
            data: the name of a source, rows, a data frame, or an array.
            options: of the scenario (`columns={...}` names columns, see `brain.scenarios`).
        Raises: DomainError("brain.scenario" | "brain.column" and the engine's own).
        """
        kind = scenario_of(scenario)
        checks.check_options(kind.train, options)
        trained = kind.train(self._data(scenario, data), **options)
        return self._shelf.add(scenario, trained)

    def predict(self, scenario: str, realtime_data: Any = None, **options: Any) -> Prediction:
        """What the newest model says.

        Args:
            realtime_data: triage: a text, a row, or several; demand: number of days (2);
                traffic: a TrafficFlow (get_traffic_flow() where none is given).
        Raises: DomainError("brain.scenario" | "brain.untrained" and the engine's own).
        """
        kind = scenario_of(scenario)
        checks.check_options(kind.predict, options)
        info, model = self._shelf.newest(scenario)
        if scenario == "traffic" and realtime_data is None:
            realtime_data = self.get_traffic_flow()
        given = (model,) if realtime_data is None else (model, realtime_data)
        return prediction(scenario, info.version, kind.predict(*given, **options))

    def models(self) -> list[ModelInfo]:
        """The newest model of each scenario."""
        return self._shelf.infos()

    def _data(self, scenario: str, data: Any) -> Any:
        if isinstance(data, str):
            if not self.source(data).rows:
                return []
            return self._store.query(f'SELECT * FROM "{data}"')  # noqa: S608
        if scenario == "traffic":
            return data
        return [row for _, rows in sources.rows_of_anything(data) for row in rows]

    # -- traffic ---------------------------------------------------------------------------------

    def add_traffic(
        self,
        places: Sequence[str],
        readings: Any,
        *,
        unit: str = "veh/h",
        step_minutes: int = 5,
        slot: int | None = None,
    ) -> TrafficFlow:
        """Readings of detectors that came in, oldest first; they follow those already there.

        Args:
            places: ids of the detectors, one a column.
            readings: times × places, >= 0, in `unit` ("veh/h", "mph", "km/h"); NaN = missing; or
                rows with a column a place.
            slot: step of the day of the last row, 0 = 00:00; None: right after those already there
                (of the first readings: the day begins with them).
        Raises: DomainError("brain.traffic" | "brain.number") for another number of places, other
            places than before, a negative reading, an unknown unit; nothing of them is kept.
        """
        values = checks.readings_of(readings, places)
        before = self._flow
        known = before.places if before else None
        checks.check_traffic(places, known, unit=unit, step_minutes=step_minutes)
        if values.shape[1] != len(places):
            raise DomainError(
                "brain.traffic",
                f"Readings have {values.shape[1]} columns for {len(places)} places.",
                f"读数有 {values.shape[1]} 列，而点位有 {len(places)} 个。",
            )
        per_day = checks.DAY_MINUTES // step_minutes
        if slot is None:
            slot = ((before.slot if before else -1) + len(values)) % per_day
        slot = checks.whole("slot", slot, least=0, most=per_day - 1)
        if before is not None:
            values = np.vstack([before.values, values])
        kept = values[-LAST_STEPS * 24 :]
        self._flow = TrafficFlow(tuple(places), kept, unit, slot, step_minutes)
        return self._flow

    def get_traffic_flow(self) -> TrafficFlow:
        """The last 12 readings of every place. Raises: DomainError("brain.no_traffic")."""
        if self._flow is None:
            raise DomainError(
                "brain.no_traffic",
                "No traffic has come in yet: call add_traffic(places, readings).",
                "还没有交通读数，请先 add_traffic(places, readings)。",
            )
        return replace(self._flow, values=self._flow.values[-LAST_STEPS:])

    # -- dispatch --------------------------------------------------------------------------------

    def add_resource(
        self, key: str, location: Any, *, skills: Sequence[str] = (), **more: float
    ) -> None:
        """Somebody or a team that can be sent; the same key again replaces it.

        Args:
            location: (lon, lat) in degrees, or {"lon", "lat"}.
            more: speed (metres a minute, 75), free_in (minutes until free, 0), shift_left (minutes
                on duty, 480), most (tasks at once, 8).
        Raises: DomainError("brain.location" | "brain.resource" | "brain.number" |
            "dispatching.number").
        """
        self._units[key] = events.unit_of(key, self._at(location), skills, more)

    def add_junction(self, junction: Junction) -> None:
        """A signalised junction that `dispatch` may propose timings for.

        Raises: DomainError("brain.junction") without phases, detectors or lanes.
        """
        checks.check_junction(junction)
        self._junctions[junction.name] = junction

    def finish(self, event: str) -> None:
        """An event is over; its unit is free again. Raises: DomainError("brain.no_event")."""
        event = str(event)  # ids may be numbers where they come from
        if event not in self._tasks:
            raise DomainError(
                "brain.no_event",
                f"There is no open event {event!r}; open: {', '.join(self._tasks) or 'none'}.",
                f"没有未结事件 {event!r}；未结：{'、'.join(self._tasks) or '无'}。",
            )
        del self._tasks[event]

    def dispatch(self, event: Mapping[str, Any]) -> DispatchAnswer:
        """Propose what to do about an event; nothing is switched or sent without a person.

        Args:
            event: type; location ((lon, lat), or the name of a junction); and, where known, id,
                priority (1-4) or severity (extreme, severe, moderate, minor), skills, minutes,
                due, prediction (for "traffic_light"), text (with a server: the report's words).
        Returns: proposals with reasons and the next best units. With a server and a text, the
            event is taken in as a report, and the platform's own answer is the proposal.
        Raises: DomainError("brain.*" | "dispatching.*" | "signals.*").
        """
        priority, why = events.priority_of(event)
        given = event.get("id")
        key = self._new_key() if given in (None, "") else str(given)
        if event.get("type") == "traffic_light":
            return self._signals(key, event, priority, why)
        if self._platform and event.get("text"):
            return self._report(key, event, priority, why)
        at = self._at(event.get("location"))
        # kept only when it could be planned: a bad event must not spoil those after it
        task = events.task_of(key, event, priority, at, self._tasks.get(key))
        tasks = {**self._tasks, key: task}
        answer = events.propose_units(
            key, list(tasks.values()), list(self._units.values()), priority, why
        )
        self._tasks = events.kept_open(tasks, key, answer.proposals[0].who)
        return answer

    def _signals(
        self, key: str, event: Mapping[str, Any], priority: int, why: tuple[str, str]
    ) -> DispatchAnswer:
        name, said = event.get("location"), event.get("prediction")
        junction = self._junctions.get(str(name))
        if junction is None or not isinstance(said, Prediction):
            raise DomainError(
                "brain.junction",
                f"Timing signals needs a known junction as location (got {name!r}) and a "
                "prediction; add_junction(...) and predict('traffic', ...) make them.",
                f"信号配时需要已登记的路口（收到 {name!r}）和预测结果；"
                "请用 add_junction(...) 登记，并用 predict('traffic', ...) 预测。",
            )
        return events.propose_signals(key, junction, said, priority, why)

    def _report(
        self, key: str, event: Mapping[str, Any], priority: int, why: tuple[str, str]
    ) -> DispatchAnswer:
        body: dict[str, Any] = {"channel": "api", "external_id": key, "text": event["text"]}
        if event.get("location") is not None:
            lon, lat = events.place_of(event["location"])
            body |= {"lon": lon, "lat": lat}
        server = self._server("dispatch")
        said = server.post("/api/v1/reports", body, needs=("number", "state"))
        reason = ("taken_in", f"已受理，状态：{said['state']}", f"taken in, state: {said['state']}")
        proposal = Proposal("open_case", said["number"], (reason,), said)
        return DispatchAnswer(key, priority, why, (proposal,))

    def _new_key(self) -> str:
        """Of an event without an id: short here, unique in the world where a server keeps it."""
        if self._platform:
            return f"brain-{uuid4()}"
        self._events += 1
        return f"event-{self._events}"

    def _at(self, location: Any) -> tuple[float, float]:
        """Metres on a flat map around the first place that was given."""
        lon, lat = events.place_of(location)
        self._plane = self._plane or LocalPlane(lon, lat)
        x, y = self._plane.to_xy(lon, lat)
        return float(x), float(y)

    def _server(self, what: str) -> Platform:
        if self._platform is None:
            raise DomainError(
                "brain.no_server",
                f"{what} needs a running platform: CityBrain(server='https://...', token='...').",
                f"{what} 需要运行中的平台：CityBrain(server='https://...', token='...')。",
            )
        return self._platform


def _named(source: Any) -> str:
    """A table's name from a file's name or an address."""
    stem = str(source).rstrip("/").rpartition("/")[2].rpartition(":")[2].partition(".")[0]
    plain = re.sub(r"\W", "_", stem)[:50]
    return plain if NAME.fullmatch(plain) else f"source_{plain}".rstrip("_")
