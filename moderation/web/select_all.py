"""Lists of boxes: "select all" is a link to the same page with every box ticked, for who has no scripts."""

from django.http import HttpRequest


def asks_for_all(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and request.GET.get("all") == "1"


def query_without_all(request: HttpRequest) -> str:
    """For the link that ticks all boxes of this page, or none."""
    asked = request.GET.copy()
    asked.pop("all", None)
    return asked.urlencode()
