"""Health checks for monitoring: is the process alive, and is it ready to serve?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

# Belfry does not run on a server that can lose acknowledged data.
DURABLE = {
    "synchronous_commit": {"on", "remote_apply", "remote_write"},
    "fsync": {"on"},
    "full_page_writes": {"on"},
}
TAKES_WRITES = {"transaction_read_only": {"off"}}
WANTED = DURABLE if settings.READ_ONLY else DURABLE | TAKES_WRITES


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Returns JSON that lists every problem."""
    problems = database_problems()
    return JsonResponse({"ready": not problems, "problems": problems}, status=503 if problems else 200)


def database_problems() -> list[str]:
    try:
        problems = [f"{setting} is {value}" for setting, value in unwanted_settings(WANTED).items()]
        executor = MigrationExecutor(connection)
        unapplied = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return ["the database does not respond"]
    return problems + ([f"{len(unapplied)} migrations are not applied"] if unapplied else [])


def unwanted_settings(wanted: dict[str, set[str]]) -> dict[str, str]:
    """Returns the server's settings that differ from the wanted values. With DURABLE: those that risk acknowledged
    data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)])
        return {name: value for name, value in cursor.fetchall() if value not in wanted[name]}
