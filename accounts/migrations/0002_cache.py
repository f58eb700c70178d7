"""The table of the cache, which counts for the limits of sign-in; so that `migrate` alone makes all tables."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunPython(make, lambda apps, schema_editor: schema_editor.execute("DROP TABLE IF EXISTS cache"))
    ]
