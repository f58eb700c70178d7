"""Fields that a form asks for only after some choice elsewhere in it."""

from typing import TYPE_CHECKING, TypeVar

from django import forms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Some = TypeVar("Some", bound=forms.Field)


def needed_when(field: Some, name: str, *values: str, words: "StrOrPromise", only_then: bool = False) -> Some:
    """Say that `field` is needed while the form's field `name` has one of these values; without values, while it has
    any. The label says so in `words` (templates/partials/field.html), and static/js/needed.js has the browser ask for
    it. The form's clean() decides. `only_then`: for nothing else, so that scripts hide it meanwhile."""
    field.needed_words = words  # type: ignore[attr-defined]
    field.needed_when = f"{name}={','.join(values)}" if values else name  # type: ignore[attr-defined]
    field.only_then = only_then  # type: ignore[attr-defined]
    return field
