"""``/v1/products`` and ``/v1/prices``; one-off prices only."""

from __future__ import annotations

from sandbox.stripe.api import Endpoint, Params, create, created_filter, listing, retrieve
from sandbox.stripe.errors import invalid, missing
from sandbox.stripe.params import (
    Boolean,
    Currency,
    Field,
    Hash,
    Integer,
    ListOf,
    Metadata,
    Text,
    Url,
    merge_metadata,
)
from sandbox.stripe.service import StripeService
from sandbox.stripe.store import Object, within

TAX_BEHAVIOURS = ("exclusive", "inclusive", "unspecified")
PRODUCT_FIELDS: dict[str, Field] = {
    "active": Boolean(),
    "description": Text(unset=True),
    "images": ListOf(item=Url(), max_length=8),
    "metadata": Metadata(),
    "statement_descriptor": Text(unset=True, max_length=22),
    "unit_label": Text(unset=True),
    "url": Url(unset=True),
}
PRODUCT_DATA = Hash(
    fields={
        "name": Text(required=True),
        "description": Text(),
        "images": ListOf(item=Url(), max_length=8),
        "metadata": Metadata(),
    }
)
PRICE_FIELDS: dict[str, Field] = {
    "active": Boolean(),
    "lookup_key": Text(max_length=200),
    "metadata": Metadata(),
    "nickname": Text(unset=True),
    "tax_behavior": Text(choices=TAX_BEHAVIOURS),
    "transfer_lookup_key": Boolean(),
}
PRICE_OF_PRODUCT: dict[str, Field] = {
    "currency": Currency(required=True),
    "unit_amount": Integer(maximum=99_999_999),
    "tax_behavior": Text(choices=TAX_BEHAVIOURS),
}
UNIQUE_LOOKUP_KEY = (
    "A price ({id}) already uses that lookup key; pass `transfer_lookup_key=true` to transfer it to the new price."
)


def new_product(service: StripeService, params: Params) -> Object:
    """Create a product, active unless said otherwise."""
    if service.store.find("product", params.get("id")):
        raise invalid("Product already exists.", "id", "resource_already_exists")
    params["metadata"] = merge_metadata({}, params.get("metadata", {}))
    product = service.new("product", **params)
    product["updated"] = product["created"]
    service.emit("product.created", product)
    return product


def new_price(service: StripeService, params: Params) -> Object:
    """Create a price from its parameters; ``product_data`` creates its product too."""
    transfer = params.pop("transfer_lookup_key", False)
    product_data = params.pop("product_data", None)
    if (product_data is None) == ("product" not in params):
        raise missing("product") if product_data is None else invalid("Pass product or product_data, not both.")
    if "unit_amount" not in params:
        raise missing("unit_amount")
    if product_data is not None:
        params["product"] = new_product(service, product_data)["id"]
    service.store.named("product", params["product"], "product")
    _take_lookup_key(service, params.get("lookup_key"), transfer)
    params["metadata"] = merge_metadata({}, params.get("metadata", {}))
    price = service.new("price", unit_amount_decimal=str(params["unit_amount"]), **params)
    service.emit("price.created", price)
    return price


def _take_lookup_key(service: StripeService, key: str | None, transfer: bool) -> None:
    for price in service.store.all("price"):
        if key is not None and price["lookup_key"] == key:
            if not transfer:
                raise invalid(UNIQUE_LOOKUP_KEY.format(id=price["id"]), "lookup_key", "resource_already_exists")
            price["lookup_key"] = None


def _create_product(service: StripeService, _: str, params: Params) -> Object:
    price = params.pop("default_price_data", None)
    product = new_product(service, params)
    if price is not None:
        product["default_price"] = new_price(service, price | {"product": product["id"]})["id"]
    return product


def _update_product(service: StripeService, object_id: str, params: Params) -> Object:
    product = service.store.get("product", object_id)
    if "default_price" in params and params["default_price"] is not None:
        service.store.named("price", params["default_price"], "default_price")
    _update(product, params)
    product["updated"] = service.epoch
    service.emit("product.updated", product)
    return product


def _create_price(service: StripeService, _: str, params: Params) -> Object:
    return new_price(service, params)


def _update_price(service: StripeService, object_id: str, params: Params) -> Object:
    price = service.store.get("price", object_id)
    if "lookup_key" in params and params["lookup_key"] != price["lookup_key"]:
        _take_lookup_key(service, params["lookup_key"], params.pop("transfer_lookup_key", False))
    params.pop("transfer_lookup_key", None)
    _update(price, params)
    service.emit("price.updated", price)
    return price


def _update(found: Object, params: Params) -> None:
    if "metadata" in params:
        params["metadata"] = merge_metadata(found["metadata"], params["metadata"])
    found |= params


def _list_products(service: StripeService, _: str, params: Params) -> list[Object]:
    return [
        product
        for product in service.store.all("product")
        if params.get("active") in {None, product["active"]}
        and ("ids" not in params or product["id"] in params["ids"])
        and within(product["created"], params.get("created", {}))
    ]


def _list_prices(service: StripeService, _: str, params: Params) -> list[Object]:
    return [
        price
        for price in service.store.all("price")
        if all(params.get(name) in {None, price[name]} for name in ("active", "product", "currency", "type"))
        and ("lookup_keys" not in params or price["lookup_key"] in params["lookup_keys"])
        and within(price["created"], params.get("created", {}))
    ]


_NEW_PRODUCT: dict[str, Field] = {
    **PRODUCT_FIELDS,
    "name": Text(required=True),
    "id": Text(),
    "default_price_data": Hash(fields={**PRICE_OF_PRODUCT, "metadata": Metadata()}),
}
_NEW_PRICE: dict[str, Field] = {
    **PRICE_FIELDS,
    **PRICE_OF_PRODUCT,
    "product": Text(),
    "product_data": PRODUCT_DATA,
}
_PRICE_FILTERS: dict[str, Field] = {
    "active": Boolean(),
    "product": Text(),
    "currency": Currency(),
    "type": Text(choices=("one_time", "recurring")),
    "lookup_keys": ListOf(item=Text(), max_length=10),
    **created_filter(),
}
ENDPOINTS: list[Endpoint] = [
    create("/v1/products", _create_product, _NEW_PRODUCT),
    retrieve("/v1/products/{id}", "product"),
    create("/v1/products/{id}", _update_product, {**PRODUCT_FIELDS, "name": Text(), "default_price": Text(unset=True)}),
    listing("/v1/products", _list_products, {"active": Boolean(), "ids": ListOf(), **created_filter()}),
    create("/v1/prices", _create_price, _NEW_PRICE),
    retrieve("/v1/prices/{id}", "price"),
    create("/v1/prices/{id}", _update_price, PRICE_FIELDS),
    listing("/v1/prices", _list_prices, _PRICE_FILTERS),
]
