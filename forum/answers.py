"""From what an act refuses to the page that says so and gives the text back. The one place where the two meet."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts import kept
from accounts.rates import TooFast
from forum.refusals import NotAllowed, TooManyHighlights, TopicIsClosed

View = Callable[..., HttpResponse]


def answering_refusals(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TopicIsClosed as refusal:
            return kept.refuse(
                request,
                409,
                title="This topic has been closed",
                explanation=f"“{refusal.topic.title}” was closed while you were writing and takes no more changes.",
            )
        except NotAllowed as refusal:
            raise PermissionDenied from refusal  # config/errors.py has the page, with the text if there was one
        except TooManyHighlights:
            return kept.refuse(
                request,
                409,
                title="This topic has its ten highlights",
                explanation="Take one of them down first; more than ten would hide the topic itself.",
            )
        except TooFast as refusal:
            return kept.refuse(
                request,
                429,
                title="That was very quick",
                explanation=f"Please wait {refusal.retry_after} seconds, then send it again.",
                retry_after=refusal.retry_after,
            )

    return answered
