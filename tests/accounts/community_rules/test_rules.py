"""The community rules: numbered, versions are never deleted, accepted on joining, maintained by admins."""

import pytest

from accounts.access.roles import NotAdminError
from accounts.community_rules.rules import RulesConflict, RuleText, change_page, publish_rules
from accounts.models import LogEntry, Rule, RulesVersion, User
from tests.conftest import PASSWORD
from tests.support.page import Page

pytestmark = pytest.mark.django_db
DORA = {"username": "dora", "email": "dora@example.org", "password1": PASSWORD}


def standing() -> list[RuleText]:
    return [RuleText(rule.title, rule.text, rule.key) for rule in Rule.objects.current()]


def form_of(words: list[RuleText], based_on: int = 1, **more: str) -> dict[str, str]:
    """Returns the form fields as the page sends them."""
    fields = {"based_on": str(based_on), "note": "", **more}
    for row, rule in enumerate(words):
        fields |= {f"title_{row}": rule.title, f"text_{row}": rule.text, f"place_{row}": str(row + 1)}
        fields[f"key_{row}"] = str(rule.key or "")
    return fields


def test_a_community_begins_with_some(guest):
    page = guest.get("/rules/")
    for number, title in ((1, "Be kind"), (7, "Let moderators do their work")):
        assert Page(page).one(f"#rule-{number} h2").text == f"{number}. {title}"
    assert 'href="/rules/"' in guest.get("/").text
    assert "Earlier" not in page.text


def test_a_new_version_holds_and_the_earlier_stays_to_be_read(guest, noor):
    words = standing()
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


def test_it_stands_in_the_record_with_before_and_after(noor):
    publish_rules(by=noor, rules=standing()[:1], based_on=1, note="Fewer.")
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why) == ("change_rules", noor, "Fewer.")
    assert (len(entry.facts["before"]["rules"]), entry.facts["after"]["rules"]) == (7, ["Be kind"])


def test_nothing_different_is_no_version(noor):
    assert publish_rules(by=noor, rules=standing(), based_on=1).number == 1
    assert not LogEntry.objects.exists()


def test_a_key_that_nobody_gave_out_is_not_taken_over(noor):
    publish_rules(by=noor, rules=[RuleText("Mine", "", 987)], based_on=1)
    assert Rule.objects.current().get().key == 8


def test_only_admins(mia, sign_in):
    with pytest.raises(NotAdminError):
        publish_rules(by=mia, rules=[], based_on=1)
    assert sign_in(mia).post("/manage/rules/", form_of([])).status_code == 404
    assert RulesVersion.objects.count() == 1


# --- The admin page ---


def test_the_page_makes_a_version(noor, sign_in):
    client = sign_in(noor)
    words = [*standing(), RuleText("Sing", "Now and then.\r\nIn tune.")]
    answer = client.post("/manage/rules/", form_of(words, note="A song."))
    assert (answer.status_code, answer["Location"]) == (302, "/manage/rules/")
    assert standing()[-1] == RuleText("Sing", "Now and then.\nIn tune.", 8)
    assert "Published version 2 of the rules." in client.get("/manage/rules/").text


def test_numbers_move_rules_and_an_empty_title_takes_one_away(noor, sign_in):
    fields = form_of(standing()) | {"place_6": "1", "title_3": "", "text_3": ""}
    sign_in(noor).post("/manage/rules/", fields)
    assert [rule.key for rule in Rule.objects.current()] == [7, 1, 2, 3, 5, 6]


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"title_0": ""}, "title_0"),
        ({"title_0": "x" * 101}, "title_0"),
        ({"text_0": "x" * 2_001}, "text_0"),
        ({"place_0": "first"}, "place_0"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_text_is_kept(noor, sign_in, fields, beside):
    sent = form_of(standing()) | {"text_1": "Kept."} | fields
    answer = sign_in(noor).post("/manage/rules/", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {beside}
    assert "Kept." in answer.text
    assert RulesVersion.objects.count() == 1


def test_two_admins_at_once_do_not_overwrite_each_other(noor, sign_in):
    publish_rules(by=noor, rules=[RuleText("Other", "")], based_on=1)
    with pytest.raises(RulesConflict):
        publish_rules(by=noor, rules=[], based_on=1)
    client = sign_in(noor)
    answer = client.post("/manage/rules/", form_of([RuleText("Mine", "Typed long.")]))
    assert answer.status_code == 409
    assert "Typed long." in answer.text
    assert "Version 2 was published in the meantime" in answer.text
    assert 'name="based_on" value="2"' in answer.text
    assert (
        client.post("/manage/rules/", form_of([RuleText("Mine", "Typed long.")], based_on=2)).status_code
        == 302
    )
    assert standing() == [RuleText("Mine", "Typed long.", 9)]


# --- Accepted on joining ---


def test_whoever_joins_accepts_and_which_version_is_remembered(client):
    page = client.get("/account/signup/").text
    assert 'name="accepts_rules"' in page
    assert 'href="/rules/"' in page
    client.post("/account/signup/", DORA | {"accepts_rules": "on", "rules_version": "1"})
    assert User.objects.get(name="dora").accepted_rules.number == 1


def test_nobody_joins_without(client):
    answer = client.post("/account/signup/", DORA)
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"accepts_rules"})
    assert not User.objects.exists()


def test_rules_that_changed_meanwhile_are_looked_at_again(client, noor):
    publish_rules(by=noor, rules=[RuleText("New", "")], based_on=1)
    answer = client.post("/account/signup/", DORA | {"accepts_rules": "on", "rules_version": "1"})
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"accepts_rules"})
    assert 'name="rules_version" value="2"' in answer.text
    client.post("/account/signup/", DORA | {"accepts_rules": "on", "rules_version": "2"})
    assert User.objects.get(name="dora").accepted_rules.number == 2


def test_where_there_are_none_nobody_is_asked(client, noor):
    publish_rules(by=noor, rules=[], based_on=1)
    assert 'name="accepts_rules"' not in client.get("/account/signup/").text
    assert client.post("/account/signup/", DORA).status_code == 302
    assert User.objects.get(name="dora").accepted_rules is None


# --- Pages ---


@pytest.mark.parametrize(
    ("name", "says"), [("privacy", "What you provide"), ("contact", "run by its admins")]
)
def test_pages_begin_with_true_words(guest, name, says):
    page = guest.get(f"/{name}/")
    assert says in page.text
    assert f'href="/{name}/"' in guest.get("/").text


def test_admins_write_them_anew(guest, noor, sign_in):
    client = sign_in(noor)
    answer = client.post("/manage/pages/contact/", {"text": "Ring *twice*.\r\n<script>", "version": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/contact/")
    page = guest.get("/contact/").text
    assert "Ring <em>twice</em>." in page
    assert "<script>" not in page.partition("<main")[2]
    entry = LogEntry.objects.get()
    assert (entry.act, entry.facts["after"]["text"]) == ("change_page", "Ring *twice*.\n<script>")
    assert "run by its admins" in entry.facts["before"]["text"]


def test_a_page_that_another_admin_changed_is_not_overwritten(noor, sign_in):
    change_page(name="contact", text="First.", version=1, by=noor)
    answer = sign_in(noor).post("/manage/pages/contact/", {"text": "Second.", "version": "1"})
    assert (answer.status_code, "Second." in answer.text) == (409, True)
    assert 'name="version" value="2"' in answer.text


@pytest.mark.parametrize(("text", "status"), [("", 422), ("x" * 20_001, 422), ("x" * 20_000, 302)])
def test_a_page_says_something_and_has_a_bound(noor, sign_in, text, status):
    assert sign_in(noor).post("/manage/pages/privacy/", {"text": text, "version": "1"}).status_code == status


def test_no_other_page_is_written(noor, mia, sign_in):
    assert sign_in(noor).get("/manage/pages/imprint/").status_code == 404
    assert sign_in(mia).get("/manage/pages/contact/").status_code == 404
