"""The response to a small action: a redirect to where its button was. For scripts, forum/topic_page/partial_views.py
replaces it with the changed parts of the page."""

from typing import Any

from django.http import HttpResponseRedirect


class ActionDone(HttpResponseRedirect):
    """`subject`: what was changed; `announcement`: what a screen reader announces."""

    def __init__(self, back: str, *, subject: Any, announcement: str) -> None:
        super().__init__(back)
        self.subject, self.announcement = subject, announcement
