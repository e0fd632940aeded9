"""How one station looks, and one visit to it: the same seed is always the same place."""

import random
from dataclasses import dataclass, field, replace

from PIL import Image

from config.demo.canvas import FINE, Colour, Size
from config.demo.projection import Camera, Vector

WALLS: tuple[Colour, ...] = (
    (236, 229, 214),
    (242, 240, 234),
    (226, 232, 226),
    (222, 230, 238),
    (240, 230, 216),
    (231, 226, 232),
    (216, 226, 220),
    (244, 236, 206),
    (228, 222, 210),
    (210, 220, 228),
)
DADOES: tuple[Colour, ...] = (
    (166, 190, 168),
    (150, 176, 196),
    (196, 170, 136),
    (188, 186, 178),
    (206, 184, 158),
)
FLOORS: tuple[Colour, ...] = (
    (176, 146, 112),
    (150, 118, 86),
    (198, 194, 186),
    (170, 168, 164),
    (206, 190, 166),
    (136, 138, 140),
    (188, 160, 128),
)
WOODS: tuple[Colour, ...] = (
    (92, 56, 34),
    (124, 82, 50),
    (158, 116, 74),
    (70, 48, 38),
    (186, 150, 104),
    (120, 112, 104),
)
REDS: tuple[Colour, ...] = ((160, 32, 40), (176, 42, 42), (142, 26, 34), (186, 52, 46))
BOARDS: tuple[Colour, ...] = (*REDS, (34, 78, 128), (38, 98, 84), (60, 74, 96))
GOLD: Colour = (242, 214, 132)
INK: Colour = (58, 56, 54)

# Left, bottom, right and top of what the picture is about, on the back wall.
Box = tuple[float, float, float, float]

LIGHT_COLUMNS, LIGHT_ROWS = 7, 6


@dataclass(frozen=True)
class Place:
    """What belongs to the station; `dice` is for what a scene arranges by itself."""

    wall: Colour
    dado: Colour | None
    dado_height: float
    floor: Colour
    floor_kind: str
    wood: Colour
    board: Colour
    red: Colour
    corner: int
    margin: float
    room_height: float
    dice: random.Random = field(compare=False)

    @classmethod
    def of(cls, scene: str, seed: int) -> "Place":
        house = random.Random(f"house {seed}")
        room = random.Random(f"{scene} {seed}")
        return cls(
            wall=house.choice(WALLS),
            dado=house.choice(DADOES) if house.random() < 0.4 else None,
            dado_height=house.choice((85, 100, 115)),
            floor=house.choice(FLOORS),
            floor_kind=house.choice(("tiles", "tiles", "planks", "plain")),
            wood=house.choice(WOODS),
            board=room.choice(BOARDS),
            red=house.choice(REDS),
            corner=room.choice((-1, 0, 0, 1)),
            margin=room.uniform(35, 110),
            room_height=house.uniform(275, 310),
            dice=room,
        )


@dataclass(frozen=True)
class Visit:
    """Where the inspector stood and how the light fell. After a repair he stands there again."""

    dice: random.Random
    steady: random.Random
    light: str
    size: Size

    @classmethod
    def of(cls, scene: str, seed: int, visit: int, stage: str, size: Size) -> "Visit":
        return cls(
            dice=random.Random(f"stand {scene} {seed} {visit}"),
            steady=random.Random(f"hand {scene} {seed} {visit} {stage}"),
            light=f"light {scene} {seed} {visit} {stage}",
            size=size,
        )

    def camera(
        self,
        box: Box,
        *,
        depth: float = 0.0,
        swing: float = 1.0,
        fill: tuple[float, float] = (0.5, 0.76),
    ) -> Camera:
        """From eye height, a little aside, with the whole box in the picture."""
        dice, hand = self.dice, self.steady
        left, low, right, high = box
        middle = (left + right) / 2, (low + high) / 2
        distance = depth + max(260.0, (right - left) * dice.uniform(1.1, 1.5))
        aside = dice.uniform(-1, 1) * 0.46 * swing * distance
        eye = (
            middle[0] + aside + hand.uniform(-3, 3),
            dice.uniform(125, 172) + hand.uniform(-2, 2),
            distance - abs(aside) * 0.25,
        )
        roll = dice.gauss(0, 1.0) + hand.gauss(0, 0.25)
        look = (middle[0], middle[1] - dice.uniform(0, 26), 0.0)
        corners = [(x, y, z) for x in (left, right) for y in (low, high) for z in (0.0, depth)]
        return self._framed(Camera.looking(eye, look, roll=roll), corners, dice.uniform(*fill))

    def above(self, width: float, depth: float) -> Camera:
        """Bent over a desk that lies at the height 0."""
        dice, hand = self.dice, self.steady
        eye = (
            dice.uniform(-0.3, 0.3) * width + hand.uniform(-1, 1),
            width * dice.uniform(1.0, 1.3),
            dice.uniform(0.15, 0.7) * width + hand.uniform(-1, 1),
        )
        roll = dice.uniform(-9, 9) + hand.uniform(-0.6, 0.6)
        corners = [(x, 0.0, z) for x in (-width / 2, width / 2) for z in (-depth / 2, depth / 2)]
        camera = Camera.looking(eye, (0, 0, 0), roll=roll)
        return self._framed(camera, corners, dice.uniform(0.8, 1.0))

    def _framed(self, camera: Camera, corners: list[Vector], fill: float) -> Camera:
        """Zoomed until the corners fill that part of the picture, then moved aside at random."""
        seen = [camera.see(corner) for corner in corners]
        left, right = min(x for x, _ in seen), max(x for x, _ in seen)
        high, low = min(y for _, y in seen), max(y for _, y in seen)
        wide, tall = self.size[0] * FINE, self.size[1] * FINE
        zoom = fill * min(wide / (right - left), tall / (low - high))
        slack_x = (wide - (right - left) * zoom) / 2
        slack_y = (tall - (low - high) * zoom) / 2
        middle = (
            wide / 2 - (left + right) / 2 * zoom + self.dice.uniform(-0.75, 0.75) * slack_x,
            tall / 2 - (low + high) / 2 * zoom + self.dice.uniform(-0.7, 0.3) * slack_y,
        )
        return replace(camera, zoom=zoom * camera.zoom, middle=middle, frame=(wide, tall))

    def shine(self) -> Image.Image:
        """What to multiply the picture with: daylight from one side, its own for place and hour."""
        dice = random.Random(self.light)
        warmth = dice.choice(((1.0, 0.985, 0.95), (1.0, 0.99, 0.97), (0.97, 0.99, 1.0)))
        across, upward = dice.uniform(-0.2, 0.2), dice.uniform(-0.02, 0.16)
        cells = bytearray()
        for row in range(LIGHT_ROWS):
            for column in range(LIGHT_COLUMNS):
                x, y = column / (LIGHT_COLUMNS - 1) - 0.5, row / (LIGHT_ROWS - 1) - 0.5
                value = 0.945 + across * x - upward * y + dice.uniform(-0.028, 0.028)
                value -= 0.14 * (x * x + y * y)
                cells += bytes(round(255 * min(1, value * part)) for part in warmth)
        small = Image.frombytes("RGB", (LIGHT_COLUMNS, LIGHT_ROWS), bytes(cells))
        return small.resize(self.size, Image.Resampling.BICUBIC)
