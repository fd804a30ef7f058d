"""Names of files: safe everywhere, recognisable, and never a path."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.filenames import NAME_LENGTH, safe_name


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("cv Léa.pdf", "cv Léa.pdf"),
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("😀🎉.pdf", "😀🎉.pdf"),
        ("👩‍💻 projet.odt", "👩‍💻 projet.odt"),
        (".htaccess", "htaccess"),
        ("", "fichier"),
        ("...", "fichier"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\x00b\n c.txt", "ab c.txt"),
        ("CON.pdf", "_CON.pdf"),
        ("é" * 300 + ".docx", "é" * 115 + ".docx"),
        ("note. Une phrase qui finit par un point", "note. Une phrase qui finit par un point"),
    ],
)
def test_a_name_becomes_safe(given_name, name) -> None:
    assert safe_name(given_name) == name


@given(st.text(max_size=400))
def test_any_text_gives_a_name_that_any_system_can_write(text) -> None:
    name = safe_name(text)

    assert 1 <= len(name) <= NAME_LENGTH
    assert not set(name) & set('/\\:*?"<>|')
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert all(unicodedata.category(character) not in {"Cc", "Cs"} for character in name)
    assert safe_name(name) == name
