"""In a transaction of its own: PostgreSQL alters no table with rows changed in the same one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("moderation", "0005_cases_filled"),           ]
    operations = [
        migrations.AlterField(
            "case",
            "author",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField("case", "author_name", models.CharField(max_length=30)),
        migrations.AlterField("report", "number", models.PositiveSmallIntegerField()),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None, settled_by=None)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome="")),
                name="a_settlement_has_a_person_and_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            "report",
            models.UniqueConstraint(fields=("case", "number"), name="one_report_per_number_and_case"),
        ),
    ]
