import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('forum', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='forum.post')),
                ('earlier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.case')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author_name', models.CharField(max_length=30)),
                ('revision', models.PositiveIntegerField()),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('auto_hidden_at', models.DateTimeField(null=True)),
                ('first_response_at', models.DateTimeField(null=True)),
                ('claimed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claimed_until', models.DateTimeField(null=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_revision', models.PositiveIntegerField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('no_breach', 'No violation'), ('warned', 'Member warned'), ('edited', 'Post edited'), ('removed', 'Post removed'), ('closed', 'Topic closed'), ('suspended', 'Member suspended'), ('upheld', 'Upheld')], max_length=10)),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.rule')),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('done', models.JSONField(db_default={}, default=dict)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('resolved_at', None)), fields=['id'], name='open_cases'), models.Index(condition=models.Q(('resolved_at__isnull', False)), fields=['id'], name='settled_cases'), models.Index(fields=['author', '-id'], name='cases_by_author'), models.Index(condition=models.Q(('resolved_at__isnull', False)), fields=['resolved_at'], name='cases_by_settling')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('post',), name='one_open_case_per_post'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_settlement_has_a_person_and_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_by', None), ('claimed_until', None)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False), ('resolved_at', None)), _connector='OR'), name='a_claim_is_on_an_open_case')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='moderation.case')),
                ('words', models.CharField(max_length=2000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.CharField(blank=True, choices=[('upheld', 'Decision upheld'), ('granted', 'Appeal granted')], max_length=10)),
                ('answer', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('decided_at', None)), fields=['id'], name='appeals_that_wait')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('decision__in', ['upheld', 'granted'])), _connector='OR'), name='a_decision_has_a_person_and_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='moderation.case')),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('number', models.PositiveSmallIntegerField()),
                ('revision', models.PositiveIntegerField()),
                ('reason', models.CharField(choices=[('spam', 'Spam or advertising'), ('attack', 'Insults, threats or harassment'), ('private', 'Shares private information'), ('off_topic', 'Off-topic'), ('illegal', 'Illegal or dangerous'), ('other', 'Something else')], max_length=10)),
                ('comment', models.CharField(blank=True, max_length=2000)),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.rule')),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('weight', models.DecimalField(db_default=Decimal('1'), decimal_places=2, default=Decimal('1'), max_digits=3)),
                ('upheld_before', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('dismissed_before', models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['reporter', '-id'], name='reports_by_member'), models.Index(fields=['reason', 'case'], name='reports_by_reason')],
                'constraints': [models.UniqueConstraint(fields=('case', 'reporter'), name='one_report_per_member_and_case'), models.UniqueConstraint(fields=('case', 'number'), name='one_report_per_number_and_case')],
            },
        ),
        migrations.CreateModel(
            name='Mute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('because_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mutes', to='moderation.report')),
                ('muted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('muted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField()),
                ('reason', models.CharField(max_length=200)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['member', 'until'], name='mutes_by_member')],
            },
        ),
        migrations.CreateModel(
            name='CaseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='moderation.case')),
                ('kind', models.CharField(choices=[('claimed', 'Case claimed'), ('taken_over', 'Case taken over'), ('released', 'Case released'), ('held', 'Post hidden automatically'), ('note', 'Staff note'), ('to_reporter', 'Message to the reporter'), ('from_reporter', 'Reply from the reporter'), ('unmasked', 'Reporter revealed'), ('muted', 'Reporter muted'), ('unmuted', 'Reporter unmuted')], max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='moderation.report')),
                ('text', models.CharField(blank=True, max_length=2000)),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='events_of_a_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('by__isnull', False), ('kind__in', ['held', 'from_reporter']), _connector='OR'), name='what_staff_do_in_a_case_has_a_name'), models.CheckConstraint(condition=models.Q(('report__isnull', False), models.Q(('kind__in', ['to_reporter', 'from_reporter', 'unmasked', 'muted', 'unmuted']), _negated=True), _connector='OR'), name='what_is_about_a_reporter_says_which'), models.UniqueConstraint(condition=models.Q(('kind', 'unmasked')), fields=('report', 'by'), name='one_look_per_reporter_and_person')],
            },
        ),
        migrations.CreateModel(
            name='StaffNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', models.CharField(max_length=2000)),
                ('submission_key', models.UUIDField()),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-id'], name='staff_notes_about_a_member')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='staff_note_says_something'), models.UniqueConstraint(fields=('by', 'submission_key'), name='one_staff_note_per_submission')],
            },
        ),
        migrations.CreateModel(
            name='CaseWords',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='moderation.case')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='cases_by_word')],
            },
        ),
    ]
