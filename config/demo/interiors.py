"""Empty rooms."""

from config.demo.canvas import Canvas, Colour, Pen, mix, shade
from config.demo.places import Box, Place, Visit

FAR = 1_100.0
GLASS: Colour = (206, 226, 236)


def room(
    place: Place,
    visit: Visit,
    box: Box,
    *,
    depth: float = 0.0,
    swing: float = 1.0,
    fill: tuple[float, float] = (0.5, 0.76),
) -> Canvas:
    """Empty, with that box of its back wall, and what stands before it, in the picture."""
    camera = visit.camera(box, depth=depth, swing=swing, fill=fill)
    span = 2 * max(-box[0], box[2])
    canvas = Canvas(camera, shade(place.wall, 1.35))
    near = camera.eye[2] - 45
    edge = span / 2 + place.margin
    left = -edge if place.corner < 0 else -FAR
    right = edge if place.corner > 0 else FAR
    back = canvas.wall()
    back.rect(left, 0, right - left, place.room_height, place.wall)
    _finish(back, left, right - left, place)
    if place.corner:
        side = canvas.side(edge * place.corner)
        start = 0 if place.corner > 0 else -near
        side.rect(start, 0, near, place.room_height, shade(place.wall, 0.92))
        _finish(side, start, near, place, 0.92)
        _window(side, 70 if place.corner > 0 else -200, place)
    _lay_floor(canvas, left, right, near, place)
    return canvas


def _finish(pen: Pen, x: float, width: float, place: Place, light: float = 1.0) -> None:
    if place.dado:
        pen.rect(x, 0, width, place.dado_height, shade(place.dado, light))
        pen.rect(x, place.dado_height, width, 3, shade(place.dado, light * 0.84))
    pen.rect(x, 0, width, 10, shade(mix(place.wood, place.floor, 0.4), light))
    pen.rect(x, place.room_height - 7, width, 7, shade(place.wall, 1.4 * light))


def _window(pen: Pen, left: float, place: Place) -> None:
    pen.rect(left, 95, 130, 140, shade(place.wall, 1.5))
    pen.rect(left + 6, 101, 118, 128, GLASS)
    shine = ((left + 20, 101), (left + 55, 101), (left + 95, 229), (left + 60, 229))
    pen.shape(shine, (255, 255, 255, 110))
    pen.rect(left + 62, 101, 5, 128, shade(place.wall, 1.5))
    pen.rect(left - 6, 90, 142, 6, shade(place.wall, 0.85))


def _lay_floor(canvas: Canvas, left: float, right: float, near: float, place: Place) -> None:
    floor = canvas.floor()
    floor.rect(left, -near, right - left, near, place.floor)
    joint = (*shade(place.floor, 0.8), 110)
    if place.floor_kind == "plain":
        return
    step = 60 if place.floor_kind == "tiles" else 18
    reach = min(FAR, 520)
    for index in range(int(-reach // step), int(reach // step) + 1):
        x = index * step
        if left < x < right:
            floor.rect(x - 0.4, -near, 0.8, near, joint)
    if place.floor_kind == "tiles":
        for z in range(60, int(near), 60):
            start = max(left, -reach * 1.3)
            floor.rect(start, -z, min(right, reach * 1.3) - start, 0.8, joint)
