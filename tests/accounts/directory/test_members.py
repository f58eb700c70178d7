"""/manage/members/: finding a member."""

import pytest

from tests.conftest import make_user


@pytest.fixture
def admin(sign_in, noor):
    return sign_in(noor)


def names_on(page) -> list[str]:
    return [member.name for member in page.context["members"]]


def test_search_matches_part_of_name_but_not_of_address(admin, ada, ben):
    assert names_on(admin.get("/manage/members/?q=AD")) == ["ada"]
    assert (
        names_on(admin.get("/manage/members/?q=ben@exam")) == []
    )  # that is for moderation/members/lookup.py, which logs it
    assert names_on(admin.get("/manage/members/?q=%25")) == []


def test_member_list_is_paged_newest_first_in_four_queries(admin, django_assert_num_queries):
    for number in range(70):
        make_user(f"member{number}")
    with django_assert_num_queries(4):  # session, member, cases for the header, the page
        first = admin.get("/manage/members/")
    second = admin.get(f"/manage/members/?before={first.context['next']}")
    assert (len(names_on(first)), len(names_on(second))) == (50, 21)
    assert names_on(first)[0] == "member69"
    assert names_on(second)[-1] == "noor"
    assert not set(names_on(first)) & set(names_on(second))


@pytest.mark.parametrize("before", ["x", "-1", "1e3", "9" * 30, "٣"])
def test_invalid_page_parameter_is_rejected(admin, before):
    assert admin.get("/manage/members/", {"before": before}).status_code == 400
