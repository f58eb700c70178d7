"""The error that an action raises if it cannot be done, and its page."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.web.preserved_input import rejected_response

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ActionError(Exception):
    """The action was not done and nothing was written. Each class of error has what its page says; a form shows the
    explanation beside `field` instead, or above its fields if that is None."""

    status = 409
    title: "StrOrPromise" = _("This is no longer possible")
    explanation: "StrOrPromise" = _("Something changed in the meantime. Nothing was done.")
    retry_after: int | None = None  # seconds
    back: tuple[str, str] | None = None  # the address and text of a link
    field: str | None = None

    def __init__(self, explanation: "StrOrPromise" = "") -> None:
        super().__init__(explanation)
        if explanation:
            self.explanation = explanation


def error_page(
    request: HttpRequest,
    error: ActionError,
    *,
    explanation: str = "",
    notice: str = "",
    back: tuple[str, str] | None = None,
) -> HttpResponse:
    """Returns the page of the error, with the text that was sent. `notice` is HTML with details."""
    return rejected_response(
        request,
        error.status,
        title=str(error.title),
        explanation=explanation or str(error.explanation),
        retry_after=error.retry_after,
        notice=notice,
        back=back or error.back,
    )
