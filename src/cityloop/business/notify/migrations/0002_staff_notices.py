import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notify', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.BigIntegerField(help_text='of the event in the ledger')),
                ('kind', models.CharField(max_length=40)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField()),
                ('link', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '提醒 Staff notice',
                'verbose_name_plural': '提醒 Staff notices',
                'constraints': [models.UniqueConstraint(fields=('user', 'position'), name='event_once_a_person')],
            },
        ),
    ]
