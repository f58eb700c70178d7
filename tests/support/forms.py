"""What a browser sends from a page's form."""

import re
from html import unescape


def fields_of(page, action: str) -> dict[str, str]:
    """Returns what a browser would send with the form that goes to `action`."""
    html = page.content.decode()
    form = re.search(
        rf'<form class="(?:composer )?form" method="post" action="{re.escape(action)}"[^>]*>(.*?)</form>',
        html,
        re.S,
    )[1]
    said = {}
    for tag in re.findall(r"<input[^>]*>", form):
        if (name := re.search(r'name="([^"]*)"', tag)) and (value := re.search(r'value="([^"]*)"', tag)):
            said[name[1]] = unescape(value[1])
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.S):
        said[name] = unescape(text)
    return said
