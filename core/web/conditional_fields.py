"""Form fields that are required only for certain values of another field."""

from typing import TYPE_CHECKING, TypeVar

from django import forms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Some = TypeVar("Some", bound=forms.Field)


def required_when(
    field: Some, name: str, *values: str, hint: "StrOrPromise", only_then: bool = False
) -> Some:
    """Marks `field` as required while the form's field `name` has one of these values (or any, if none are given).

    The label shows `hint` (templates/partials/field.html), and static/js/conditional-fields.js sets `required` in
    the browser.
    The form's clean() must check it. `only_then`: the field is unused otherwise, so the script hides it."""
    field.needed_hint = hint  # type: ignore[attr-defined]
    field.needed_when = f"{name}={','.join(values)}" if values else name  # type: ignore[attr-defined]
    field.only_then = only_then  # type: ignore[attr-defined]
    return field
