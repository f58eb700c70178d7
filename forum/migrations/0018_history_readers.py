import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forum", "0017_gate"), migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="section",
            name="history_by",
            field=models.CharField(
                choices=[
                    ("everyone", "Everyone who reads the post"),
                    ("members", "Members, and the author"),
                    ("staff", "Staff, and the author"),
                ],
                db_default="everyone",
                default="everyone",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="is_withheld",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="HiddenRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("number", models.PositiveIntegerField()),
                ("hidden_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.CharField(max_length=200)),
                (
                    "hidden_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hidden_revisions",
                        to="forum.post",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("post", "number"), name="a_revision_is_hidden_once")
                ],
            },
        ),
    ]
