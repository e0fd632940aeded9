"""A pinhole camera in a room measured in centimetres: x right, y up from the floor, z to us."""

import math
from dataclasses import dataclass

Vector = tuple[float, float, float]
Point = tuple[float, float]


def add(a: Vector, b: Vector, times: float = 1) -> Vector:
    return a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times


def dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def unit(a: Vector) -> Vector:
    length = math.sqrt(dot(a, a))
    return a[0] / length, a[1] / length, a[2] / length


@dataclass(frozen=True)
class Camera:
    """`zoom` is how many pixels one centimetre covers one metre away; `frame` is in pixels too."""

    eye: Vector
    forward: Vector
    right: Vector
    up: Vector
    zoom: float = 1.0
    middle: Point = (0.0, 0.0)
    frame: tuple[int, int] = (0, 0)

    @classmethod
    def looking(cls, eye: Vector, at: Vector, *, roll: float) -> "Camera":
        forward = unit(add(at, eye, -1))
        level = unit(cross(forward, (0, 1, 0) if abs(forward[1]) < 0.97 else (0, 0, -1)))
        upright = cross(level, forward)
        cosine, sine = math.cos(math.radians(roll)), math.sin(math.radians(roll))
        right = add((level[0] * cosine, level[1] * cosine, level[2] * cosine), upright, sine)
        return cls(eye, forward, right, cross(right, forward))

    def see(self, place: Vector) -> Point:
        away = add(place, self.eye, -1)
        # What lies behind the lens is pushed far out of the picture instead of wrapping round.
        depth = max(dot(away, self.forward), 8.0) / (100 * self.zoom)
        return (
            self.middle[0] + dot(away, self.right) / depth,
            self.middle[1] - dot(away, self.up) / depth,
        )


@dataclass(frozen=True)
class Plane:
    """A sheet in the room: where it starts, and one centimetre to its right and to its top."""

    origin: Vector
    right: Vector = (1, 0, 0)
    up: Vector = (0, 1, 0)

    def place(self, x: float, y: float) -> Vector:
        return add(add(self.origin, self.right, x), self.up, y)

    def turned(self, x: float, y: float, degrees: float = 0) -> "Plane":
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        right = add(_scaled(self.right, cosine), self.up, -sine)
        up = add(_scaled(self.up, cosine), self.right, sine)
        return Plane(self.place(x, y), right, up)


def _scaled(a: Vector, times: float) -> Vector:
    return a[0] * times, a[1] * times, a[2] * times
