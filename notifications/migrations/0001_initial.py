import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', models.CharField(max_length=500)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-id'], name='notices_of_a_member'), models.Index(condition=models.Q(('read_at', None)), fields=['member', 'id'], name='unread_notices')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='notice_says_something'), models.CheckConstraint(condition=models.Q(('url', ''), models.Q(('url__startswith', '/'), models.Q(('url__startswith', '//'), _negated=True)), _connector='OR'), name='notice_leads_to_this_site')],
            },
        ),
    ]
