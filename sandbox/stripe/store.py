"""The objects of the account: plain dictionaries shaped like Stripe's, kept in the order of their creation.

Keys that begin with an underscore are ours (the card behind a payment method, the items of a session) and are
never shown.
"""

from __future__ import annotations

import copy
import json
import secrets
import string
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.stripe.errors import invalid, no_such

Object = dict[str, Any]

API_VERSION = "2026-10-28.endive"
DATA = Path(__file__).parent / "data"
PREFIXES = {
    "balance_transaction": "txn_",
    "charge": "ch_",
    "checkout.session": "cs_test_",
    "coupon": "",
    "customer": "cus_",
    "dispute": "dp_",
    "event": "evt_",
    "invoice": "in_",
    "item": "li_",
    "payment_intent": "pi_",
    "payment_method": "pm_",
    "price": "price_",
    "product": "prod_",
    "promotion_code": "promo_",
    "refund": "re_",
    "webhook_endpoint": "we_",
}
NOUNS = {"payment_method": "PaymentMethod", "promotion_code": "promotion code", "webhook_endpoint": "webhook endpoint"}
_LETTERS = string.ascii_letters + string.digits


@cache
def _data(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def enum(name: str) -> frozenset[str]:
    """The values that Stripe knows for a parameter (data/enums.json)."""
    return frozenset(_data("enums.json")[name])


def random_id(prefix: str, length: int = 24) -> str:
    """A fresh id of Stripe's shape."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


class Store:
    """Every object of the account, by kind and id."""

    def __init__(self) -> None:
        self._objects: dict[str, dict[str, Object]] = {kind: {} for kind in PREFIXES}

    def new(self, kind: str, created: int, **fields: Any) -> Object:
        """Keep a new object: the template of its kind with these fields; ``id`` may be given."""
        made: Object = copy.deepcopy(_data("templates.json").get(kind, {}))
        made |= {"id": random_id(PREFIXES[kind], _id_length(kind)), "object": kind}
        if kind != "item":
            made["created"] = created
        made |= fields
        self._objects[kind][made["id"]] = made
        return made

    def all(self, kind: str) -> Iterator[Object]:
        """Every object of a kind, newest first."""
        return reversed(self._objects[kind].values())

    def get(self, kind: str, object_id: str, param: str = "id", *, status: int = 404) -> Object:
        """One object; raises ``resource_missing``."""
        found = self._objects[kind].get(object_id)
        if found is None:
            raise no_such(NOUNS.get(kind, kind), object_id, param, status)
        return found

    def named(self, kind: str, object_id: str, param: str) -> Object:
        """The object that a parameter names; raises ``resource_missing`` with status 400."""
        return self.get(kind, object_id, param, status=400)

    def find(self, kind: str, object_id: str | None) -> Object | None:
        """One object, or None."""
        return self._objects[kind].get(object_id or "")

    def remove(self, kind: str, object_id: str) -> None:
        """Forget an object."""
        del self._objects[kind][object_id]

    def clear(self) -> None:
        """Forget everything."""
        for objects in self._objects.values():
            objects.clear()


def _id_length(kind: str) -> int:
    return {"checkout.session": 58, "coupon": 8, "customer": 14, "product": 14}.get(kind, 24)


def page(objects: list[Object], params: Object, url: str, show: Callable[[Object], Object]) -> Object:
    """One page of a list, newest first: ``limit``, ``starting_after``, ``ending_before``, ``has_more``."""
    limit = params.get("limit", 10)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise invalid("You can only specify one of these parameters: starting_after, ending_before.")
    if after:
        objects = objects[_position(objects, after, "starting_after") + 1 :]
    if before:
        objects = objects[: _position(objects, before, "ending_before")]
        shown, more = objects[-limit:], len(objects) > limit
    else:
        shown, more = objects[:limit], len(objects) > limit
    return {"object": "list", "data": [show(entry) for entry in shown], "has_more": more, "url": url}


def _position(objects: list[Object], object_id: str, param: str) -> int:
    for position, entry in enumerate(objects):
        if entry["id"] == object_id:
            return position
    raise no_such("object", object_id, param, 400)


def within(created: int, bounds: dict[str, int]) -> bool:
    """Whether an instant keeps all bounds of a ``created`` filter."""
    return bounds.get("gt", created - 1) < created < bounds.get("lt", created + 1) and bounds.get(
        "gte", created
    ) <= created <= bounds.get("lte", created)
