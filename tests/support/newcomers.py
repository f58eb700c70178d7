"""What holds for new members, as a test changes it, and texts that must wait."""

from accounts.models import User
from forum.antispam import word_rules as words
from forum.models import NewMemberTerms, WaitingPost, WordRule

LINKS = "Buy at https://one.example and https://two.example and https://three.example now."


def terms(**fields) -> NewMemberTerms:
    """What holds for new members from now on, where it is not the default."""
    made = NewMemberTerms.objects.current()
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    return made


def rule(said: str, act: str = "hold", *, by: User, is_anywhere: bool = False) -> WordRule:
    made = WordRule.objects.create(
        words=said, key=words.key_of(said), act=act, is_anywhere=is_anywhere, made_by=by
    )
    words.forget()
    return made


def only_waiting() -> WaitingPost:
    return WaitingPost.objects.get()
