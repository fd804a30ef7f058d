"""Every kind of block, drawn as HTML."""

from __future__ import annotations

from tests.sandbox.page.window import CLAIRE, ELISE, GENERAL, TUTORS, one, plain


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def section(text):
    return {"type": "section", "text": mrkdwn(text)}


def drawn(window, *blocks):
    window.message(*blocks)
    return window.get(f"/page/{CLAIRE}/{window.direct()}")


def test_a_header_is_a_title(window):
    assert '<h3 class="title">Séance 3 🎉</h3>' in drawn(window, {"type": "header", "text": plain("Séance 3 :tada:")})


def test_a_section_has_styles_links_and_mentions(window):
    page = drawn(window, section(f"*Gras* _penché_ ~barré~ `code` <https://exemple.fr/a?b=1&amp;c=2|ici> <@{ELISE}>"))
    assert "<strong>Gras</strong> <em>penché</em> <s>barré</s> <code>code</code>" in page
    assert '<a href="https://exemple.fr/a?b=1&c=2" target="_blank" rel="noopener noreferrer">ici</a>' in page
    assert '<span class="mention">@Élise Bernard</span>' in page


def test_what_somebody_wrote_never_becomes_html(window):
    page = drawn(window, section("&lt;script&gt;alert(1)&lt;/script&gt; <javascript:alert(1)|cliquez>"))
    raw = window.client.get(f"/page/{CLAIRE}/{window.direct()}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in raw
    assert 'href="javascript:' not in page
    assert "cliquez" in page


def test_a_bare_address_is_a_link_without_the_full_stop(window):
    page = drawn(window, section("Voyez http://127.0.0.1:9/retractation."))
    assert '<a href="http://127.0.0.1:9/retractation" target="_blank" rel="noopener noreferrer">' in page


def test_quotes_fences_and_lines_are_kept(window):
    page = drawn(window, section("&gt; cité\n&gt; encore\naprès\nenfin```deux  espaces```"))
    assert "<blockquote>cité<br>encore</blockquote>après<br>enfin<pre>deux  espaces</pre>" in page


def test_a_date_is_told_where_the_reader_lives(window):
    text = section("<!date^1772442000^{date_long} à {time}|plus tard>")
    assert "lundi 2 mars 2026 à 10:00" in drawn(window, text)
    window.message(text, channel=TUTORS)
    assert "lundi 2 mars 2026 à 10:00" in window.get(f"/page/{ELISE}/{TUTORS}")


def test_a_channel_is_a_link_for_those_who_see_it_only(window):
    page = drawn(window, section(f"<#{GENERAL}> et <#{TUTORS}>"))
    assert f'<a class="mention" href="/page/{CLAIRE}/{GENERAL}">#general</a>' in page
    assert "canal privé" in page
    assert "e-tutorat" not in page


def test_fields_stand_in_columns(window):
    page = drawn(window, {"type": "section", "fields": [mrkdwn("*Tenues :* 3"), mrkdwn("*À venir :* 13")]})
    assert '<div class="fields"><div class="text"><strong>Tenues :</strong> 3</div>' in page


def test_context_and_divider(window):
    page = drawn(window, {"type": "divider"}, {"type": "context", "elements": [mrkdwn("Petite note")]})
    assert "<hr>" in page
    assert '<div class="text">Petite note</div>' in page


def test_an_image_of_the_workspace_is_shown_to_those_who_see_it(window):
    sent = window.client.post(
        "/control/slack/message",
        json={
            "person": CLAIRE,
            "to_bot": True,
            "files": [{"name": "carte.png", "content_base64": "iVBORw0KGgo="}],
        },
    ).json()
    file_id = sent["message"]["files"][0]["id"]
    block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "Une carte", "title": plain("Carte")}
    page = drawn(window, block)
    assert "<figcaption>Carte</figcaption>" in page
    assert f'<img src="/page/{CLAIRE}/files/{file_id}" alt="Une carte">' in page
    assert window.client.get(f"/page/{CLAIRE}/files/{file_id}").headers["content-type"] == "image/png"
    window.get(f"/page/{ELISE}/files/{file_id}", 404)


def test_an_image_from_elsewhere_is_not_asked_for(window):
    page = drawn(window, {"type": "image", "image_url": "https://exemple.fr/i.png", "alt_text": "Un dessin"})
    assert 'src="https://exemple.fr' not in page
    assert "Un dessin" in page


def test_markdown_is_drawn_without_its_html(window):
    page = drawn(window, {"type": "markdown", "text": "# Titre\n\n**fort** <b>non</b>\n\n- un\n- deux"})
    assert "<h1>Titre</h1>" in page
    assert "<strong>fort</strong>" in page
    assert "<b>non</b>" not in window.client.get(f"/page/{CLAIRE}/{window.direct()}").text
    assert "<li>deux</li>" in page


def test_a_table_has_its_heads_and_its_alignment(window):
    rows = [
        [{"type": "raw_text", "text": "Séance"}, {"type": "raw_text", "text": "Durée"}],
        [{"type": "raw_text", "text": "Une"}, {"type": "raw_number", "value": 90, "text": "90 min"}],
    ]
    page = drawn(window, {"type": "table", "rows": rows, "column_settings": [{}, {"align": "right"}]})
    assert '<th class="left">Séance</th>' in page
    assert '<td class="right">90 min</td>' in page


def test_rich_text_keeps_its_lists_and_styles(window):
    text = {"type": "text", "text": "gras", "style": {"bold": True}}
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [text, {"type": "user", "user_id": ELISE}]},
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "eyes"}]}],
            },
            {"type": "rich_text_quote", "elements": [{"type": "link", "url": "https://exemple.fr", "text": "lien"}]},
        ],
    }
    page = drawn(window, block)
    assert "<strong>gras</strong>" in page
    assert "@Élise Bernard" in page
    assert '<ol class="indent-0"><li>👀</li></ol>' in " ".join(page.split()).replace("> <", "><")
    assert '<a href="https://exemple.fr"' in page


def test_an_emoji_is_known_by_the_name_that_slack_gives_it(window):
    page = drawn(window, section(":large_green_circle: Vert, :red_circle: rouge, :nothing_such: rien"))
    assert "🟢 Vert, 🔴 rouge, :nothing_such: rien" in page


def test_what_a_phone_shows_is_there_on_demand(window):
    page = drawn(window, {"type": "header", "text": plain("Titre")})
    assert "Texte de secours" in one(r'<div class="phone">(.*?)</div>', page)


def test_an_ephemeral_message_is_marked_and_nobody_else_s(window):
    window.ephemeral("Pour vous seule")
    page = window.get(f"/page/{CLAIRE}/{window.direct()}")
    assert "Visible par vous seulement" in page
    assert "Pour vous seule" in page
    window.get(f"/page/{ELISE}/{window.direct()}", 404)
