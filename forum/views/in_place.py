"""How a small act is answered: a script gets the parts of the page that are different now, and the page stays where
it is; without one, the way leads back to where the button was. Neither needs a banner: the button says what is done."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect

from accounts.asked import wants_json
from accounts.asking import MemberRequest

Parts = Callable[[Any], str]


def done(request: MemberRequest, *, told: str, parts: Parts, back: str) -> HttpResponse:
    """`told`: what a screen reader says; `parts`: the HTML, given a token for its forms; `back`: the same place."""
    if wants_json(request):
        return JsonResponse({"told": told, "html": parts(get_token(request))})
    return redirect(back)
