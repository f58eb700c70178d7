import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0015_topics"),           ]

    operations = [
        migrations.AddField(
            "section", "reports_to_hold", models.PositiveSmallIntegerField(db_default=3, default=3)
        ),
        migrations.AddField(
            "removal",
            "kind",
            models.CharField(
                choices=[("removed", "Removed"), ("held", "Hidden until staff have looked at it")],
                db_default="removed",
                default="removed",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "removal",
            "removed_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "removal",
            models.CheckConstraint(
                condition=models.Q(("kind", "held"))
                | models.Q(("kind", "removed"), ("removed_by__isnull", False)),
                name="whoever_removed_a_post_is_known",
            ),
        ),
    ]
