"""Events at real receivers: signed, in their order, once, and once more on wish."""

import asyncio
from base64 import b64decode
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from shared.domain.webhook_keys import PUBLIC, public_key
from tests.notifier.channels.hook_sink import Call, HookSink, running_hooks
from tests.notifier.channels.parcels import SECRET
from tests.notifier.events_world import (
    BOUND,
    LATER,
    PRIVATE,
    MakeRoom,
    Subscriptions,
    bodies,
    go,
    numbers_of,
)
from tests.notifier.world import START, World

SECOND_SECRET = "whsec_" + "A" * 43 + "="


def is_signed_by(call: Call, secret: str) -> bool:
    try:
        Webhook(secret).verify(call.body, call.headers)
    except WebhookVerificationError:
        return False
    return True


async def test_an_event_is_signed_both_ways_and_carries_the_feeds_number(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    school = await world.add_school()
    endpoint = await subscriptions.add(hooks.url)
    await subscriptions.add_key(endpoint, PRIVATE)
    first, second = await subscriptions.happen(school, school)
    room = make_room()
    hooks.status = 500
    await go(room)
    hooks.status = 200
    await subscriptions.let_pass(LATER)
    await go(room, rounds=2)

    refused, call, later = hooks.calls
    assert refused.headers["webhook-id"] == call.headers["webhook-id"]
    assert refused.body == call.body
    assert call.headers["webhook-id"].endswith(f"_{first}")
    body = Webhook(SECRET).verify(call.body, call.headers)
    assert (body["type"], body["number"]) == ("deadline.opened", first)
    assert (body["school_id"], body["previous_number"]) == (school, None)
    assert body["data"]["due_on"] == "2020-09-18"
    following = Webhook(SECRET).verify(later.body, later.headers)
    assert (following["number"], following["previous_number"]) == (second, first)

    by_scheme = dict(
        each.split(",") for each in call.headers["webhook-signature"].split(" ")
    )
    assert by_scheme.keys() == {"v1", "v1a"}
    key = b64decode(public_key(PRIVATE).removeprefix(PUBLIC))
    parts = (call.headers["webhook-id"], call.headers["webhook-timestamp"])
    signed = ".".join(parts).encode() + b"." + call.body
    # It raises where the signature is wrong.
    Ed25519PublicKey.from_public_bytes(key).verify(b64decode(by_scheme["v1a"]), signed)


async def test_while_a_secret_is_replaced_both_sign(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    school = await world.add_school()
    endpoint = await subscriptions.add(hooks.url)
    await world.database.execute(
        "UPDATE api.webhook_secrets SET valid_until = now() + interval '1 hour'"
    )
    await subscriptions.add_key(endpoint, SECOND_SECRET)
    room = make_room()
    await subscriptions.happen(school)
    await go(room)
    await subscriptions.let_pass(timedelta(hours=2))
    await subscriptions.happen(school)
    await go(room)
    before, after = hooks.calls
    signed = [
        [is_signed_by(call, secret) for secret in (SECRET, SECOND_SECRET)]
        for call in (before, after)
    ]
    assert signed == [[True, True], [False, True]]


async def test_a_school_keeps_its_order_while_others_go_on(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    one, other = [await world.add_school() for _ in range(2)]
    await subscriptions.add(hooks.url)
    room = make_room()
    hooks.status = 500
    first = await subscriptions.happen(one)
    await go(room)
    hooks.status = 200
    rest = await subscriptions.happen(one, other, one, other)
    await go(room, rounds=4)
    assert numbers_of(bodies(hooks)) == [*first, rest[1], rest[3]]
    await subscriptions.let_pass(LATER)
    await go(room, rounds=4)
    assert numbers_of(bodies(hooks))[3:] == [*first, rest[0], rest[2]]


async def test_two_rooms_never_deliver_the_same_event_twice(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    await subscriptions.add(hooks.url)
    schools = [await world.add_school() for _ in range(8)]
    numbers = await subscriptions.happen(*schools * 3)
    async with asyncio.timeout(BOUND):
        while len(hooks.calls) < len(numbers):
            await asyncio.gather(go(make_room()), go(make_room()))
    assert sorted(numbers_of(bodies(hooks))) == numbers
    by_school: dict[int, list[int]] = {}
    for body in bodies(hooks):
        by_school.setdefault(body["school_id"], []).append(body["number"])
    assert all(each == sorted(each) for each in by_school.values())


async def test_an_endpoint_that_was_committed_late_gets_what_was_told_meanwhile(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    before, *meanwhile = await subscriptions.happen(*[await world.add_school()] * 3)
    room = make_room()
    await go(room)  # hands out to those who are there
    await subscriptions.add(hooks.url, from_number=before)
    await go(room, rounds=3)
    assert numbers_of(bodies(hooks)) == meanwhile


async def test_an_endpoint_hears_what_it_asked_for_of_its_part(
    world: World, subscriptions: Subscriptions, make_room: MakeRoom
) -> None:
    own, other = [await world.add_school() for _ in range(2)]
    async with running_hooks() as school, running_hooks() as met, running_hooks() as no:
        await subscriptions.add(school.url, school_id=own)
        await subscriptions.add(met.url, events=["deadline.met"])
        await subscriptions.add(no.url, datasets=["results"])
        await subscriptions.add(no.url, is_paused=True)
        await subscriptions.happen(own, other)
        await world.database.execute("UPDATE api.deadlines SET state = 'done'")
        await subscriptions.number()
        await go(make_room(), rounds=4)
        heard = [each["type"] for each in bodies(school)]
        assert heard == ["deadline.opened", "deadline.met"]
        assert {each["school_id"] for each in bodies(school)} == {own}
        assert [each["type"] for each in bodies(met)] == ["deadline.met"] * 2
        assert no.calls == []


async def test_a_replay_sends_each_event_of_its_range_once_under_its_own_id(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    school = await world.add_school()
    before = await subscriptions.happen(school)
    endpoint = await subscriptions.add(hooks.url)
    sent = await subscriptions.happen(school, school)
    rooms = make_room(), make_room()
    await go(rooms[0], rounds=2)
    replay = await world.add(
        "api.webhook_replays",
        endpoint_id=endpoint,
        first_number=before[0],
        last_number=sent[0],
        requested_by=subscriptions.owner,
        requested_at=START,
    )
    await asyncio.gather(*(go(room) for room in rooms))
    await go(rooms[1], rounds=3)
    # What was told before the endpoint was made is sent as well, in its order.
    assert numbers_of(bodies(hooks)) == [*sent, *before, sent[0]]
    ids = [call.headers["webhook-id"] for call in hooks.calls]
    assert ids[3] == ids[0]
    done = await world.database.fetchrow(
        "SELECT * FROM notifier.done_webhook_replays WHERE replay_id = $1", replay
    )
    assert done is not None
    assert done["count"] == 2
