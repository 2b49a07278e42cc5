"""The desk: search index, heat, bulk moves. Cases that exist are entered into the index."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression

from cityloop.business.cases.domain.terms import case_terms

TABLE = "cases_terms"
AREAS = ("city_id", "district_id", "subdistrict_id", "community_id", "cell_id")
BATCH = 1000
SQLITE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5"
    "(terms, content='', detail='none', columnsize=0, tokenize='ascii')",
)
POSTGRES = (
    f"CREATE TABLE {TABLE} (case_id bigint PRIMARY KEY, terms integer[] NOT NULL)",
    f"CREATE INDEX {TABLE}_gin ON {TABLE} USING gin (terms)",
)


def make_table(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRES if postgres else SQLITE:
        schema_editor.execute(statement)


def drop_table(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


def enter_cases(apps, schema_editor):
    Case, Report = apps.get_model("cases", "Case"), apps.get_model("cases", "Report")
    last = 0
    while True:
        cases = list(
            Case.objects.filter(pk__gt=last).order_by("pk").values("pk", "title", "address", *AREAS)[:BATCH]
        )
        if not cases:
            return
        last = cases[-1]["pk"]
        texts = {}
        reports = Report.objects.filter(case_id__in=[c["pk"] for c in cases])
        for case_id, title, text in reports.values_list("case_id", "title", "text"):
            texts.setdefault(case_id, []).extend([title, text])
        write(schema_editor.connection, [(c["pk"], terms(c, texts.get(c["pk"], []))) for c in cases])


def terms(case, texts):
    return case_terms(
        case["pk"],
        [case[a] for a in AREAS if case[a] is not None],
        [case["title"], case["address"], *texts],
    )


def write(connection, rows):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(f"INSERT INTO {TABLE} VALUES (%s, %s)", rows)
        else:
            marked = [(pk, " ".join(f"{t & 0xFFFFFFFF:x}" for t in found)) for pk, found in rows]
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, terms) VALUES (%s, %s)", marked)


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0002_milestones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                CombinedExpression(models.F("report_count"), "+", models.F("urged")),
                models.F("id"),
                condition=models.Q(("due_at__isnull", False)),
                name="case_desk_heat",
            ),
        ),
        migrations.CreateModel(
            name="BulkMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor_id", models.BigIntegerField()),
                ("key", models.CharField(help_text="given by the client, one a request", max_length=64)),
                ("move", models.CharField(max_length=24)),
                ("version", models.PositiveIntegerField(help_text="of the case after the move")),
                ("at", models.DateTimeField(db_index=True)),
                ("case", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case")),
            ],
            options={
                "verbose_name": "批量办理 Bulk move",
                "verbose_name_plural": "批量办理 Bulk moves",
                "constraints": [
                    models.UniqueConstraint(fields=("actor_id", "key", "case"), name="bulk_move_once_a_request")
                ],
            },
        ),
        migrations.RunPython(make_table, drop_table),
        migrations.RunPython(enter_cases, migrations.RunPython.noop),
    ]
