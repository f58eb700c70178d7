"""Compares counters and flags with the rows they describe, over the whole forum."""

from forum.models import (
    Highlight,
    MovedPostStub,
    Post,
    Section,
    SectionVersion,
    Topic,
    TopicMerge,
    TopicRemoval,
)
from forum.models.section_version import SHARDS


def find_inconsistencies() -> list[str]:
    """Returns a line for everything that does not agree."""
    return [*_in_topics(), *_in_sections(), *_elsewhere()]


def _in_topics() -> list[str]:
    found = []
    for topic in Topic.objects.filter(is_merged=False).select_related("section"):
        posts = list(topic.posts.order_by("position").select_related("removal"))
        if not posts or posts[0].position != 1:
            found.append(f"topic {topic.pk} begins with nothing")
            continue
        standing = [post for post in posts if post.position == 1 or not post.is_removed]
        news = [post for post in standing if not (topic.section.fold_thanks and post.folds)]
        newest = max(standing, key=lambda post: (post.posted_at, post.position))
        said = {
            "answers": (topic.reply_count, sum(post.position > 1 for post in standing)),
            "last_post_at": (topic.last_post_at, newest.posted_at),
            "last_post_by": (topic.last_post_by_id, newest.author_id),
            "unread_position": (topic.unread_position, news[-1].position),
            "unread_at": (topic.unread_at, max(post.posted_at for post in news)),
        }
        found += [f"topic {topic.pk}: {name} {is_} != {be}" for name, (is_, be) in said.items() if is_ != be]
        # Every position has its post or a moved-post stub, and none has both.
        left = list(topic.moved_posts.values_list("position", flat=True))
        if sorted([post.position for post in posts] + left) != list(range(1, topic.last_position + 1)):
            found.append(f"topic {topic.pk}: positions {[post.position for post in posts]} and {left}")
    return found


def _in_sections() -> list[str]:
    found = []
    for section in Section.objects.all():
        for shard in range(SHARDS):
            said = SectionVersion.objects.filter(section=section, shard=shard).values_list(
                "topics", flat=True
            )
            listed = [t for t in Topic.objects.listed().filter(section=section) if t.pk % SHARDS == shard]
            if (said.first() or 0) != len(listed):
                found.append(f"section {section.pk}, shard {shard}: {said.first()} topics != {len(listed)}")
    return found


def _elsewhere() -> list[str]:
    removed = set(TopicRemoval.objects.values_list("topic", flat=True))
    merged = set(TopicMerge.objects.values_list("topic", flat=True))
    found = []
    for topic in Topic.objects.all():
        if (topic.is_removed, topic.is_merged) != (topic.pk in removed, topic.pk in merged):
            found.append(f"topic {topic.pk}: flags and rows")
        if topic.is_merged and topic.posts.exists():
            found.append(f"topic {topic.pk} is merged and has posts")
    for mark in Highlight.objects.select_related("post"):
        if mark.topic_id != mark.post.topic_id:
            found.append(f"highlight of post {mark.post_id} is of topic {mark.topic_id}")
    for place in MovedPostStub.objects.all():
        if Post.objects.filter(topic=place.topic_id, position=place.position).exists():
            found.append(f"place {place.position} of topic {place.topic_id} is left and taken")
    return found
