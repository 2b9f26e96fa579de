"""Parcels for channels to hand over."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.notifier.channels.couriers import Parcel
from services.notifier.channels.messages import ReminderNotice, RenderedMessage

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 (of the standard's text)


def parcel(address: str, *, secret: str | None = SECRET) -> Parcel:
    """Return a parcel with one reminder for the address."""
    notice = ReminderNotice(
        programme_title="Программа",
        school_name="МБОУ «Школа №1»",
        measure_code="1.2",
        measure_title="Анализ результатов ВПР",
        expected_result=None,
        due_on=date(2020, 9, 19),
        today=date(2020, 9, 16),
        days_before=3,
        is_late=False,
        is_synthetic=False,
    )
    return Parcel(
        key="<0123456789abcdef0123456789abcdef@podyom.example.ru>",
        kind="reminder",
        language="ru",
        name="Школа",
        address=address,
        secret=secret,
        message=RenderedMessage("Срок через 3 дня", "Срок\n", "<p>Срок</p>"),
        notices=(notice,),
        dated_at=datetime(2020, 9, 16, 9, tzinfo=ZoneInfo("Asia/Krasnoyarsk")),
    )
