"""How a small act is answered: a script gets the parts of the page that are different now, and the page stays where
it is; without one, the way leads back to where the button was. Neither needs a banner: the button says what is done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from accounts.access.decorators import MemberRequest
from core.web.request_values import wants_json
from forum.web.act_done import ActDone

View = Callable[..., HttpResponse]
Parts = Callable[..., str]  # of the subject, a member and a token for forms: HTML


def in_place(view: View, parts: Parts) -> View:
    """The view, whose ActDone becomes these parts of the topic page where a script asks."""

    @wraps(view)
    def acting(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not isinstance(response, ActDone) or not wants_json(request):
            return response
        return JsonResponse(
            {"told": response.told, "html": parts(response.subject, request.user, get_token(request))}
        )

    return acting
