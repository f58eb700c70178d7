"""Pages with a form. A view makes the form with `form_for`, does its action if the form is valid, and otherwise returns
`form_page`, which shows the form: empty, or with its errors and what was typed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from core.web import preserved_input
from core.web.action_errors import ActionError

F = TypeVar("F", bound=Form)


def post_data(request: HttpRequest) -> QueryDict | None:
    """Returns the POST data to bind a form to (even if it is empty), or None for other methods."""
    return request.POST if request.method == "POST" else None


def form_for(
    request: HttpRequest, make: Callable[..., F], *, initial: Mapping[str, Any] | None = None, **kwargs: Any
) -> F:
    """Returns the form, bound to the data of a POST. Otherwise it begins with `initial` and, instead, with what was
    typed before the person had to sign in again."""
    begins_with = {**(initial or {}), **preserved_input.pop(request)}
    return make(post_data(request), initial=begins_with, **kwargs)


@contextmanager
def errors_shown_in(form: Form, *errors: type[ActionError]) -> Iterator[None]:
    """Shows these errors of the action in the form. The code after the block then returns `form_page`."""
    try:
        yield
    except errors as error:
        show_in(form, error)


def show_in(form: Form, error: ActionError) -> None:
    form.add_error(error.field, error.explanation)
    form.rejected_by = error  # type: ignore[attr-defined]


def form_page(
    request: HttpRequest, template: str, form: Form, *, status: int | None = None, **context: Any
) -> HttpResponse:
    """Returns the page with the form. The status is 200, or 422 for a form with errors, or that of the action's
    error."""
    error: ActionError | None = getattr(form, "rejected_by", None)
    status = status or (error.status if error else 422 if form.errors else 200)
    response = render(request, template, {"form": form, **context}, status=status)
    if error and error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response
