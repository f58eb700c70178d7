"""The initial title in the form of an original post."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forum.models import TitleChange, Topic


def initial_title_fields(topic: Topic, said: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the initial title fields. `said`: the other initial values, maybe from a draft or preserved input. If the
    title was changed after the draft was saved, an untouched title in the draft becomes the new one; an edited title
    keeps its base, so that sending it raises TitleConflict."""
    now = {"title": topic.title, "title_was": topic.title, "title_version": topic.title_version}
    if not said.get("title"):
        return now
    if "title_was" in said:
        return {}
    changed = _change_after(topic, said.get("drafted_at"))
    if changed is None:
        return {**now, "title": said["title"]}
    if said["title"] == changed.was:
        return now
    return {"title_was": changed.was, "title_version": changed.number - 1}


def _change_after(topic: Topic, moment: datetime | None) -> TitleChange | None:
    if moment is None or topic.title_version == 1:
        return None
    return topic.title_changes.filter(changed_at__gt=moment).order_by("number").first()
