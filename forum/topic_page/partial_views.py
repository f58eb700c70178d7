"""The response to a small action: a script gets the changed parts of the page; without scripts the browser is
redirected to where the button was. Neither needs a message, because the button shows the result."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from accounts.access.decorators import MemberRequest, View
from core.web.request_values import wants_json
from forum.web.act_done import ActionDone

Parts = Callable[..., str]  # from the subject, a member and a CSRF token to HTML


def in_place(view: View, parts: Parts) -> View:
    """Returns a view that responds to scripts with parts of the topic page instead of an ActionDone."""

    @wraps(view)
    def wrapper(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not isinstance(response, ActionDone) or not wants_json(request):
            return response
        return JsonResponse(
            {"told": response.announcement, "html": parts(response.subject, request.user, get_token(request))}
        )

    return wrapper
