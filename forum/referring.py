"""Look up what a text refers to, before it is rendered."""

from accounts.members import members
from accounts.models import FormerName, User
from forum.models import Section
from forum.readers import may_read
from forum.rendering import names_in
from forum.rendering.references import Named, References


def references_in(body: str, *, by: User, section: Section) -> References:
    """Those of the things named in `body` that are there, and that its writer may name in this section."""
    return References(people=_people(names_in(body), section), cuts_quotes=True)


def _people(keys: list[str], section: Section) -> dict[str, Named]:
    """Members who may read here, by the keys they were named with: a name that somebody gave up leads to them."""
    if not keys:
        return {}
    here = members().filter(may_read(section))
    people = {member.name_key: member for member in here.filter(name_key__in=keys)}
    given_up = FormerName.objects.filter(name_key__in=keys, user__in=here.values("pk"))
    people |= {former.name_key: former.user for former in given_up.select_related("user")}
    return {key: Named(member.pk, member.get_absolute_url()) for key, member in people.items()}
