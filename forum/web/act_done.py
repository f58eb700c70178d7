"""The response to a small act: back to where its button was. Who asks by script gets parts of the page instead, which
only the page itself can draw: forum/topic_page/partial_views.py puts them in its place."""

from typing import Any

from django.http import HttpResponseRedirect


class ActDone(HttpResponseRedirect):
    """`subject` is what was changed, `told` what a screen reader says about it."""

    def __init__(self, back: str, *, subject: Any, told: str) -> None:
        super().__init__(back)
        self.subject, self.told = subject, told
