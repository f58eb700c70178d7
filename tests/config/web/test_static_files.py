"""The parts of the look: all listed, each keeping the house rules, joined and compressed when collected."""

import os
import re
import time
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles.finders import find, get_finder
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template import Context, Template

from config.web.static_files import CSS_PARTS, JS_PARTS, join_scripts, join_styles

STATIC = Path(__file__).parents[3] / "static"
PAGE_TEMPLATE = "{% load site_static %}{% site_styles %}{% site_scripts %}"

PHYSICAL_PROPERTY = re.compile(
    r"(?<![\w-])(width|height|(min|max)-(width|height)|left|right|top|bottom"
    r"|(margin|padding|border)-(left|right|top|bottom))(-[a-z]+)?\s*:"
)


@pytest.fixture
def collected_files(settings, tmp_path):
    """The static files as on a production server."""
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.web.static_files.JoinedStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_every_css_and_js_part_is_listed():
    on_disk = {str(path.relative_to(STATIC)) for path in STATIC.glob("css/*.css")}
    assert on_disk == set(CSS_PARTS)
    assert {str(path.relative_to(STATIC)) for path in STATIC.glob("js/*.js")} == set(JS_PARTS)


@pytest.mark.parametrize("part", CSS_PARTS[1:])
def test_css_part_uses_a_layer_and_logical_properties(part: str):
    rules = re.sub(r"/\*.*?\*/", "", (STATIC / part).read_text(), flags=re.S)
    assert re.match(r"\s*@layer (reset|tokens|base|layout|components|utilities) \{", rules)
    without_media = re.sub(r"@media[^{]*\{", "", rules)
    assert not PHYSICAL_PROPERTY.search(without_media), PHYSICAL_PROPERTY.search(without_media)


def test_debug_mode_links_every_part(settings):
    settings.DEBUG = True
    page = Template(PAGE_TEMPLATE).render(Context())
    assert page.count("<link") == len(CSS_PARTS)
    assert page.count("<script") == len(JS_PARTS)


def test_development_serves_joined_files_of_current_parts(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    page = Template(PAGE_TEMPLATE).render(Context())
    assert re.findall(r'(?:href|src)="([^"]+)"', page) == ["/static/css/site.css", "/static/js/site.js"]
    assert read_served_file("css/site.css") == join_styles((STATIC / part).read_text() for part in CSS_PARTS)
    assert read_served_file("js/site.js") == join_scripts((STATIC / part).read_text() for part in JS_PARTS)
    compressed = Path(str(find("css/site.css")) + ".br").read_bytes()
    assert brotli.decompress(compressed).decode() == read_served_file("css/site.css")
    changed = tmp_path / "changed"
    (changed / "css").mkdir(parents=True)
    (changed / "css/print.css").write_text("@layer utilities { .of-tomorrow { color: inherit; } }")
    settings.STATICFILES_DIRS = [changed, *settings.STATICFILES_DIRS]
    get_finder.cache_clear()
    assert ".of-tomorrow" in read_served_file("css/site.css")
    get_finder.cache_clear()


def read_served_file(name: str) -> str:
    return Path(find(name)).read_text()


@pytest.mark.slow
def test_production_links_one_hashed_stylesheet_and_one_script(collected_files):
    page = Template(PAGE_TEMPLATE).render(Context())
    links = re.findall(r'(?:href|src)="([^"]+)"', page)
    names = [link.removeprefix(staticfiles_storage.base_url) for link in links]
    assert [re.sub(r"\.[0-9a-f]{12}\.", ".", name) for name in names] == ["css/site.css", "js/site.js"]
    for name in names:
        assert (collected_files / name).is_file()
        assert (collected_files / f"{name}.br").is_file()


@pytest.mark.slow
def test_joined_css_and_js_stay_below_size_limit(collected_files):
    """One stylesheet for every page, cached by the browser: the moderation queue, its cases, the log and pending posts
    are 3 kB of it. They have no stylesheet of their own, as topics and profiles use parts of them. In total a first
    visit loads 60 kB."""
    assert len(brotli.compress((collected_files / "css/site.css").read_bytes())) <= 16_000
    assert len(brotli.compress((collected_files / "js/site.js").read_bytes())) <= 15_000


@pytest.mark.slow
def test_collectstatic_picks_up_changed_part(collected_files, settings, tmp_path_factory):
    before = staticfiles_storage.url("css/site.css")
    changed = tmp_path_factory.mktemp("static")
    (changed / "css").mkdir()
    part = changed / "css/print.css"
    part.write_text("@layer utilities { .of-tomorrow { color: inherit; } }")
    os.utime(part, (time.time() + 60,) * 2)  # collectstatic compares whole seconds
    settings.STATICFILES_DIRS = [changed, *settings.STATICFILES_DIRS]
    call_command("collectstatic", interactive=False, verbosity=0)
    assert ".of-tomorrow" in (collected_files / "css/site.css").read_text()
    assert staticfiles_storage.url("css/site.css") != before


def test_js_parts_can_use_the_same_names():
    assert join_scripts(["const a = 1;\n", "const a = 2;\n"]) == "{\nconst a = 1;\n}\n{\nconst a = 2;\n}"


def test_comments_are_stripped():
    assert (
        join_styles(["/* a\n b */\n@layer a {\n  /* c */\n  b { c: d; }\n}\n"])
        == "@layer a {\n  b { c: d; }\n}\n"
    )
    assert join_scripts(["// a\nconst b = 1; // c\n  // d\n"]) == "{\nconst b = 1; // c\n}"


@pytest.mark.parametrize("part", JS_PARTS)
def test_js_part_has_no_multiline_template_literal(part: str):
    assert [
        line for line in (STATIC / part).read_text().splitlines() if line.count("`") % 2 and "\\`" not in line
    ] == []
