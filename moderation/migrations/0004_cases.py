import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("forum", "0016_held"),
        ("moderation", "0003_people"), migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=2000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, choices=[('upheld', 'The outcome stands'), ('granted', 'The outcome is undone')], max_length=10)),
                ('answer', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='CaseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('claimed', 'took the case'), ('taken_over', 'took the case over'), ('released', 'gave the case back'), ('held', 'the post was hidden until somebody has looked'), ('note', 'left a note for staff'), ('to_reporter', 'wrote to the reporter'), ('from_reporter', 'the reporter answered'), ('unmasked', 'looked up who the reporter is'), ('muted', 'muted the reporter'), ('unmuted', 'lifted the mute of the reporter')], max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', models.CharField(blank=True, max_length=2000)),
            ],
        ),
        migrations.CreateModel(
            name='CaseWords',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='moderation.case')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name='Mute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('muted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField()),
                ('reason', models.CharField(max_length=200)),
                ('lifted_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='a_settlement_has_a_person_and_an_outcome',
        ),
        migrations.AddField(
            model_name='case',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='author_name',
            field=models.CharField(default='', max_length=30),
        ),
        migrations.AddField(
            model_name='case',
            name='claimed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='claimed_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='done',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='case',
            name='first_looked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='held_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='reason',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='case',
            name='rule',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.rule'),
        ),
        migrations.AddField(
            model_name='case',
            name='settled_revision',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='dismissed_before',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='report',
            name='number',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='upheld_before',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='report',
            name='weight',
            field=models.DecimalField(db_default=Decimal('1'), decimal_places=2, default=Decimal('1'), max_digits=3),
        ),
        migrations.AlterField(
            model_name='case',
            name='outcome',
            field=models.CharField(blank=True, choices=[('no_breach', 'No breach'), ('warned', 'Member warned'), ('edited', 'Post edited'), ('removed', 'Post removed'), ('closed', 'Topic closed'), ('suspended', 'Member suspended'), ('upheld', 'Upheld')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['author', '-id'], name='cases_by_author'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('settled_at__isnull', False)), fields=['settled_at'], name='cases_by_settling'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['reporter', '-id'], name='reports_by_member'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['reason', 'case'], name='reports_by_reason'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claimed_by', None), ('claimed_until', None)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False), ('settled_at', None)), _connector='OR'), name='a_claim_is_on_an_open_case'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='moderation.case'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='moderation.case'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='report',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='moderation.report'),
        ),
        migrations.AddIndex(
            model_name='casewords',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='cases_by_word'),
        ),
        migrations.AddField(
            model_name='mute',
            name='because_of',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mutes', to='moderation.report'),
        ),
        migrations.AddField(
            model_name='mute',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mute',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mute',
            name='muted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('decided_at', None)), fields=['id'], name='appeals_that_wait'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('decision__in', ['upheld', 'granted'])), _connector='OR'), name='a_decision_has_a_person_and_a_time'),
        ),
        migrations.AddIndex(
            model_name='caseevent',
            index=models.Index(fields=['case', 'id'], name='events_of_a_case'),
        ),
        migrations.AddConstraint(
            model_name='caseevent',
            constraint=models.CheckConstraint(condition=models.Q(('by__isnull', False), ('kind__in', ['held', 'from_reporter']), _connector='OR'), name='what_staff_do_in_a_case_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='caseevent',
            constraint=models.CheckConstraint(condition=models.Q(('report__isnull', False), models.Q(('kind__in', ['to_reporter', 'from_reporter', 'unmasked', 'muted', 'unmuted']), _negated=True), _connector='OR'), name='what_is_about_a_reporter_says_which'),
        ),
        migrations.AddConstraint(
            model_name='caseevent',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'unmasked')), fields=('report', 'by'), name='one_look_per_reporter_and_person'),
        ),
        migrations.AddIndex(
            model_name='mute',
            index=models.Index(fields=['member', 'until'], name='mutes_by_member'),
        ),
    ]
