"""The index of terms: no table that Django could describe."""

from django.db import migrations

TABLE = "gazetteer_terms"
SQLITE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5"
    "(terms, content='', detail='none', columnsize=0, tokenize='ascii')",
)
POSTGRES = (
    f"CREATE TABLE {TABLE} (named_id bigint PRIMARY KEY, terms integer[] NOT NULL)",
    f"CREATE INDEX {TABLE}_gin ON {TABLE} USING gin (terms) WITH (fastupdate = off)",
)


def make_table(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRES if postgres else SQLITE:
        schema_editor.execute(statement)


def drop_table(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):

    dependencies = [("gazetteer", "0001_initial")]

    operations = [migrations.RunPython(make_table, drop_table)]
