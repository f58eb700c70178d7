import pytest

from forum.history.revisions import revisions_of
from forum.models import Post
from forum.posts import edit as posts_edit
from tests.conftest import make_user, start

RECIPE = "Flour\n\nTwo eggs\n\nSalt"


@pytest.fixture
def recipe(talk, ada) -> Post:
    """Ada's post; Olga has changed it to three eggs since."""
    post = start(talk, ada, body=RECIPE).posts.get()
    olga = make_user("olga", "moderator")
    body = RECIPE.replace("Two", "Three")
    return posts_edit.edit_post(post=post, by=olga, body=body, version=1, reason="Too dry")


def revision_bodies(post: Post) -> list[str]:
    """Returns every revision, the newest last."""
    post = Post.objects.with_topic().get(pk=post.pk)
    return [revision.body for revision in revisions_of(post, to=post.author)]
