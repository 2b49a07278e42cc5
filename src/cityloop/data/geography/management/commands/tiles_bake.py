"""`cityloop tiles bake [--out city.pmtiles]`: the whole map into one file."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cityloop.data.geography.baking import bake, tippecanoe
from cityloop.data.geography.baking.ground import ground_layers, ground_path
from cityloop.data.geography.baking.layers import LAYERS
from cityloop.data.geography.baking.serving import bake_city, map_path
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "将区域、网格与要素烘焙为 PMTiles。Bake areas, cells and elements into one PMTiles file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, help="文件；缺省为服务器读取的位置 default: served")

        parser.add_argument(
            "--without", action="append", default=[], choices=LAYERS, metavar="LAYER",
            help="不烘焙的图层，请求时即时生成 a layer that is drawn when asked for instead",
        )  # fmt: skip
        parser.add_argument(
            "--ground", action="store_true",
            help="另存为所有地图（含公众地图）的底图：土地、铁路、道路、建筑轮廓 also the ground "
            "of all maps, those of the public too: land, rail, streets, outlines of houses",
        )  # fmt: skip

    def handle(self, *args: Any, **given: Any) -> None:
        if tippecanoe.find_program() is None:
            self.stderr.write(
                "未安装 tippecanoe（可选依赖 geo）：远景瓦片不作概化，文件略大。Without tippecanoe "
                "(extra geo) far zooms are not generalised and the file is somewhat larger."
            )
        out = given["out"] or map_path()
        self._say(out, lambda: bake_city(out, without=given["without"]))
        if given["ground"]:
            self._say(ground_path(), lambda: bake(ground_layers(), ground_path(), stamps={}))

    def _say(self, out: Path, baked: Callable[[], int]) -> None:
        start = time.monotonic()
        try:
            count = baked()
        except DomainError as error:
            raise CommandError(f"{error.code}\n{error.zh}\n{error.en}") from error
        self.stdout.write(
            f"{out}: {count:,} 个要素 features, {out.stat().st_size:,} 字节 bytes, "
            f"{time.monotonic() - start:.1f} s"
        )
