"""Who sells: identity, insurance, mediator and addresses of the operator, from ``trader.toml``.

C. conso. L111-1, L221-5 and R616-1 want them on the information sheet, the terms and the contract.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from programme.content.checks import ContentError, ContentProblem, read_text, validation_problems
from programme.content.french import NO_BREAK_SPACE, long_day
from programme.content.vat import VatPeriod, check_order, on_day

TRADER_FILE = "trader.toml"
CONTENT_ROOT = Path(__file__).parent
"""The texts that come with the program; an operator may load a folder of their own instead."""

Text = Annotated[str, Field(min_length=1)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
WebAddress = Annotated[str, Field(pattern=r"^https?://\S+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Insurance(_Part):
    """Professional liability insurer and territory covered (R111-2)."""

    name: Text
    address: Text
    policy: Text
    coverage: Text


class Mediator(_Part):
    """Consumer mediator: name, address and site (L616-1)."""

    name: Text
    address: Text
    website: WebAddress


class Trader(_Part):
    """The operator. ``sample`` is true as long as the values are the invented ones of the demonstration."""

    sample: bool
    name: Text
    legal_form: Text
    street: Text
    postcode: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    city: Text
    trade_register: Text
    siren: Annotated[str, Field(pattern=r"^[0-9]{9}$")]
    vat_number: str = ""
    phone: Text
    email: Email
    privacy_email: Email
    website: WebAddress
    withdrawal_url: WebAddress
    representative: Text
    representative_role: Text
    start_within_weeks: Annotated[int, Field(ge=1, le=52)]
    complaint_answer_days: Annotated[int, Field(ge=1, le=60)] = 30
    insurance: Insurance
    mediator: Mediator
    vat: tuple[VatPeriod, ...]

    @model_validator(mode="after")
    def _vat_agrees(self) -> Self:
        check_order(self.vat)
        if not self.vat_number and any(period.rate for period in self.vat):
            raise ValueError("un régime avec TVA demande le numéro de TVA (vat_number)")
        return self

    def vat_on(self, day: date) -> VatPeriod:
        """The VAT regime in force on a French civil day; ContentError before the first one."""
        found = on_day(self.vat, day)
        if found is None:
            message = f"vat : aucun régime de TVA n’est en vigueur le {long_day(day)}"
            raise ContentError([ContentProblem(TRADER_FILE, message)])
        return found

    @property
    def address(self) -> str:
        """Postal address on one line."""
        return f"{self.street}, {self.postcode} {self.city}"

    def shown(self) -> dict[str, Any]:
        """The values as readers see them: numbers that no line end cuts, the address on one line."""
        siren = NO_BREAK_SPACE.join(self.siren[start : start + 3] for start in (0, 3, 6))
        phone = self.phone.replace(" ", NO_BREAK_SPACE)
        return self.model_dump(exclude={"vat"}) | {"siren": siren, "phone": phone, "address": self.address}


def load_trader(root: Path = CONTENT_ROOT, *, withdrawal_url: str = "") -> Trader:
    """The operator of the content folder ``root``; ContentError with every fault.

    ``withdrawal_url`` replaces the address of the public withdrawal page when the installation knows it.
    """
    try:
        values = tomllib.loads(read_text(root / TRADER_FILE))
    except tomllib.TOMLDecodeError as error:
        raise ContentError([ContentProblem(TRADER_FILE, f"TOML illisible : {error}")]) from error
    if withdrawal_url:
        values["withdrawal_url"] = withdrawal_url
    try:
        return Trader.model_validate(values)
    except ValidationError as error:
        raise ContentError(validation_problems(TRADER_FILE, error)) from error
