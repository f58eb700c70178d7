"""From what an act refuses to the page that says so and gives the text back. The one place where the two meet."""

from collections.abc import Callable
from functools import wraps

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
        except NotAllowed:
            return kept.refuse(
                request, 403, title="You may not do this here", explanation="Your text was not posted."
            )
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
