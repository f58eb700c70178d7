from django.db import migrations, models

from accounts.names import plain_letters


def fill(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for member in User.objects.only("pk", "name").iterator():
        User.objects.filter(pk=member.pk).update(name_plain=plain_letters(member.name))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_sort_members")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="name_plain",
            field=models.CharField(default="", editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["name_plain"], name="members_by_plain_name"),
        ),
    ]
