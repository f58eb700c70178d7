import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_first_rules"),           ]

    operations = [
        migrations.AddField("user", "silenced_until", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("user", "suspended_until", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "user",
            "moderates",
            django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), editable=False, null=True),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=Q(moderates=None) | Q(role="moderator", moderates__len__gt=0),
                name="only_moderators_are_limited_to_sections",
            ),
        ),
        migrations.AddIndex(
            "user",
            models.Index(
                condition=Q(silenced_until__isnull=False) | Q(suspended_until__isnull=False),
                fields=["-id"],
                name="members_under_a_sanction",
            ),
        ),
        migrations.CreateModel(
            "Sanction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("warning", "Warning"), ("silence", "Silence"), ("suspension", "Suspension")],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=200)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.rule",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["member", "-id"], name="sanctions_of_a_member"),
                    models.Index(condition=Q(lifted_at=None), fields=["-id"], name="sanctions_not_lifted"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=["warning", "silence", "suspension"]), name="sanction_kind_is_known"
                    ),
                    models.CheckConstraint(condition=~Q(reason=""), name="a_sanction_has_a_reason"),
                    models.CheckConstraint(
                        condition=Q(until=None) | Q(until__gt=F("at")), name="a_sanction_ends_after_it_began"
                    ),
                    models.CheckConstraint(
                        condition=Q(lifted_at=None, lifted_by=None)
                        | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                        name="lifting_has_a_time_and_a_person",
                    ),
                ],
            },
        ),
    ]
