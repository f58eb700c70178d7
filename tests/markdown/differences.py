"""Where Belfry differs from CommonMark and GFM on purpose. docs/markdown.md gives the reasons, under the same
names."""

# Examples in the specification (CommonMark 0.31.2), by number: those that no option of comrak can express.
EXAMPLES: dict[str, list[int]] = {
    "No HTML": [
        21, 31, *range(148, 168), 169, 170, 171, 172, 173, 174, *range(176, 187), *range(188, 192), 308, 309, 344,
        475, 476, 477, 615, 616, 625, 630, 631, 642, 643,
    ],
    "No reference definitions": [
        23, 33, *range(192, 197), 198, 200, *range(202, 209), 210, 211, *range(214, 219), 317,
        *range(527, 546), 549, 550, *range(553, 572), 573, 576, 577, *range(582, 590), 591, 592, 593,
    ],
    "No indented code": [
        1, 2, 3, 5, 6, 7, 8, 18, 36, 48, 49, 69, 70, 85, 87, 100, 107, 110, 111, 112, 114, 115, 116, 117, 118, 134,
        225, 231, 236, 238, 252, 253, 254, 264, 270, 271, 272, 273, 274, 278, 286, 287, 288, 289, 290, 312, 313,
    ],
    "A quotation ends with its lines": [93, 232, 233, 247, 250, 251, 292, 293],
    "Two blanks nest": [257, 276, 297],
    "One list, whatever its bullets": [301, 302],
    "Headings have words, and follow the page": [62, 79],
    "Links lead somewhere": [
        20, 484, 485, 486, 487, 491, 492, 495, 496, 498, 499, 500, 502, 503, 504, 507, 517, 520, 522, 578, 580,
        596, 598, 599, 601, 603,
    ],
    "At most six stars": [417],
}  # fmt: skip

# One text for each, and what Belfry renders.
ON_PURPOSE: list[tuple[str, str, str]] = [
    ("A line end is a line end", "a\nb", "<p>a<br>\nb</p>"),
    ("No HTML", "a <b>*c*</b>", "<p>a &lt;b&gt;<em>c</em>&lt;/b&gt;</p>"),
    ("No underlined headings", "a\n---\nb\n===", "<p>a</p><hr><p>b<br>\n===</p>"),
    ("No reference definitions", "[a]\n\n[a]: /b", "<p>[a]</p><p>[a]: /b</p>"),
    ("No indented code", "    four blanks", "<p>four blanks</p>"),
    ("A quotation ends with its lines", "> a\nb", "<blockquote><p>a</p></blockquote><p>b</p>"),
    ("Two blanks nest", "1. a\n  - b", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
    ("One list, whatever its bullets", "- a\n* b\n• c", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
    ("Headings have words, and follow the page", "## a\n\n#", "<h3>a</h3><p>#</p>"),
    ("Links lead somewhere", "[a](b.html) [c](javascript:d)", "<p>[a](b.html) [c](javascript:d)</p>"),
    ("At most six stars", "a*******b*******", "<p>a*******b*******</p>"),
    ("Depth has a bound", "> " * 8 + "a", "<blockquote>" * 6 + "<p>a</p>" + "</blockquote>" * 6),
    ("Pictures come from here", "![*a*](/b.png)", '<p><a href="/b.png"><em>a</em></a></p>'),
    ("One link at a time", "[![a](/b)](/c)", '<p><a href="/c">a</a></p>'),
    ("Two tildes strike out", "5~10, 20~30", "<p>5~10, 20~30</p>"),
    (
        "Tables end with their pipes",
        "|a|\n|-|\n|b|\nc",
        '<div class="table-scroll"><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody>'
        "</table></div><p>c</p>",
    ),
    ("A fence ends at the margin", "- ```\n  a\n```\n\nb", "<ul><li><pre><code>a\n</code></pre></li></ul><p>b</p>"),
    (
        "Addresses end where they end for a reader",
        "见https://a.example/b。谢谢",
        '<p>见<a href="https://a.example/b" rel="nofollow ugc noopener">https://a.example/b</a>。谢谢</p>',
    ),
    ("Scripts without spaces", "**ก(ข)**ค", "<p><strong>ก(ข)</strong>ค</p>"),
    (
        "A rule is a block as any other",
        "- a\n- ***\n\n- b",
        "<ul><li><p>a</p></li><li><hr></li><li><p>b</p></li></ul>",
    ),
]  # fmt: skip
