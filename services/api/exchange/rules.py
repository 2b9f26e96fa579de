"""What is refused of a regional system, before anything is written of it."""

from services.api.exchange import repository
from services.api.exchange.schemas import ExchangeTargetIn
from services.api.http.auth import Actor
from shared.domain.endpoints import webhook_endpoint
from shared.domain.errors import (
    Fault,
    ForbiddenError,
    GoneError,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.domain.exchange.datasets import DATASETS, DatasetCode, TargetKind
from shared.persistence.work import Work


class InvalidExchangeTargetError(InvalidInputError):
    """What is said of the regional system does not go together."""

    code = "invalid_exchange_target"
    title = Text("Региональная система не принята", "The target was not accepted")


class ExchangeBytesForgottenError(GoneError):
    """The bytes of a push are kept for the time that its target says."""

    code = "exchange_bytes_forgotten"
    title = Text("Файл больше не хранится", "The file is not kept any more")


class DatasetNotGrantedError(ForbiddenError):
    """Whoever may not read a dataset neither sends it nor sees what was sent of it."""

    code = "exchange_dataset_forbidden"
    title = Text("Этот набор данных вам недоступен", "The dataset is not yours to read")


async def place_of(
    work: Work, actor: Actor, wanted: ExchangeTargetIn
) -> tuple[dict[str, int | None], str]:
    """Return whose the target is, and the zone of its times.

    Raises:
        InvalidExchangeTargetError: neither place is named, or both.
        NotFoundError: the place is outside of the caller's part.
    """
    municipality_id, region_id = wanted.municipality_id, wanted.region_id
    if municipality_id is None and region_id is None:
        municipality_id = actor.municipality_id
    if (municipality_id is None) is (region_id is None):
        raise invalid(
            "municipality_id",
            "Укажите либо муниципалитет, либо регион.",
            "Name either a municipality or a region.",
        )
    if municipality_id is not None:
        zone = await repository.zone_of_municipality(work, municipality_id)
    elif actor.municipality_id is None and actor.region_id is None:
        zone = await repository.zone_of_region(work, region_id or 0)
    else:
        zone = None  # a region's exchange is nobody's who is of a part of it
    if zone is None:
        number = municipality_id or region_id or 0
        raise missing("муниципалитета или региона", "place", number)
    return {"municipality_id": municipality_id, "region_id": region_id}, zone


def require_dataset(actor: Actor, code: DatasetCode) -> None:
    """Let through whoever may read the dataset.

    Raises:
        DatasetNotGrantedError: the caller may not.
    """
    permission = DATASETS[code].permission
    if not actor.may(permission):
        raise DatasetNotGrantedError(
            Text(
                f"Для набора «{code}» нужно право «{permission}».",
                f"The dataset '{code}' takes the permission '{permission}'.",
            )
        )


def check_address(kind: TargetKind, url: str | None) -> None:
    """Check that a call has an address, one that is called, and a file has none.

    Raises:
        InvalidExchangeTargetError: kind and address do not go together.
        EndpointRefusedError: the address is none that is called.
    """
    if (kind is TargetKind.HTTP) is (url is None):
        raise invalid(
            "url",
            "Адрес нужен для вызова (http), а для файла — нет.",
            "A call (http) takes an address, and a file does not.",
        )
    if url is not None:
        webhook_endpoint(url)


def invalid(column: str, ru: str, en: str) -> InvalidExchangeTargetError:
    """Return the refusal of a field of the body."""
    reason = Text(ru, en)
    return InvalidExchangeTargetError(
        reason, faults=[Fault(column=f"body.{column}", reason=reason)]
    )


def missing(ru: str, en: str, number: int) -> NotFoundError:
    """Return that the caller sees no such thing."""
    return NotFoundError(
        Text(f"Нет {ru} с номером {number}.", f"There is no {en} {number}.")
    )
