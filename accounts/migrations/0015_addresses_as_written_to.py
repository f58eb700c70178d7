"""Domains that are not ASCII stood in the database as they are compared; mail is written to their other form."""

from django.db import migrations

from accounts.domains import ascii_domain


def write_out(apps, schema_editor):
    for model in (apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")):
        for row in model.objects.filter(email__regex="@.*[^ -~]"):
            local, _, domain = row.email.rpartition("@")
            try:
                email = f"{local}@{ascii_domain(domain)}"
            except ValueError:
                continue
            if not model.objects.filter(email=email).exists():
                model.objects.filter(pk=row.pk).update(email=email)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_joined_in_haste"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(write_out, migrations.RunPython.noop)]
