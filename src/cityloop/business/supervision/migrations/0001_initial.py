"""Urges and their answers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Urging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.BigIntegerField(unique=True)),
                ('level', models.CharField(max_length=12)),
                ('by_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.BigIntegerField(null=True)),
                ('answer_event', models.BigIntegerField(null=True)),
                ('answer_kind', models.CharField(blank=True, max_length=40)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'verbose_name': '督办 Urging',
                'verbose_name_plural': '督办 Urgings',
                'indexes': [models.Index(fields=['case', 'id'], name='urging_case'), models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['due_at'], name='urging_open')],
            },
        ),
    ]
