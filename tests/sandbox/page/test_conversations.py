"""Reading and writing: sidebar, messages, threads, reactions, files, commands."""

from __future__ import annotations

from tests.sandbox.page.window import CLAIRE, ELISE, GENERAL, TUTORS, one, plain

NADIA = "U0TUTRICE1"


def written(window, text, person=CLAIRE, channel=GENERAL, **more):
    return window.post("write", person, channel=channel, text=text, **more)


def last_ts(window, channel=GENERAL):
    return list(window.sandbox.slack.workspace.channels[channel].messages)[-1]


def test_the_person_is_in_the_address_and_sees_their_own_channels(window):
    assert "e-tutorat" not in one(r'id="sidebar"(.*?)</nav>', window.get(f"/page/{CLAIRE}/{GENERAL}"))
    assert "e-tutorat" in one(r'id="sidebar"(.*?)</nav>', window.get(f"/page/{ELISE}/{GENERAL}"))
    assert "set-cookie" not in window.client.get(f"/page/{CLAIRE}/{GENERAL}").headers
    window.get(f"/page/{CLAIRE}/{TUTORS}", 404)
    window.get("/page/U0NOBODY00/C1", 404)


def test_the_first_page_asks_who_one_wants_to_be(window):
    page = window.get("/")
    assert f'<a href="/page/{CLAIRE}">' in page
    assert "Ensemble1job</strong>" not in page
    assert "Slackbot" not in page


def test_unread_messages_are_counted_until_they_are_read(window):
    written(window, "Un", ELISE)
    written(window, "Deux", ELISE)
    other = window.get(f"/page/{CLAIRE}/home")
    assert "non lus : </span>2" in other
    assert "entry unread" in other
    window.get(f"/page/{CLAIRE}/{GENERAL}")
    assert "non lus" not in window.get(f"/page/{CLAIRE}/home")


def test_what_one_writes_others_read_with_its_mentions(window):
    page = written(window, "Bonjour @elise.bernard, <b>ça va</b> ?")
    assert "Claire Martin" in page
    assert '<span class="mention own">@Élise Bernard</span>' in window.get(f"/page/{ELISE}/{GENERAL}")
    assert "<b>ça va" not in window.client.get(f"/page/{ELISE}/{GENERAL}").text


def test_an_empty_message_is_refused_with_a_sentence(window):
    assert "Un message a un texte ou un fichier." in one(r'role="alert"(.*?)</form>', written(window, "  "))


def test_a_thread_stands_beside_its_conversation(window):
    written(window, "Question")
    ts = last_ts(window)
    written(window, "Réponse", ELISE, thread_ts=ts)
    page = window.get(f"/page/{CLAIRE}/{GENERAL}?thread={ts}")
    log, thread = one(r'id="log"(.*?)</main>', page), one(r'<aside class="thread"(.*?)</aside>', page)
    assert "1 réponse" in log
    assert "Réponse" in thread
    assert 'class="text">Réponse' not in log


def test_a_reply_can_be_sent_to_the_conversation_too(window):
    written(window, "Question")
    written(window, "Pour tous", ELISE, thread_ts=last_ts(window), reply_broadcast="yes")
    assert "Pour tous" in one(r'id="log"(.*?)</main>', window.get(f"/page/{CLAIRE}/{GENERAL}"))


def test_a_reaction_comes_and_goes_with_the_same_button(window):
    written(window, "Bonjour")
    ts = last_ts(window)
    page = window.post("react", ELISE, channel=GENERAL, ts=ts, name="tada")
    assert 'aria-pressed="true"' in page
    assert "🎉 1" in page
    assert 'aria-pressed="false"' in window.get(f"/page/{CLAIRE}/{GENERAL}")
    assert "🎉" not in window.post("react", ELISE, channel=GENERAL, ts=ts, name="tada")


def test_an_emoji_that_does_not_exist_is_refused(window):
    written(window, "Bonjour")
    page = window.post("react", channel=GENERAL, ts=last_ts(window), name="pas un emoji")
    assert "Aucun emoji ne s’appelle « pas un emoji »." in page


def test_one_edits_and_deletes_one_s_own_messages_only(window):
    written(window, "Première version")
    ts = last_ts(window)
    assert "Deuxième version" in window.post("edit", channel=GENERAL, ts=ts, text="Deuxième version")
    assert "(modifié)" in window.get(f"/page/{ELISE}/{GENERAL}")
    assert "n’est pas de Élise" in window.post("edit", ELISE, channel=GENERAL, ts=ts, text="Non")
    assert "Deuxième version" not in window.post("delete", channel=GENERAL, ts=ts)


def test_files_are_sent_previewed_and_downloaded(window):
    image, document = b"\x89PNG", b"%PDF-1.7"
    files = [("files", ("photo.png", image, "image/png")), ("files", ("cv.pdf", document, "application/pdf"))]
    page = written(window, "Mes pièces", files=files)
    address = one(r'<img src="(/page/[^"]+)" alt="photo.png">', page)
    assert window.client.get(address).content == image
    pdf = one(r'<a href="(/page/[^"]+)" target="_blank">cv.pdf</a>', page)
    assert window.client.get(pdf).headers["content-disposition"].startswith("inline")
    assert window.client.get(f"{pdf}?download=1").headers["content-disposition"].startswith("attachment")


def test_a_page_among_the_files_is_never_shown_as_a_page(window):
    page = written(window, "Voilà", files=[("files", ("piege.html", b"<script>1</script>", "text/html"))])
    address = one(r'<a href="(/page/[^"]+)" target="_blank">piege.html</a>', page)
    assert window.client.get(address).headers["content-disposition"].startswith("attachment")


def test_commands_are_listed_with_their_hints_and_sent(window):
    page = window.get(f"/page/{CLAIRE}/{GENERAL}")
    assert one(r'<li data-command="/demo"><strong>/demo</strong> <span class="hint">(.*?)</span>', page) == "[help]"
    written(window, "Bonjour")
    written(window, "/demo aide")
    assert window.app.last("/demo")["text"] == "aide"
    assert "n’est pas une commande de cet espace" in written(window, "/inconnue")
    assert "n’existent pas dans les fils" in written(window, "/demo", thread_ts=last_ts(window))


def test_the_answer_of_a_command_is_for_its_author_only(window):
    window.app.answers["/demo"] = {"text": "Rien que pour vous"}
    written(window, "/demo")
    assert "Rien que pour vous" in window.get(f"/page/{CLAIRE}/{GENERAL}")
    assert "Rien que pour vous" not in window.get(f"/page/{ELISE}/{GENERAL}")


def test_one_writes_to_a_colleague_and_joins_public_channels(window):
    page = window.get(f"/page/{CLAIRE}/{NADIA}")
    assert "Écrire à Nadia Roux" in page
    made = window.post("create", ELISE, name="entraide")
    channel = one(r'name="channel" value="(C\w+)"', made)
    assert f'href="/page/{CLAIRE}/{channel}"' in one(r'id="channels"(.*?)</div>', window.get(f"/page/{CLAIRE}/home"))
    assert "Rejoindre le canal" in window.get(f"/page/{CLAIRE}/{channel}")
    window.post("join", channel=channel)
    assert "Rejoindre le canal" not in window.get(f"/page/{CLAIRE}/{channel}")


def test_the_topic_and_the_members_are_in_the_header(window):
    window.post("topic", ELISE, channel=TUTORS, topic="Lire avant vendredi")
    page = window.get(f"/page/{NADIA}/{TUTORS}")
    assert "Lire avant vendredi" in one(r'<p class="topic">(.*?)</p>', page)
    assert "<li>Paul Girard</li>" in one(r'id="details"(.*?)</div>', page)


def test_an_archived_channel_says_so_in_place_of_the_composer(window):
    window.post("archive", ELISE, channel=TUTORS)
    assert "est archivé" in one(r'<p class="composer closed">(.*?)</p>', window.get(f"/page/{ELISE}/{TUTORS}"))


def test_the_home_opens_for_the_app_and_shows_what_it_published(window):
    page = window.post("open-home")
    assert "n’a encore rien publié ici" in page
    assert window.app.received[-1]["event"]["type"] == "app_home_opened"
    window.home({"type": "header", "text": plain("Votre tableau de bord")})
    assert "Votre tableau de bord" in window.get(f"/page/{CLAIRE}/home")


def test_shortcuts_of_the_app_are_offered_and_used(window):
    written(window, "À retenir")
    ts = last_ts(window)
    page = window.get(f"/page/{CLAIRE}/{GENERAL}")
    callback = one(r'id="[^"]+-menu".*?name="callback_id" value="(\w+)"', page)
    window.post("shortcut", callback_id=callback, channel=GENERAL, ts=ts)
    assert window.app.last("message_action")["message"]["text"] == "À retenir"


def test_a_permalink_of_the_workspace_leads_to_its_message_on_the_page(window):
    written(window, "La question")
    asked = last_ts(window)
    written(window, "La réponse", thread_ts=asked)
    replied = last_ts(window)
    root = f"https://ensemble1job.slack.com/archives/{GENERAL}/p{asked.replace('.', '')}"
    reply = (
        f"https://ensemble1job.slack.com/archives/{GENERAL}/p{replied.replace('.', '')}?thread_ts={asked}&cid={GENERAL}"
    )
    elsewhere = root.replace("ensemble1job", "ailleurs")
    linked = {"type": "button", "action_id": "open", "text": plain("Ouvrir"), "url": root}
    section = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": f"<{root}|là> <{reply}|ici> <{elsewhere}|ailleurs>"},
    }
    window.message(section, {"type": "actions", "elements": [linked]})
    page = window.get(f"/page/{CLAIRE}/{window.direct()}")
    here = f"/page/{CLAIRE}/{GENERAL}"
    assert f'<a href="{here}#m-{asked.replace(".", "-")}">là</a>' in page
    assert f'<a href="{here}?thread={asked}#t-{replied.replace(".", "-")}">ici</a>' in page
    assert f'data-url="{here}#m-{asked.replace(".", "-")}"' in page
    assert f'<a href="{elsewhere}" target="_blank"' in page
    assert f'id="t-{replied.replace(".", "-")}"' in window.get(f"{here}?thread={asked}")


def test_a_form_of_another_site_does_nothing(window):
    data = {"here": "", "channel": GENERAL, "text": "Non"}
    answer = window.client.post(f"/page/{CLAIRE}/write", data=data, headers={"origin": "https://exemple.fr"})
    assert answer.status_code == 404
    assert "Non</div>" not in window.get(f"/page/{CLAIRE}/{GENERAL}")


def test_pages_allow_nothing_from_elsewhere(window):
    headers = window.client.get(f"/page/{CLAIRE}/{GENERAL}").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    page = window.client.get(f"/page/{CLAIRE}/{GENERAL}").text
    assert "style=" not in page
    assert "onclick" not in page
    assert 'src="http' not in page
