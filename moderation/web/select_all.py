"""Lists of checkboxes: "Select all" links to the same page with every box checked, so it works without scripts."""

from django.http import HttpRequest


def selects_all(request: HttpRequest) -> bool:
    """Returns whether every box of the page is to be checked."""
    return request.method in ("GET", "HEAD") and request.GET.get("all") == "1"


def query_without_all(request: HttpRequest) -> str:
    """Returns the query string for the link that selects all boxes of this page, or none."""
    params = request.GET.copy()
    params.pop("all", None)
    return params.urlencode()
