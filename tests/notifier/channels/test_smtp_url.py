"""Reading the address of a mail server."""

import pytest

from services.notifier.channels.smtp_url import (
    SmtpServer,
    SmtpUrlError,
    parse_smtp_url,
)


def server(
    host: str = "mail.example.ru",
    port: int | None = None,
    *,
    username: str | None = None,
    password: str | None = None,
    implicit_tls: bool = False,
    starttls: bool | None = None,
) -> SmtpServer:
    return SmtpServer(
        host=host,
        port=port,
        username=username,
        password=password,
        implicit_tls=implicit_tls,
        starttls=starttls,
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.ru", server()),
        ("smtp://127.0.0.1:1025/", server("127.0.0.1", 1025)),
        ("smtp://[::1]:1025", server("::1", 1025)),
        ("smtp://mail.example.ru?starttls=always", server(starttls=True)),
        ("smtp://mail.example.ru?starttls=never", server(starttls=False)),
        ("smtp://mail.example.ru?starttls=auto", server()),
        (
            "smtp://u%40e.ru:p%2Fw@mail.example.ru:587",
            server(port=587, starttls=True, username="u@e.ru", password="p/w"),  # noqa: S106 - made up
        ),
        (
            "smtp://u%40e.ru:p%2Fw@mail.example.ru?starttls=never",
            server(starttls=False, username="u@e.ru", password="p/w"),  # noqa: S106 - made up
        ),
        ("smtps://mail.example.ru", server(implicit_tls=True, starttls=False)),
    ],
)
def test_a_url_says_where_and_how(url: str, expected: SmtpServer) -> None:
    assert parse_smtp_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.ru:25",
        "http://mail.example.ru",
        "smtp://",
        "smtp://:25",
        "smtp://mail.example.ru:port",
        "smtp://mail.example.ru:70000",
        "smtp://mail%20example",
        "smtp://[::1",
        "smtp://user@mail.example.ru",
        "smtp://mail.example.ru/inbox",
        "smtp://mail.example.ru?starttls=perhaps",
        "smtp://mail.example.ru?tls=1",
        "smtps://mail.example.ru?starttls=always",
        "smtp://user:hunter2@mail.example.ru:port",
        "ftp://user:hunter2@mail.example.ru",
    ],
)
def test_a_wrong_url_is_one_line_without_the_password(url: str) -> None:
    with pytest.raises(SmtpUrlError) as caught:
        parse_smtp_url(url)
    for text in (caught.value.detail.ru, caught.value.detail.en):
        assert text.startswith("SMTP_URL: ")
        assert "\n" not in text
        assert "hunter2" not in text
    assert caught.value.__cause__ is None


def test_a_server_does_not_show_its_password() -> None:
    shown = repr(parse_smtp_url("smtp://user:hunter2@mail.example.ru"))
    assert "hunter2" not in shown
