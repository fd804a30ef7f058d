"""How objects are shown: our own keys left out, computed fields filled in, ``expand`` followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.stripe.errors import invalid
from sandbox.stripe.store import Object, Store

MAX_DEPTH = 4
# The field of an object that holds the id of another one, and that one's kind.
EXPANDABLE = {
    "balance_transaction": "balance_transaction",
    "charge": "charge",
    "coupon": "coupon",
    "customer": "customer",
    "default_price": "price",
    "invoice": "invoice",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "product": "product",
    "promotion_code": "promotion_code",
}
# Kept under a private key, and shown on demand only.
INCLUDABLE = frozenset({"breakdown", "line_items"})


def render(store: Store, found: Object, expand: tuple[str, ...], epoch: int) -> Object:
    """The object as the API answers it; raises StripeError for what cannot be expanded."""
    shown = _shown(store, found, epoch)
    for path in expand:
        parts = path.split(".")
        if len(parts) > MAX_DEPTH:
            raise invalid(f"You cannot expand more than {MAX_DEPTH} levels of a property. ({path})", "expand")
        _Expansion(store, path, epoch).follow(shown, found, parts)
    return shown


def _shown(store: Store, found: Object, epoch: int) -> Object:
    shown = dict(_plain(found))
    if shown.get("object") == "coupon":
        shown["valid"] = coupon_is_valid(found, epoch)
    if shown.get("object") == "promotion_code":
        shown["active"] = found["active"] and promotion_refusal(store, found, epoch) is None
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items() if not key.startswith("_")}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value


@dataclass(frozen=True)
class _Expansion:
    """Follows one path; ``source`` is always the kept form of what is shown."""

    store: Store
    path: str
    epoch: int

    def follow(self, shown: Any, source: Any, parts: list[str]) -> None:
        """Expand the first part, then go on inside it; lists are followed into each of their items."""
        if isinstance(shown, list):
            for entry, entry_source in zip(shown, source, strict=True):
                self.follow(entry, entry_source, parts)
            return
        name, rest = parts[0], parts[1:]
        inner = self._open(shown, source, name, last=not rest)
        if rest and inner is not None:
            self.follow(shown[name], inner, rest)

    def _open(self, shown: Object, source: Object, name: str, *, last: bool) -> Any:
        """Show the field in full; answers its kept form."""
        hidden = source.get(f"_{name}") if name in INCLUDABLE else None
        if name == "refunds" and source.get("object") == "charge":
            hidden = self._refunds(source["id"])
        if hidden is not None:
            shown[name] = _plain(hidden)
            return hidden
        value = shown.get(name)
        if isinstance(value, str) and name in EXPANDABLE:
            found = self.store.find(EXPANDABLE[name], value)
            if found is not None:
                shown[name] = _shown(self.store, found, self.epoch)
                return found
        elif name in EXPANDABLE or (not last and isinstance(value, dict | list)):
            return source.get(name)
        raise invalid(f"This property cannot be expanded ({self.path}).", "expand")

    def _refunds(self, charge_id: str) -> Object:
        refunds = [refund for refund in self.store.all("refund") if refund["charge"] == charge_id]
        return {"object": "list", "data": refunds, "has_more": False, "url": f"/v1/charges/{charge_id}/refunds"}


def coupon_is_valid(coupon: Object, epoch: int) -> bool:
    """Whether a coupon can still be redeemed."""
    exhausted = coupon["max_redemptions"] is not None and coupon["times_redeemed"] >= coupon["max_redemptions"]
    too_late = coupon["redeem_by"] is not None and epoch >= coupon["redeem_by"]
    return not exhausted and not too_late


def promotion_refusal(store: Store, code: Object, epoch: int) -> str | None:
    """Why nobody can redeem a promotion code any more: ``expired``, ``used_up``, ``coupon``; None when they can."""
    if code["expires_at"] is not None and epoch >= code["expires_at"]:
        return "expired"
    if code["max_redemptions"] is not None and code["times_redeemed"] >= code["max_redemptions"]:
        return "used_up"
    coupon = store.find("coupon", code["promotion"]["coupon"])
    return None if coupon is not None and coupon_is_valid(coupon, epoch) else "coupon"
