"""The tables of accounts, and what autodetection does not know: the cache table, the first epoch, the trigger that
protects the audit log, and the default rules and pages."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models

from ._first_rules import write_first_rules

# A new database gets an epoch of its own, so that pages cached for an earlier one are not used.
BEGIN_EPOCH = """
INSERT INTO accounts_siteversion (id, number, hidden)
SELECT 1, moment, moment
  FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS moment) AS now
"""
# Rows of the audit log cannot be changed or deleted, even by the owner of the table. TRUNCATE is allowed: restoring a
# backup and the tests need it.
GUARD_RECORD = """
CREATE FUNCTION accounts_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of moderation is only added to' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER record_is_only_added_to BEFORE UPDATE OR DELETE ON accounts_logentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_record_stays();
"""
STOP_GUARDING = """
DROP TRIGGER record_is_only_added_to ON accounts_logentry;
DROP FUNCTION accounts_record_stays();
"""


def make_cache_table(apps, schema_editor):
    """Creates the table of Django's cache, which counts sign-in attempts, so that `migrate` creates all tables."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_cache_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS cache")


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='SiteVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField()),
                ('hidden', models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('name', models.CharField(max_length=30)),
                ('name_key', models.CharField(editable=False, max_length=200, unique=True)),
                ('sort_key', models.CharField(db_default='', default='', editable=False, max_length=200)),
                ('name_plain', models.CharField(editable=False, max_length=200)),
                ('name_changed_at', models.DateTimeField(blank=True, null=True)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('role', models.CharField(choices=[('member', 'Member'), ('moderator', 'Moderator'), ('admin', 'Admin')], default='member', max_length=10)),
                ('about', models.CharField(blank=True, max_length=2000)),
                ('about_html', models.TextField(blank=True, editable=False)),
                ('time_zone', models.CharField(blank=True, max_length=64)),
                ('picture', models.CharField(blank=True, editable=False, max_length=32)),
                ('silenced_until', models.DateTimeField(editable=False, null=True)),
                ('suspended_until', models.DateTimeField(editable=False, null=True)),
                ('moderates', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), editable=False, null=True, size=None)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('read_all_until', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('is_new', models.BooleanField(db_default=False, default=False, editable=False)),
                ('joined_too_fast', models.BooleanField(db_default=False, default=False, editable=False)),
                ('texts_waiting', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['joined_at', 'id'], name='members_by_joining'), models.Index(fields=['sort_key', 'id'], name='members_by_name'), models.Index(fields=['name_plain'], name='members_by_plain_name'), models.Index(condition=models.Q(('role', 'member'), _negated=True), fields=['role'], name='staff_by_role'), models.Index(condition=models.Q(('silenced_until__isnull', False), ('suspended_until__isnull', False), _connector='OR'), fields=['-id'], name='members_under_a_sanction')],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['member', 'moderator', 'admin'])), name='role_is_known'), models.CheckConstraint(condition=models.Q(('moderates', None), models.Q(('moderates__len__gt', 0), ('role', 'moderator')), _connector='OR'), name='only_moderators_are_limited_to_sections')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('members', models.ManyToManyField(blank=True, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='StaticPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('privacy', 'Privacy'), ('contact', 'Contact')], max_length=20, unique=True)),
                ('text', models.CharField(max_length=20000)),
                ('html', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('act', models.CharField(max_length=20)),
                ('slot', models.BigIntegerField()),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'act', 'slot'), name='one_count_per_user_act_and_slot')],
            },
        ),
        migrations.CreateModel(
            name='RulesVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='accepted_rules',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.rulesversion'),
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='accounts.rulesversion')),
                ('number', models.PositiveSmallIntegerField()),
                ('key', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=100)),
                ('text', models.CharField(blank=True, max_length=2000)),
                ('html', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['version', 'number'],
                'indexes': [models.Index(fields=['key'], name='rule_through_versions')],
                'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='one_rule_per_version_and_number'), models.UniqueConstraint(fields=('version', 'key'), name='a_rule_stands_once_in_a_version'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='rule_has_a_title')],
            },
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('act', models.CharField(max_length=30)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('target_kind', models.CharField(max_length=20)),
                ('target_id', models.BigIntegerField()),
                ('target_name', models.CharField(blank=True, max_length=200)),
                ('topic_id', models.BigIntegerField(null=True)),
                ('section_id', models.BigIntegerField(null=True)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.rule')),
                ('facts', models.JSONField(default=dict)),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='accounts.logentry')),
            ],
            options={
                'indexes': [models.Index(fields=['-at', '-id'], name='log_newest_first'), models.Index(fields=['act', '-at', '-id'], name='log_by_act'), models.Index(fields=['by', '-at', '-id'], name='log_by_actor'), models.Index(condition=models.Q(('topic_id__isnull', False)), fields=['topic_id', '-at', '-id'], name='log_by_topic'), models.Index(condition=models.Q(('section_id__isnull', False)), fields=['section_id', '-at', '-id'], name='log_by_section'), models.Index(condition=models.Q(('member__isnull', False)), fields=['member', '-at', '-id'], name='log_by_member'), models.Index(condition=models.Q(('rule__isnull', False)), fields=['rule', '-at', '-id'], name='log_by_rule'), models.Index(fields=['target_kind', 'target_id'], name='log_by_target')],
            },
        ),
        migrations.CreateModel(
            name='Sanction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sanctions', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('warning', 'Warning'), ('silence', 'Silence'), ('suspension', 'Suspension')], max_length=10)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField(null=True)),
                ('reason', models.CharField(max_length=200)),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.rule')),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-id'], name='sanctions_of_a_member'), models.Index(condition=models.Q(('lifted_at', None)), fields=['-id'], name='sanctions_not_lifted')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['warning', 'silence', 'suspension'])), name='sanction_kind_is_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_sanction_has_a_reason'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('at')), _connector='OR'), name='a_sanction_ends_after_it_began'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='lifting_has_a_time_and_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IpSighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('act', models.CharField(choices=[('sign_up', 'Signed up'), ('sign_in', 'Signed in'), ('post', 'Posted')], max_length=10)),
                ('address', models.GenericIPAddressField()),
                ('first_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['address'], name='sightings_by_address'), models.Index(fields=['last_at'], name='sightings_by_age')],
                'constraints': [models.UniqueConstraint(fields=('member', 'act', 'address'), name='one_sighting_per_member_act_and_address')],
            },
        ),
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_names', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=30)),
                ('name_key', models.CharField(max_length=200, unique=True)),
                ('given_up_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RunPython(make_cache_table, drop_cache_table),
        migrations.RunSQL(BEGIN_EPOCH, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD_RECORD, STOP_GUARDING),
        migrations.RunPython(write_first_rules, migrations.RunPython.noop),
    ]
