"""The community rules: numbered, versions are never deleted, accepted on joining, maintained by admins."""

import pytest

from accounts.access.roles import NotAdminError
from accounts.community_rules.rules import RulesConflict, RuleText, change_page, publish_rules
from accounts.models import LogEntry, Rule, RulesVersion, User
from tests.conftest import PASSWORD
from tests.support.page import Page

pytestmark = pytest.mark.django_db
DORA = {"username": "dora", "email": "dora@example.org", "password1": PASSWORD}


def current_rules() -> list[RuleText]:
    return [RuleText(rule.title, rule.text, rule.key) for rule in Rule.objects.current()]


def form_fields(words: list[RuleText], based_on: int = 1, **more: str) -> dict[str, str]:
    """Returns the form fields as the page sends them."""
    fields = {"based_on": str(based_on), "note": "", **more}
    for row, rule in enumerate(words):
        fields |= {f"title_{row}": rule.title, f"text_{row}": rule.text, f"place_{row}": str(row + 1)}
        fields[f"key_{row}"] = str(rule.key or "")
    return fields


@pytest.mark.slow
def test_new_forum_has_default_rules(guest):
    page = guest.get("/rules/")
    for number, title in ((1, "Be kind"), (7, "Let moderators do their work")):
        assert Page(page).one(f"#rule-{number} h2").text == f"{number}. {title}"
    assert 'href="/rules/"' in guest.get("/").text
    assert "Earlier" not in page.text


def test_new_version_applies_and_earlier_version_stays_readable(guest, noor):
    words = current_rules()
    made = publish_rules(
        by=noor,
        rules=[RuleText("No bells at night", "Not after **ten**."), *words[1:3]],
        based_on=1,
        note="Sleep.",
    )
    assert made.number == 2
    assert [str(rule) for rule in Rule.objects.current()] == [
        "1. No bells at night", "2. Keep to the topic", "3. Respect privacy",
    ]  # fmt: skip
    assert [rule.key for rule in Rule.objects.current()] == [8, 2, 3]
    page = guest.get("/rules/").text
    assert "<strong>ten</strong>" in page
    assert "Be kind" not in page
    earlier = guest.get("/rules/1/").text
    assert "This is an earlier version" in earlier
    assert "Be kind" in earlier
    assert guest.get("/rules/3/").status_code == 404


def test_rule_change_is_logged_with_before_and_after(noor):
    publish_rules(by=noor, rules=current_rules()[:1], based_on=1, note="Fewer.")
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why) == ("change_rules", noor, "Fewer.")
    assert (len(entry.facts["before"]["rules"]), entry.facts["after"]["rules"]) == (7, ["Be kind"])


def test_unchanged_rules_make_no_version(noor):
    assert publish_rules(by=noor, rules=current_rules(), based_on=1).number == 1
    assert not LogEntry.objects.exists()


def test_unknown_rule_key_is_replaced(noor):
    publish_rules(by=noor, rules=[RuleText("Mine", "", 987)], based_on=1)
    assert Rule.objects.current().get().key == 8


def test_only_admins_can_publish_rules(mia, sign_in):
    with pytest.raises(NotAdminError):
        publish_rules(by=mia, rules=[], based_on=1)
    assert sign_in(mia).post("/manage/rules/", form_fields([])).status_code == 404
    assert RulesVersion.objects.count() == 1


# --- The admin page ---


def test_admin_page_publishes_new_version(noor, sign_in):
    client = sign_in(noor)
    words = [*current_rules(), RuleText("Sing", "Now and then.\r\nIn tune.")]
    answer = client.post("/manage/rules/", form_fields(words, note="A song."))
    assert (answer.status_code, answer["Location"]) == (302, "/manage/rules/")
    assert current_rules()[-1] == RuleText("Sing", "Now and then.\nIn tune.", 8)
    assert "Published version 2 of the rules." in client.get("/manage/rules/").text


def test_sort_numbers_reorder_rules_and_empty_title_removes_one(noor, sign_in):
    fields = form_fields(current_rules()) | {"place_6": "1", "title_3": "", "text_3": ""}
    sign_in(noor).post("/manage/rules/", fields)
    assert [rule.key for rule in Rule.objects.current()] == [7, 1, 2, 3, 5, 6]


@pytest.mark.parametrize(
    ("fields", "error_field"),
    [
        ({"title_0": ""}, "title_0"),
        ({"title_0": "x" * 101}, "title_0"),
        ({"text_0": "x" * 2_001}, "text_0"),
        ({"place_0": "first"}, "place_0"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_invalid_field_shows_error_and_preserves_text(noor, sign_in, fields, error_field):
    sent = form_fields(current_rules()) | {"text_1": "Kept."} | fields
    answer = sign_in(noor).post("/manage/rules/", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {error_field}
    assert "Kept." in answer.text
    assert RulesVersion.objects.count() == 1


def test_outdated_rules_form_is_rejected_with_its_text(noor, sign_in):
    publish_rules(by=noor, rules=[RuleText("Other", "")], based_on=1)
    with pytest.raises(RulesConflict):
        publish_rules(by=noor, rules=[], based_on=1)
    client = sign_in(noor)
    answer = client.post("/manage/rules/", form_fields([RuleText("Mine", "Typed long.")]))
    assert answer.status_code == 409
    assert "Typed long." in answer.text
    assert "Version 2 was published in the meantime" in answer.text
    assert 'name="based_on" value="2"' in answer.text
    assert (
        client.post("/manage/rules/", form_fields([RuleText("Mine", "Typed long.")], based_on=2)).status_code
        == 302
    )
    assert current_rules() == [RuleText("Mine", "Typed long.", 9)]


# --- Accepted on joining ---


def test_sign_up_records_accepted_rules_version(client):
    page = client.get("/account/signup/").text
    assert 'name="accepts_rules"' in page
    assert 'href="/rules/"' in page
    client.post("/account/signup/", DORA | {"accepts_rules": "on", "rules_version": "1"})
    assert User.objects.get(name="dora").accepted_rules.number == 1


def test_sign_up_requires_accepting_rules(client):
    answer = client.post("/account/signup/", DORA)
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"accepts_rules"})
    assert not User.objects.exists()


def test_sign_up_asks_again_after_rules_changed(client, noor):
    publish_rules(by=noor, rules=[RuleText("New", "")], based_on=1)
    answer = client.post("/account/signup/", DORA | {"accepts_rules": "on", "rules_version": "1"})
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"accepts_rules"})
    assert 'name="rules_version" value="2"' in answer.text
    client.post("/account/signup/", DORA | {"accepts_rules": "on", "rules_version": "2"})
    assert User.objects.get(name="dora").accepted_rules.number == 2


def test_sign_up_without_rules_requires_no_acceptance(client, noor):
    publish_rules(by=noor, rules=[], based_on=1)
    assert 'name="accepts_rules"' not in client.get("/account/signup/").text
    assert client.post("/account/signup/", DORA).status_code == 302
    assert User.objects.get(name="dora").accepted_rules is None


# --- Pages ---


@pytest.mark.parametrize(
    ("name", "expected_text"), [("privacy", "What you provide"), ("contact", "run by its admins")]
)
def test_static_page_has_default_text(guest, name, expected_text):
    page = guest.get(f"/{name}/")
    assert expected_text in page.text
    assert f'href="/{name}/"' in guest.get("/").text


def test_admin_can_edit_static_page(guest, noor, sign_in):
    client = sign_in(noor)
    answer = client.post("/manage/pages/contact/", {"text": "Ring *twice*.\r\n<script>", "version": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/contact/")
    page = guest.get("/contact/").text
    assert "Ring <em>twice</em>." in page
    assert "<script>" not in page.partition("<main")[2]
    entry = LogEntry.objects.get()
    assert (entry.act, entry.facts["after"]["text"]) == ("change_page", "Ring *twice*.\n<script>")
    assert "run by its admins" in entry.facts["before"]["text"]


def test_outdated_static_page_form_is_rejected_with_its_text(noor, sign_in):
    change_page(name="contact", text="First.", version=1, by=noor)
    answer = sign_in(noor).post("/manage/pages/contact/", {"text": "Second.", "version": "1"})
    assert (answer.status_code, "Second." in answer.text) == (409, True)
    assert 'name="version" value="2"' in answer.text


@pytest.mark.parametrize(("text", "status"), [("", 422), ("x" * 20_001, 422), ("x" * 20_000, 302)])
def test_static_page_text_must_be_1_to_20000_characters(noor, sign_in, text, status):
    assert sign_in(noor).post("/manage/pages/privacy/", {"text": text, "version": "1"}).status_code == status


def test_unknown_or_unauthorized_static_page_is_404(noor, mia, sign_in):
    assert sign_in(noor).get("/manage/pages/imprint/").status_code == 404
    assert sign_in(mia).get("/manage/pages/contact/").status_code == 404
