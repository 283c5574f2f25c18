"""Colours: readable on their ground, apart from each other for every eye."""

from __future__ import annotations

from itertools import combinations

import pytest

from codeshare.report.design import colours

CLASSES = ("ai", "assisted", "human", "bot")
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
DEFICIENCIES = {
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def _linear(value: str) -> tuple[float, ...]:
    parts = (int(value[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def _contrast(one: str, two: str) -> float:
    light = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), _linear(v), strict=True)) for v in (one, two)
    )
    return (light[1] + 0.05) / (light[0] + 0.05)


def _lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    r, g, b = (min(max(c, 0), 1) for c in rgb)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _distance(one: str, two: str, deficiency: str) -> float:
    def seen(value: str) -> tuple[float, float, float]:
        rgb = _linear(value)
        return _lab(
            tuple(sum(m * c for m, c in zip(row, rgb, strict=True)) for row in DEFICIENCIES[deficiency])
        )

    return sum((a - b) ** 2 for a, b in zip(seen(one), seen(two), strict=True)) ** 0.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("token", ["ink", "muted", "ai-text", "assisted-text", "human-text"])
def test_words_can_be_read(mode: str, token: str) -> None:
    assert round(_contrast(colours(mode)[token], colours(mode)["paper"]), 1) >= 5.0


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("token", CLASSES)
def test_fills_stand_out_from_paper(mode: str, token: str) -> None:
    assert _contrast(colours(mode)[token], colours(mode)["paper"]) >= 3.1


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_classes_stay_apart_for_every_eye(mode: str, deficiency: str) -> None:
    fills = {token: colours(mode)[token] for token in CLASSES}
    distances = {
        pair: _distance(fills[pair[0]], fills[pair[1]], deficiency) for pair in combinations(fills, 2)
    }
    assert min(distances.values()) >= 22, distances


def test_each_light_value_stands_for_one_name() -> None:
    values = [*colours("light").values(), *colours("hatch").values()]
    assert len(values) == len(set(values))
    assert set(colours("light")) == set(colours("dark"))
    assert set(colours("hatch")) <= set(colours("light"))
