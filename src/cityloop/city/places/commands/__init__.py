"""Writing areas, names, duty grids, shifts."""

from cityloop.city.places.commands.areas import (
    AreaImport,
    check_code,
    code_template,
    import_areas,
)
from cityloop.city.places.commands.duty import (
    add_shift,
    assign_worker,
    release_worker,
    remove_shift,
    set_duty_grid,
)
from cityloop.city.places.commands.names import NewName, add_names
from cityloop.city.places.commands.rota import copy_week, remove_duty_grid
from cityloop.city.places.commands.tables import (
    TableImport,
    import_duty,
    import_names,
    import_shifts,
)
from cityloop.city.places.commands.version import places_changed

__all__ = [
    "AreaImport",
    "NewName",
    "TableImport",
    "add_names",
    "add_shift",
    "assign_worker",
    "check_code",
    "code_template",
    "copy_week",
    "import_areas",
    "import_duty",
    "import_names",
    "import_shifts",
    "places_changed",
    "release_worker",
    "remove_duty_grid",
    "remove_shift",
    "set_duty_grid",
]
