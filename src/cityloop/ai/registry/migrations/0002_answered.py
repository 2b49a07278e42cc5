from datetime import timedelta
from typing import Any

from django.db import migrations, models
from django.utils import timezone

JUDGED_DAYS = 35


def count_anew(apps: Any, schema_editor: Any) -> None:
    """The follower tells of every case of these days again; what was counted would count twice."""
    del schema_editor
    since = timezone.localdate() - timedelta(days=JUDGED_DAYS)
    apps.get_model("registry", "DayRecord").objects.filter(day__gte=since).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answered",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_id", models.BigIntegerField()),
                ("shadow", models.BooleanField(default=False)),
                ("model", models.CharField(max_length=64)),
                ("day", models.DateField(db_index=True)),
                ("class_key", models.CharField(max_length=16)),
                ("accepted", models.BooleanField(default=False)),
                ("judged", models.BooleanField(default=False)),
                ("right", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "模型答案 Answer of a model",
                "verbose_name_plural": "模型答案 Answers of models",
                "constraints": [
                    models.UniqueConstraint(fields=("case_id", "shadow"), name="one_answer_a_case")
                ],
            },
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
