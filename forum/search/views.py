from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from psycopg.errors import QueryCanceled

from core.web.keyset_pagination import row_in_query
from core.web.request_values import InvalidPageNumber, is_number
from forum.search.forms import SearchForm
from forum.search.matches import Match, scope_of
from forum.search.query import Query, read_query
from forum.search.ranking import RANKED_MAX
from forum.search.results import PER_PAGE, Results, best_topics, newest_posts

NEWEST = "newest"
PAGES_MAX = RANKED_MAX // PER_PAGE
SECONDS = 1.0  # for each statement of a search


class SearchTooSlow(Exception):
    """The database did not finish in time."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Topics by relevance, or posts by time, with these words and filters."""
    if any(name in request.GET for name in SearchForm.OPTIONS):
        form = SearchForm(request.GET, person=request.user)
        if form.is_valid():
            return redirect(_url(form.text, request.GET.get("order", "")))
        return render(request, "forum/search/search.html", {"form": form, "query": Query()}, status=400)
    query = read_query(request.GET.get("q", ""))
    is_newest = request.GET.get("order") == NEWEST
    page = _page(request)
    older = row_in_query(request, "older")
    before = Match(post=older[1], topic=0, posted_at=older[0]) if older else None
    context = {
        "form": SearchForm(initial=SearchForm.initial_of(query), person=request.user),
        "query": query,
        "is_newest": is_newest,
        "page": page,
        "is_first": page == 1 and before is None,
    }
    if query.is_empty:
        return render(request, "forum/search/search.html", context)
    try:
        results = _results(request, query, is_newest=is_newest, page=page, before=before)
    except SearchTooSlow:
        return render(request, "forum/search/search.html", {**context, "is_too_slow": True}, status=503)
    return render(request, "forum/search/search.html", {**context, "results": results})


def _results(
    request: HttpRequest, query: Query, *, is_newest: bool, page: int, before: Match | None
) -> Results:
    with _deadline():
        scope = scope_of(query, request.user)
        if is_newest:
            return newest_posts(scope, before)
        return best_topics(scope, page)


@contextmanager
def _deadline() -> Iterator[None]:
    """A search that takes too long raises SearchTooSlow."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                milliseconds = str(round(1000 * SECONDS * settings.DEADLINE_FACTOR))
                cursor.execute("SELECT set_config('statement_timeout', %s, TRUE)", [milliseconds])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise SearchTooSlow from error
        raise


def _page(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    if not is_number(number, digits=3) or not 1 <= int(number) <= PAGES_MAX:
        raise InvalidPageNumber(PAGES_MAX)
    return int(number)


def _url(text: str, order: str) -> str:
    params = QueryDict(mutable=True)
    params["q"] = text
    if order == NEWEST:
        params["order"] = NEWEST
    return f"{reverse('forum:search')}?{params.urlencode()}"
