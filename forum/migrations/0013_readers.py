from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0012_fewer_indexes"),           ]

    operations = [
        migrations.AddIndex(
            model_name="highlight",
            index=models.Index(fields=["-highlighted_at", "-id"], name="highlights_newest_first"),
        ),
    ]
