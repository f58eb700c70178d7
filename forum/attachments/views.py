"""Uploads and serves attachments."""

from copy import copy
from urllib.parse import unquote
from uuid import UUID, uuid5

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only
from accounts.models import Person, is_member
from core.storage import files
from core.web.preserved_input import MAX_CHARACTERS, posted_fields, rejected_response, save_to_session
from core.web.request_values import is_overloaded, wants_json
from forum.attachments import upload as attachments_upload
from forum.attachments.file_types import disposition
from forum.attachments.forms import AttachForm
from forum.models import Attachment
from forum.models.attachment import NARROW, file_name

# The pages with a composer. What was typed there is sent along and shown again.
COMPOSER_VIEWS = {"forum:reply", "forum:new_topic", "forum:edit"}
UPLOAD_FIELDS = {"attachment", "alt", "attach_to"}
# Whatever the file is, it runs no scripts, and no other site can frame it.
CONTENT_SECURITY_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
SAFETY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Revalidated each time: the people who may see it change with its post.
    "Cache-Control": "private, no-cache",
}


@require_safe
def attachment(request: HttpRequest, key: str, width: int | None = None) -> HttpResponseBase:
    """Serves an image for display, or a file for download. People who may not read its post get a 404."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), key=key)
    if width is not None and not (width == NARROW and attachment.has_narrow_version):
        raise Http404
    etag = f'"{key}-{width or 0}"'  # the content of a key never changes
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = _serve(attachment, width)
    response["ETag"] = etag
    # Opened on its own, an image is on a page that the browser creates, with a style that fits it to the window.
    response["Content-Security-Policy"] = (
        f"{CONTENT_SECURITY_POLICY}; style-src 'unsafe-inline'"
        if attachment.is_image
        else CONTENT_SECURITY_POLICY
    )
    for name, value in SAFETY_HEADERS.items():
        response[name] = value
    # A feed reader in a browser is another site: it may show what guests may see.
    response["Cross-Origin-Resource-Policy"] = (
        "cross-origin" if _is_public(attachment, request.user) else "same-origin"
    )
    return response


def _is_public(attachment: Attachment, person: Person) -> bool:
    """Whether guests may see it. The attachment was already found for this person."""
    return (
        not is_member(person)
        or Attachment.objects.visible_to(AnonymousUser()).filter(pk=attachment.pk).exists()
    )


def _serve(attachment: Attachment, width: int | None) -> HttpResponseBase:
    try:
        content = files.open_file(file_name(attachment.key, width))
    except FileNotFoundError:  # the file is missing in the storage
        raise Http404 from None
    except files.StorageUnavailable:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    response = FileResponse(content, content_type=attachment.content_type)
    response["Content-Disposition"] = disposition(attachment.name, as_attachment=not attachment.is_image)
    return response


@require_POST
@members_only
def attach(request: MemberRequest) -> HttpResponse:
    """Uploads one or more files. A script gets the Markdown to insert; a form gets its page again, with the attachments
    at the end of what was typed."""
    form = AttachForm(request.POST, request.FILES)
    attachments: list[Attachment] = []
    if not form.is_valid():
        return _respond(request, form, attachments, 422, form.first_error)
    try:
        for upload in form.cleaned_data["attachment"]:
            if is_overloaded(request):
                raise attachments_upload.TooBusy
            attachments.append(_attach(request, upload, form))
    except attachments_upload.NotAttached as error:
        message = str(error)
        if len(form.cleaned_data["attachment"]) > 1:
            message = _("%(file)s: %(problem)s") % {"file": upload.name, "problem": message}
        response = _respond(request, form, attachments, error.status, message)
        if retry_after := error.retry_after:
            response["Retry-After"] = str(retry_after)
        return response
    return _respond(request, form, attachments, 201)


def _attach(request: MemberRequest, upload: UploadedFile, form: AttachForm) -> Attachment:
    return attachments_upload.attach(
        by=request.user,
        upload=upload,
        alt=form.cleaned_data["alt"],
        submission_key=_key_of_text(form),
    )


def _key_of_text(form: AttachForm) -> UUID:
    """Returns the key of the form, or one of the edited post: uploading a file twice for one text stores it once."""
    key: UUID | None = form.cleaned_data["submission_key"]
    return key or uuid5(UUID(int=0), form.cleaned_data["attach_to"])


def _respond(
    request: MemberRequest, form: AttachForm, attachments: list[Attachment], status: int, error: str = ""
) -> HttpResponse:
    if wants_json(request):
        texts = [attachment.markdown for attachment in attachments]
        return JsonResponse({"texts": texts, "error": error} if error else {"texts": texts}, status=status)
    path = form.data.get("attach_to", "")
    page = _composer_page(path)
    fields = {name: value for name, value in posted_fields(request).items() if name not in UPLOAD_FIELDS}
    fields["body"] = _with_attachments(fields.get("body", ""), attachments)
    if page is None or sum(map(len, fields.values())) > MAX_CHARACTERS:
        return rejected_response(
            request,
            max(status, 400),
            title=_("File not attached"),
            explanation=error or _("Your text is too long."),
        )
    if error:
        fields |= {"attach_error": error, "alt": form.data.get("alt", "")}
    save_to_session(request, path=path, fields=fields)
    return _render_again(request, page, path, status) if error else redirect(path)


def _with_attachments(body: str, attachments: list[Attachment]) -> str:
    texts = "\n\n".join(attachment.markdown for attachment in attachments)
    return "\n\n".join(part for part in (body.rstrip(), texts) if part) if texts else body


def _composer_page(path: str) -> ResolverMatch | None:
    try:
        match = resolve(unquote(path))
    except (Resolver404, ValueError):
        return None
    return match if match.view_name in COMPOSER_VIEWS else None


def _render_again(request: MemberRequest, page: ResolverMatch, path: str, status: int) -> HttpResponse:
    """Renders that page as if it had been requested: it takes the preserved input."""
    page_request = copy(request)
    page_request.method, page_request.resolver_match = "GET", page
    page_request.path = page_request.path_info = unquote(path)
    page_request.POST, page_request.GET = QueryDict(), QueryDict()
    response = page.func(page_request, *page.args, **page.kwargs)
    if response.status_code == 200:
        response.status_code = status
    return response
