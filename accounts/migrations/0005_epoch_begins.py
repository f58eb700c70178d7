from django.db import migrations


class Migration(migrations.Migration):
    """A database begins with an epoch of its own: pages kept from another one at the same place are not its pages."""

    dependencies = [("accounts", "0004_session_of_a_member")]

    operations = [
        migrations.RunSQL(
            """INSERT INTO accounts_epoch (id, number, hidden)
               SELECT 1, moment, moment
                 FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS moment) AS now
                   ON CONFLICT (id) DO NOTHING""",
            migrations.RunSQL.noop,
        )
    ]
