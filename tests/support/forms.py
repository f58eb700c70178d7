"""What a browser sends from a page's form."""

import re
from html import unescape
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from forum.models import Post, Topic


def send_reply(client: Client, topic: Topic, body: str = "Mine too.", **fields: object) -> HttpResponse:
    return client.post(topic.url_for("reply"), {"body": body, "submission_key": uuid4(), **fields})


def send_edit(
    client: Client, post: Post, body: str = "Said better.", version: object = 1, **fields: object
) -> HttpResponse:
    said = {"body": body, "reason": "", "version": version, **fields}
    return client.post(post.url_for("edit"), said)


def fields_of(page, action: str) -> dict[str, str]:
    """Returns what a browser would send with the form that goes to `action`."""
    html = page.text
    form = re.search(
        rf'<form class="(?:composer )?form" method="post" action="{re.escape(action)}"[^>]*>(.*?)</form>',
        html,
        re.S,
    )[1]
    said = {}
    for tag in re.findall(r"<input[^>]*>", form):
        if (name := re.search(r'name="([^"]*)"', tag)) and (value := re.search(r'value="([^"]*)"', tag)):
            said[name[1]] = unescape(value[1])
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.S):
        said[name] = unescape(text)
    return said
