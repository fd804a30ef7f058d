"""The switches for faults: what they hit, how often, and what is refused."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault, Faults, parse_fault


def kinds(faults, service="slack", method="chat.postMessage"):
    return [fault.kind for fault in faults.take(service, method)]


def test_a_fault_hits_its_times():
    faults = Faults()
    faults.add(Fault("slack", "5xx", times=2))
    assert [kinds(faults) for _ in range(3)] == [["5xx"], ["5xx"], []]
    assert faults.answer() == []


@pytest.mark.parametrize(
    ("method", "hit"),
    [(None, True), ("chat.postMessage", True), ("chat.*", True), ("users.info", False), ("Chat.*", False)],
)
def test_a_fault_hits_its_method_only(method, hit):
    faults = Faults()
    faults.add(Fault("slack", "drop", method=method))
    assert bool(kinds(faults)) is hit
    assert kinds(faults, service="stripe") == []


def test_faults_add_up():
    faults = Faults()
    faults.add(Fault("slack", "delay", seconds=1))
    faults.add(Fault("slack", "drop"))
    assert kinds(faults) == ["delay", "drop"]


def test_chance_is_repeatable():
    def run(faults):
        faults.add(Fault("slack", "drop", probability=0.5))
        return [bool(kinds(faults)) for _ in range(50)]

    faults = Faults(seed=7)
    first = run(faults)
    faults.clear()
    assert run(faults) == first == run(Faults(seed=7))
    assert 10 < sum(first) < 40
    assert run(Faults(seed=8)) != first


def test_a_fault_is_read():
    fault = parse_fault({"service": "stripe", "kind": "429", "method": "POST /v1/refunds", "seconds": 2})
    assert fault == Fault("stripe", "429", "POST /v1/refunds", times=1, probability=1.0, seconds=2)
    assert parse_fault({"service": "smtp", "kind": "5xx", "probability": 0.2}).times is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"service": "fax", "kind": "drop"},
        {"service": "slack", "kind": "explode"},
        {"service": "slack", "kind": "drop", "times": 0},
        {"service": "slack", "kind": "drop", "times": "many"},
        {"service": "slack", "kind": "drop", "probability": 1.5},
        {"service": "slack", "kind": "delay", "seconds": -1},
        {"service": "slack", "kind": "drop", "method": 3},
        {"service": "slack", "kind": "drop", "colour": "red"},
    ],
)
def test_what_makes_no_sense_is_refused(data):
    with pytest.raises(ValueError, match=r"\w"):
        parse_fault(data)
