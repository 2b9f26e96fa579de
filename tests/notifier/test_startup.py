"""What keeps the notifier from starting is told in one line."""

import pytest

from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.processes import environment, notifier
from tests.notifier.world import World


@pytest.fixture
def settings(world: World, redis_url: str, sink: SmtpSink) -> dict[str, str]:
    return environment(world.url, redis_url, sink.port)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SMTP_URL", "", "SMTP_URL is not set"),
        ("SMTP_URL", "http://mail", "SMTP_URL: unknown scheme"),
        ("MAIL_FROM", "nobody", "MAIL_FROM=nobody"),
        ("MAIL_FROM", "a@-x", "not a domain name"),
        ("PUBLIC_URL", "http://podyom.example.ru", "address https://"),
        ("PUBLIC_URL", "https://podyom.example.ru", "SECRET_KEY is not set"),
        ("REDIS_URL", "http://u:hunter2@x", "REDIS_URL: it must be like"),
        ("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:9/x", "cannot be used"),
        ("DATABASE_URL", "nonsense", "cannot be used"),
    ],
)
async def test_an_unusable_setting_is_one_clear_line(
    settings: dict[str, str], name: str, value: str, said: str
) -> None:
    async with notifier(settings | {name: value}) as process:
        code, output = await process.end()
    assert code == 2
    assert said in output
    assert len(output.strip().splitlines()) == 1
    assert "hunter2" not in output


async def test_a_database_without_its_schema_is_refused(
    settings: dict[str, str], postgres_url: str
) -> None:
    async with notifier(settings | {"DATABASE_URL": postgres_url}) as process:
        code, output = await process.end()
    assert code == 2
    assert "make migrate" in output
    assert len(output.strip().splitlines()) == 1
