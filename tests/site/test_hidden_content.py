"""What a reader may not see looks as if it did not exist: to the byte. And no form accepts more than its fields."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from accounts.models import User
from accounts.profile.forms import SettingsForm
from forum.models import Section, Topic
from tests.conftest import reply_to, start
from tests.site.expectations import EXPECTATIONS, Expectation
from tests.site.views import one_per_view
from tests.site.world import World, tables

HIDDEN = [e for e in EXPECTATIONS if "{hidden" in e.address or "/staff-room/" in e.address]


def missing_address(address: str) -> str:
    """Returns the same URL for a thing that never existed."""
    for hidden in ("{hidden}", "{hidden_post}", "{hidden_waiting}"):
        address = address.replace(hidden, "{nothing}")
    address = address.replace("{hidden_picture}", "0" * 32)
    return address.replace("staff-room", "nowhere")


def raw_response(world: World, role: str, method: str, address: str) -> tuple:
    response = world.clients[role].generic(method, world.address(address))
    return response.status_code, sorted(response.headers.items()), response.content


@pytest.mark.slow
@pytest.mark.parametrize("expected", HIDDEN, ids=lambda expected: expected.address)
def test_hidden_content_looks_like_missing_content(world, expected):
    twin = missing_address(expected.address)
    assert twin != expected.address
    for role, method in (("guest", "GET"), ("member", "GET"), ("author", "GET"), ("member", "POST")):
        if (expected.get if method == "GET" else expected.post)[role] == "404":
            assert raw_response(world, role, method, expected.address) == raw_response(
                world, role, method, twin
            )


@pytest.mark.slow
def test_hidden_reply_changes_no_guest_page(world):
    guest, mia = world.clients["guest"], world.people["moderator"]
    pages = ["/", "/s/talk/", "/u/mia/", "/u/ada/", world.address("/t/{topic}/a/")]
    with world.rolled_back():
        before = [guest.get(page).content for page in pages]
        start(Section.objects.get(pk=world.things["secret"]), mia, "Another secret")
        reply_to(Topic.objects.get(pk=world.things["hidden"]), mia)
        assert [guest.get(page).content for page in pages] == before
        # The control: what is visible does change something.
        reply_to(Topic.objects.get(pk=world.things["topic"]), mia)
        assert [guest.get(page).content for page in pages] != before


EXTRA_FIELDS = {
    "is_staff": "on", "is_superuser": "on", "is_admin": "on", "is_active": "", "has_role_rights": "1", "groups": "1",
    "id": "1", "pk": "1", "user": "1", "user_id": "1", "author": "1", "author_id": "1", "by": "1",
    "by_id": "1", "created_at": "2001-01-01", "posted_at": "2001-01-01", "joined_at": "2001-01-01", "at": "2001-01-01",
    "position": "99", "html": "<b>x</b>", "excerpt": "x", "renderer": "9", "edited_by": "1", "edited_at": "2001-01-01",
    "is_hidden": "1", "topic": "1", "topic_id": "1", "section": "1", "section_id": "1", "started_by": "1",
    "reply_count": "99", "last_position": "99", "last_post_by": "1", "pinned": "1", "closed_by": "1", "removed_by": "1",
    "highlighted_by": "1", "reporter": "1", "case": "1", "resolved_by": "1", "name_key": "x", "about_html": "<b>x</b>",
    "archived_at": "2001-01-01", "place": "99", "is_removed": "1", "verified": "1", "primary": "1",
}  # fmt: skip
# What a form accepts though the table does not need it.
OPTIONAL_FIELDS = {"/timer/": {"at"}}
# One URL of each view: another has the same form.
EFFECTIVE = one_per_view(e for e in EXPECTATIONS if "done" in e.post.values())


def cells_after(world: World, expected: Expectation, extra: dict[str, str]) -> dict[tuple, object]:
    """Returns every cell of every table as this POST leaves it, by table, row and column."""
    role = next(role for role in world.clients if expected.post[role] == "done")
    with world.rolled_back(), same_ids_each_time():
        fields = {
            **extra,
            **world.form(expected.fields),
            "submission_key": "11111111-2222-4333-8444-555555555555",
        }
        assert world.clients[role].post(world.address(expected.address), fields).status_code == 302
        each = " UNION ALL ".join(
            f"SELECT '{table}', coalesce(jsonb_agg(to_jsonb(row) ORDER BY to_jsonb(row)), '[]') FROM {table} row"
            for table in tables()
        )
        with connection.cursor() as cursor:
            cursor.execute(each)
            return {
                (table, number, column): value
                for table, rows in cursor.fetchall()
                for number, row in enumerate(json.loads(rows))
                for column, value in row.items()
            }


@contextmanager
def same_ids_each_time() -> Iterator[None]:
    """New rows have the same ids each time, since an id decides which counter row is used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname || '.' || sequencename, start_value, last_value FROM pg_sequences")
        sequences = cursor.fetchall()
        yield
        cursor.executemany(
            "SELECT setval(%s, %s, %s)",
            [(name, last or start, bool(last)) for name, start, last in sequences],
        )


def differences(world: World, expected: Expectation, extra: dict[str, str]) -> set[tuple[str, str]]:
    """Returns columns that end up different with the extra fields; those that differ anyway (times, new ids) are left
    out."""
    once, again, with_extra = (cells_after(world, expected, fields) for fields in ({}, {}, extra))
    volatile = {(cell[0], cell[2]) for cell in once if once[cell] != again.get(cell)}
    return {(cell[0], cell[2]) for cell in once if with_extra.get(cell) != once[cell]} - volatile


@pytest.mark.slow
@pytest.mark.parametrize("expected", EFFECTIVE, ids=lambda expected: expected.address)
def test_form_ignores_unknown_fields(world, expected):
    own = set(expected.fields).union(
        *(names for end, names in OPTIONAL_FIELDS.items() if expected.address.endswith(end))
    )
    extra = {name: value for name, value in {**EXTRA_FIELDS, "role": "admin"}.items() if name not in own}
    assert len(extra) >= 40
    assert differences(world, expected, extra) == set()


def test_control_form_accepting_extra_field_is_detected(world, monkeypatch):
    def careless(form):
        User.objects.filter(name="cleo").update(role=form.data.get("role", "member"))
        return form.cleaned_data

    monkeypatch.setattr(SettingsForm, "clean", careless)
    expected = next(e for e in EFFECTIVE if e.address == "/account/settings/")
    assert ("accounts_user", "role") in differences(world, expected, {"role": "admin"})
