"""Attaching by choosing, dropping and pasting, with scripts and without, on a desktop and on a phone."""

import pytest
from playwright.sync_api import Locator, expect

from core.text.attachments import ALT_MAX
from forum.models import Attachment, Post
from tests.support.pictures import SVG, picture, scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
BELL = {"name": "bell.jpg", "mimeType": "image/jpeg", "buffer": scene(2_000, 1_300)}
PLAN = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 " + b"x" * 90_000}
SVG_FILE = {"name": "bell.svg", "mimeType": "image/svg+xml", "buffer": SVG}
SMALL_PICTURE = {"name": "small.png", "mimeType": "image/png", "buffer": picture(60, 40)}

# What a browser does on dropping or pasting a file.
SEND_FILE = """(area, [kind, name, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const named = kind === "paste" ? { clipboardData: transfer } : { dataTransfer: transfer };
  const Made = kind === "paste" ? ClipboardEvent : DragEvent;
  area.dispatchEvent(new Made(kind, { bubbles: true, cancelable: true, ...named }));
}"""


@pytest.fixture
def open_reply_page(open_browser, ada, topic, attachment_dir):
    """Ada on a page with the reply form."""

    def sit(width: int, *, scripts: bool = True):
        ada_there = open_browser("ada", scripts=scripts, viewport={"width": width, "height": 900})
        ada_there.sign_in()
        ada_there.go(topic.get_absolute_url())
        return ada_there

    return sit


def text_area(person) -> Locator:
    return person.page.locator("textarea[name=body]")


def expect_no_side_scroll(person) -> None:
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def file_input(person) -> Locator:
    return person.page.locator("input[name=attachment]")


def open_panel(person) -> None:
    person.page.locator("[data-attach] > summary").click()


@WIDTHS
def test_chosen_files_are_attached_with_scripts(open_reply_page, width):
    ada = open_reply_page(width)
    text_area(ada).fill("Before.\n\nAfter.")
    text_area(ada).evaluate("area => area.setSelectionRange(7, 7)")
    open_panel(ada)
    expect(ada.page.locator("button[data-act=attach]")).to_be_hidden()
    file_input(ada).set_input_files([BELL, PLAN])
    asked = ada.page.get_by_label("Alt text of bell.jpg")
    expect(asked).to_have_attribute("maxlength", str(ALT_MAX))
    asked.fill("A bell [large]")
    expect(ada.page.get_by_role("status").filter(has_text="plan.pdf attached")).to_be_attached()
    bell, plan = Attachment.objects.order_by("pk")
    written = f"![A bell \\[large\\]](/a/{bell.key}/)"
    expect(text_area(ada)).to_have_value(f"Before.\n\n{written}\n\n[plan.pdf](/a/{plan.key}/)\n\nAfter.")
    ada.check_accessibility()
    expect_no_side_scroll(ada)
    ada.act("reply")
    shown = ada.last_post.locator(".post-body img")
    expect(shown).to_have_attribute("alt", "A bell [large]")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("img => img.naturalWidth > 0 && img.clientWidth <= innerWidth")
    expect(ada.last_post.locator(".post-body")).to_contain_text("plan.pdf (90 kB)")
    ada.check_accessibility()
    expect_no_side_scroll(ada)


@WIDTHS
def test_chosen_file_is_attached_without_scripts(open_reply_page, width):
    ada = open_reply_page(width, scripts=False)
    text_area(ada).fill("Look here.")
    open_panel(ada)
    file_input(ada).set_input_files(BELL)
    ada.page.get_by_label("Alt text").fill("A bell")
    ada.act("attach")
    bell = Attachment.objects.get()
    expect(text_area(ada)).to_have_value(f"Look here.\n\n![A bell](/a/{bell.key}/)")
    expect_no_side_scroll_without_scripts(ada)
    ada.act("reply")
    expect(ada.last_post.locator(".post-body img")).to_have_attribute("alt", "A bell")
    bell.refresh_from_db()
    assert bell.post == Post.objects.latest("pk")


def expect_no_side_scroll_without_scripts(person) -> None:
    box = person.page.locator("main").bounding_box()
    assert box["width"] <= person.page.viewport_size["width"]


@WIDTHS
def test_rejected_file_shows_field_error_without_scripts(open_reply_page, width):
    ada = open_reply_page(width, scripts=False)
    text_area(ada).fill("Look here.")
    open_panel(ada)
    file_input(ada).set_input_files(SVG_FILE)
    ada.act("attach")
    expect(ada.page.locator("[data-attach] .errorlist")).to_contain_text(".svg files aren’t allowed")
    expect(text_area(ada)).to_have_value("Look here.")
    ada.faults.clear()  # the 422


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_dropped_or_pasted_picture_is_attached(open_reply_page, kind):
    ada = open_reply_page(1280)
    text_area(ada).fill("Look here.")
    text_area(ada).evaluate(SEND_FILE, [kind, "small.png", list(SMALL_PICTURE["buffer"])])
    expect(ada.page.get_by_label("Alt text of small.png")).to_be_visible()
    expect(text_area(ada)).to_have_value(f"Look here.\n\n![](/a/{Attachment.objects.get().key}/)")


def test_rejected_file_shows_error_and_leaves_text(open_reply_page):
    ada = open_reply_page(1280)
    text_area(ada).fill("Look here.")
    file_input(ada).set_input_files([SVG_FILE, SMALL_PICTURE])
    failed = ada.page.locator("[data-attach-sent] .failed")
    expect(failed).to_contain_text(".svg files aren’t allowed")
    expect(ada.page.get_by_label("Alt text of small.png")).to_be_visible()  # the next one was uploaded
    ada.faults.clear()  # the 422
    ada.check_accessibility()
    failed.get_by_role("button", name="Dismiss").click()
    expect(failed).to_have_count(0)


def test_oversized_file_is_rejected_before_upload(open_reply_page):
    ada = open_reply_page(1280)
    text_area(ada).fill("Look here.")
    uploads = []
    ada.page.on(
        "request", lambda request: uploads.append(request.url) if "/attachments/" in request.url else None
    )
    file_input(ada).set_input_files({**PLAN, "buffer": b"%PDF-1.7 " + b"x" * 10_000_001})
    expect(ada.page.locator("[data-attach-sent] .failed")).to_contain_text("The limit is 10 MB")
    assert uploads == []
    expect(text_area(ada)).to_have_value("Look here.")
    file_input(ada).set_input_files(SMALL_PICTURE)
    expect(ada.page.get_by_label("Alt text of small.png")).to_be_visible()
    assert len(uploads) == 1  # the control


def test_failed_upload_leaves_text(open_reply_page):
    ada = open_reply_page(1280)
    text_area(ada).fill("Look here.")
    ada.page.route("**/attachments/", lambda route: route.abort())
    file_input(ada).set_input_files(SMALL_PICTURE)
    expect(ada.page.locator("[data-attach-sent] .failed")).to_contain_text("Your text is still here.")
    expect(text_area(ada)).to_have_value("Look here.")
    ada.faults.clear()


def test_reply_is_not_posted_during_upload(open_reply_page, topic):
    ada = open_reply_page(1280)
    text_area(ada).fill("Look here.")
    held = []
    ada.page.route("**/attachments/", lambda route: held.append(route))
    file_input(ada).set_input_files(SMALL_PICTURE)
    expect(ada.page.locator("[data-attach] progress")).to_be_visible()
    ada.act("reply")
    expect(ada.page.locator("[data-attach-status]")).to_contain_text("still uploading")
    assert topic.posts.count() == 2
    held[0].continue_()
    expect(ada.page.get_by_label("Alt text of small.png")).to_be_visible()
    ada.act("reply")
    expect(ada.last_post.locator(".post-body img")).to_be_visible()


def test_file_is_attached_in_edit_dialog(open_reply_page, topic, original):
    ada = open_reply_page(1280)
    form = ada.open_form("edit", ada.post(original.pk))
    form.locator("input[name=attachment]").set_input_files(SMALL_PICTURE)
    expect(form.get_by_label("Alt text of small.png")).to_be_visible()
    ada.check_accessibility()
    ada.act("edit", form)
    expect(ada.post(original.pk).locator(".post-body img")).to_be_visible()


def test_script_in_uploaded_file_does_not_run(open_reply_page, topic):
    """Opened by itself, a picture is shown as a picture and an HTML page is downloaded."""
    ada = open_reply_page(1280)
    page = {"name": "page.txt", "mimeType": "text/html", "buffer": b"<script>document.title = 'run'</script>"}
    file_input(ada).set_input_files(
        [
            {**SMALL_PICTURE, "buffer": SMALL_PICTURE["buffer"] + b"<script>document.title = 'run'</script>"},
            page,
        ]
    )
    expect(ada.page.get_by_role("status").filter(has_text="page.txt attached")).to_be_attached()
    image, text = Attachment.objects.order_by("pk")
    ada.go(image.get_absolute_url())
    assert ada.page.locator("img").evaluate("img => img.naturalWidth") == 60
    assert ada.page.title() != "run"
    ada.go(topic.get_absolute_url())
    with ada.page.expect_download() as download:
        ada.page.evaluate("address => { location.href = address }", text.get_absolute_url())
    assert download.value.suggested_filename == "page.txt"


@WIDTHS
def test_member_uploads_and_removes_own_picture(open_reply_page, topic, width):
    ada = open_reply_page(width)
    ada.go("/account/picture/")
    ada.check_accessibility()
    ada.page.get_by_label("New picture").set_input_files(BELL)
    ada.act("change-picture")
    expect(ada.page.locator("img.avatar.large")).to_be_visible()
    ada.check_accessibility()
    ada.go(topic.get_absolute_url())
    face = ada.page.locator("article.post img.avatar").first
    assert face.evaluate("img => img.naturalWidth >= 48 && img.clientWidth <= 44")
    ada.check_accessibility()
    ada.go("/account/picture/")
    ada.act("remove-picture")
    expect(ada.page.locator("span.avatar.large")).to_be_visible()


def test_attaching_does_not_replace_selected_or_pasted_text(open_reply_page):
    ada = open_reply_page(1280)
    text_area(ada).fill("Before. After.")
    text_area(ada).evaluate("area => area.setSelectionRange(0, 7)")
    text_area(ada).evaluate(SEND_FILE.replace("const named", 'transfer.setData("text/plain", "cells");\n  const named'),
                          ["paste", "cells.png", list(SMALL_PICTURE["buffer"])])  # fmt: skip
    file_input(ada).set_input_files(PLAN)
    expect(ada.page.get_by_role("status").filter(has_text="plan.pdf attached")).to_be_attached()
    plan = Attachment.objects.get()
    expect(text_area(ada)).to_have_value(f"Before. [plan.pdf](/a/{plan.key}/) After.")
