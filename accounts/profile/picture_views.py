"""Profile pictures: shown to everyone, changed by their member, removed by their member or staff."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only, staff_only
from accounts.access.permissions import can_remove_picture
from accounts.models import User
from accounts.profile import picture
from accounts.profile.picture_forms import PictureForm, RemovePictureForm
from core.storage import files
from core.web.form_pages import errors_shown_in, form_page, post_data
from core.web.request_values import is_overloaded

SECONDS_PER_YEAR = 365 * 24 * 60 * 60
RESPONSE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A new picture has a new URL.
    "Cache-Control": f"public, max-age={SECONDS_PER_YEAR}, immutable",
}


@require_safe
def serve(request: HttpRequest, key: str, side: int) -> HttpResponseBase:
    """Sends a picture. No query: the key is on public pages, and the files of removed pictures are deleted."""
    try:
        content = files.open_file(picture.file_name(key, side)) if side in picture.SIZES else None
    except FileNotFoundError:
        content = None
    except files.StorageUnavailable:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    if content is None:
        raise Http404
    etag = f'"{key}-{side}"'
    response = get_conditional_response(request, etag=etag) or FileResponse(
        content, content_type="image/webp"
    )
    response["ETag"] = etag
    for name, value in RESPONSE_HEADERS.items():
        response[name] = value
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def change(request: MemberRequest) -> HttpResponse:
    form = PictureForm(post_data(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        with errors_shown_in(form, picture.PictureRejected):
            if is_overloaded(request):
                raise picture.TooBusy
            picture.change_picture(by=request.user, upload=form.cleaned_data["picture"])
            messages.success(request, _("Picture updated."))
            return redirect("account_picture")
    return form_page(request, "accounts/profile/picture.html", form)


@require_POST
@members_only
def remove(request: MemberRequest) -> HttpResponse:
    if picture.remove_picture(member=request.user, by=request.user):
        messages.success(request, _("Picture removed. Your initial is shown instead."))
    return redirect("account_picture")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def remove_as_staff(request: MemberRequest, pk: int) -> HttpResponse:
    """Lets staff remove a member's picture."""
    member = get_object_or_404(User, pk=pk)
    if not can_remove_picture(request.user, member):
        raise PermissionDenied
    form = RemovePictureForm(post_data(request))
    if form.is_valid():
        if picture.remove_picture(member=member, by=request.user, reason=form.cleaned_data["why"]):
            messages.success(request, _("Removed the picture of %(name)s.") % {"name": member.name})
        else:
            messages.info(request, _("%(name)s has no picture.") % {"name": member.name})
        return redirect(member)
    return form_page(request, "accounts/profile/remove_picture.html", form, member=member)
