"""What second opinions took on one day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('triage', '0002_corrections_of_departments'),
    ]

    operations = [
        migrations.CreateModel(
            name='OpinionDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(unique=True)),
                ('calls', models.PositiveIntegerField(default=0)),
                ('tokens', models.PositiveIntegerField(default=0)),
                ('cost', models.DecimalField(decimal_places=6, default=0, max_digits=12)),
            ],
            options={
                'verbose_name': '第二意见用量 Opinions of a day',
                'verbose_name_plural': '第二意见用量 Opinions of a day',
                'ordering': ['-on'],
            },
        ),
    ]
