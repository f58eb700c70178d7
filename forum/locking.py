"""Lock a post together with the topic that it is in, in the order that everybody keeps: topic, post."""

from forum.models import Post, Topic
from forum.refusals import MovedMeanwhile


def locked(post: Post) -> tuple[Topic, Post]:
    """Both rows as they are now. Whoever moves a post holds its topic, so it stays where it is while we hold that; if
    it went elsewhere before, the act begins again with what is there now."""
    topic = Topic.objects.locked(post.topic_id)
    post = Post.objects.locked(post.pk)
    if post.topic_id != topic.pk:
        raise MovedMeanwhile
    return topic, post
