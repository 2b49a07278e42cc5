"""Departments are corrected as classes are; a model keeps the texts it was given."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('triage', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TrainingSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='correction',
            name='kind',
            field=models.CharField(choices=[('class', '类别 class'), ('department', '部门 department')], default='class', max_length=12),
        ),
        migrations.AlterField(
            model_name='correction',
            name='case_id',
            field=models.BigIntegerField(),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(condition=models.Q(('used_in__isnull', True)), fields=['kind', 'at'], name='correction_new'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(fields=('case_id', 'kind'), name='one_correction_of_a_kind_a_case'),
        ),
    ]
