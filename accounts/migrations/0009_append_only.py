from django.db import migrations


class Migration(migrations.Migration):
    """What stands in the record of moderation stays as it was written, for whoever owns the table too. TRUNCATE is
    not refused: a backup that is restored, and the tests, begin with empty tables."""

    dependencies = [("accounts", "0008_record"),           ]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION accounts_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'the record of moderation is only added to'
                    USING ERRCODE = 'insufficient_privilege';
            END
            $$;
            CREATE TRIGGER record_is_only_added_to BEFORE UPDATE OR DELETE ON accounts_logentry
                FOR EACH STATEMENT EXECUTE FUNCTION accounts_record_stays();
            """,
            """
            DROP TRIGGER record_is_only_added_to ON accounts_logentry;
            DROP FUNCTION accounts_record_stays();
            """,
        )
    ]
