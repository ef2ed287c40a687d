"""Telegram's HTML: what it means, and how it is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.entities import to_html, trim, utf16_length
from playground.html import HtmlError, parse


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>x</b>", "x", [("bold", 0, 1)]),
        ("<strong>x</strong><em>y</em>", "xy", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<B>x</b>", "x", [("bold", 0, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [("strikethrough", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)],
        ),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("😀<i>字</i>", "😀字", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("&lt;b&gt; &amp; &quot; &#39; &#x4e2d;", "<b> & \" ' 中", []),
        ("&nbsp; & &copy;", "&nbsp; & &copy;", []),
        ("<b></b>x", "x", []),
        ("<b>x</>", "x", [("bold", 0, 1)]),
        ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<pre>x</pre><code>y</code>", "xy", [("pre", 0, 1), ("code", 1, 1)]),
        ('<a href="https://a.b">x</a>', "x", [("text_link", 0, 1)]),
        ("<a href='nothing'>x</a>", "x", []),
        ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
    ],
)
def test_html_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    found_text, found = parse(source)
    assert found_text == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


def test_a_code_block_keeps_its_language_and_inline_code_has_none() -> None:
    block = parse('<pre><code class="language-python">x</code></pre>')[1]
    assert block == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]
    inline = parse('<code class="language-python">x</code>')[1]
    assert inline == [{"type": "code", "offset": 0, "length": 1}]


def test_links_keep_their_address() -> None:
    assert parse('<a href="https://a.b/?x=1&amp;y=2">x</a>')[1][0]["url"] == "https://a.b/?x=1&y=2"
    assert parse("<a>https://a.b</a>")[1][0]["url"] == "https://a.b"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("<b", "Unclosed start tag at byte offset 0"),
        ("字 <", "Unclosed start tag at byte offset 4"),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<ник>", 'Unsupported start tag "ник" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("字</b>", "Unexpected end tag at byte offset 3"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        (
            "<a href>y</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<a href=x/y>y</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag"),
        ("<tg-emoji emoji-id='x'>y</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_bad_html_is_refused_with_its_byte(source: str, sentence: str) -> None:
    with pytest.raises(HtmlError, match=re.escape(sentence)):
        parse(source)


@given(st.text(alphabet="ab字😀<>&/= \"'bi", max_size=40))
def test_anything_is_parsed_or_refused_and_entities_stay_inside(source: str) -> None:
    try:
        text, entities = parse(source)
    except HtmlError:
        return
    for entity in entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)


@given(st.text(alphabet=" \nab字😀", max_size=20), st.text(alphabet=" \nab字😀", max_size=20))
def test_trimming_moves_entities_with_their_text(before: str, inside: str) -> None:
    source = before + inside
    entity = {"type": "bold", "offset": utf16_length(before), "length": utf16_length(inside)}
    text, kept = trim(source, [entity] if inside else [])
    assert text == source.strip()
    for mark in kept:
        units = text.encode("utf-16-le")
        part = units[mark["offset"] * 2 : (mark["offset"] + mark["length"]) * 2]
        assert part.decode("utf-16-le") in inside


def test_shown_html_is_nested_escaped_and_safe() -> None:
    text, entities = parse(
        '<b>a &lt;<i>b</i></b> <a href="https://a.b/?q=%22">c</a><code>&amp;</code>'
    )
    assert to_html(text, entities) == (
        '<b>a &lt;<i>b</i></b> <a href="https://a.b/?q=%22">c</a><code>&amp;</code>'
    )


def test_overlapping_entities_still_give_well_formed_html() -> None:
    marks = [
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "italic", "offset": 2, "length": 3},
    ]
    assert to_html("abcde", marks) == "<b>ab<i>c</i></b><i>de</i>"
