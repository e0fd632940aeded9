"""What a station honours and shows: certificates, texts, slogans, pictures, news."""

from config.demo.canvas import Canvas, Colour, Pen, mix, shade
from config.demo.furniture import METAL, dress
from config.demo.interiors import room
from config.demo.places import GOLD, Place, Visit
from config.demo.walls import PAPER, banner, empty_spot, missing

GREY: Colour = (150, 148, 144)
CORK: Colour = (206, 172, 126)
WHITE: Colour = (255, 255, 255)


def sheet(pen: Pen, x: float, y: float, width: float, height: float, fill: Colour) -> Pen:
    pen.shadow(x, y, width, height, 2)
    pen.rect(x, y, width, height, fill)
    return pen.at(x, y)


def honour(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    rows, columns = place.dice.choice(((2, 4), (2, 5), (3, 4), (2, 3), (3, 3)))
    step_x, step_y = 44.0, 46.0
    width, height = columns * step_x + 26, rows * step_y + 46
    low = 92.0 if rows > 2 else 106.0
    canvas = room(place, visit, (-width / 2, low, width / 2, low + height))
    pen = canvas.wall()
    dress(canvas, place, (-width / 2 - 14, width / 2 + 14))
    red = place.red if place.dice.random() < 0.7 else place.board
    board = sheet(pen, -width / 2, low, width, height, red)
    board.frame(2, 2, width - 4, height - 4, 1.2, GOLD)
    if result != "fail":
        board.text(width / 2, height - 22, title, 20, GOLD, gap=0.55)
    gone = missing(place, rows * columns, result)
    for index in range(rows * columns):
        row, column = divmod(index, columns)
        x, y = 13 + column * step_x + 5, 10 + (rows - 1 - row) * step_y + 4
        if index in gone:
            board.rect(x, y, 34, 38, shade(red, 0.86))
            board.frame(x, y, 34, 38, 0.5, mix(red, GOLD, 0.4))
        else:
            _certificate(board.at(x, y), index)
    return canvas


def _certificate(pen: Pen, index: int) -> None:
    pen.rect(0, 0, 34, 38, PAPER)
    pen.frame(1.4, 1.4, 31.2, 35.2, 0.5, (206, 160, 70))
    pen.rect(7, 30, 20, 3, (172, 44, 44))
    pen.lines(5, 26, 24, 4, 4.4, GREY)
    pen.oval(26, 7.5, 3.6, 3.6, (214, 162, 58))
    if index % 3 == 0:
        pen.rect(5, 5, 9, 3, (172, 44, 44))


def statements(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """One large framed text under a heading."""
    width, height = place.dice.choice(((230, 120), (180, 130), (260, 110)))
    x, low = -width / 2, 200.0 - height * 0.72
    canvas = room(place, visit, (x, low, -x, low + height))
    pen = canvas.wall()
    dress(canvas, place, (-width / 2 - 14, width / 2 + 14))
    if result == "fail":
        empty_spot(pen, x, low, width, height, place.wall)
        sheet(pen.at(x + width * 0.36, low + height * 0.3, 4), 0, 0, 42, 30, PAPER).lines(
            5, 24, 32, 4, 5, GREY
        )
        return canvas
    board = sheet(pen, x, low, width, height, shade(place.red, 1.04))
    board.rect(4, 4, width - 8, height - 34, PAPER)
    board.frame(1, 1, width - 2, height - 2, 1, GOLD)
    board.text(width / 2, height - 16, title, 17, GOLD, gap=0.3)
    columns = 2 if width > 200 else 1
    for column in range(columns):
        step = (width - 20) / columns
        board.lines(12 + column * step, height - 40, step - 12, int((height - 50) // 8), 8, GREY)
    if result == "partial":
        torn_corner(board, width, height, place.wall)
    return canvas


def torn_corner(pen: Pen, width: float, height: float, wall: Colour) -> None:
    """The lower right corner has come off and hangs."""
    size = min(width, height) * 0.42
    pen.shape(((width + 1, -1), (width + 1, size), (width - size * 1.2, -1)), wall)
    flap = ((width, size), (width - size * 1.2, 0), (width - size * 0.95, size * 0.75))
    pen.shape(flap, shade(PAPER, 0.86))


def slogan(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    words = title.split()
    style = place.dice.choice(("banner", "plates", "letters"))
    y = place.dice.uniform(170, 200)
    canvas = room(place, visit, (-160, y - 30, 160, y + 50), fill=(0.6, 0.85))
    pen = canvas.wall()
    dress(canvas, place, (-180, 180))
    gone = missing(place, len(words), result) if result != "pass" else set()
    if style == "banner" and len(gone) < 2:
        sag = 5.0 if result == "partial" else 0.0
        strip = pen.at(-160, y, sag)
        strip.shadow(0, 0, 320, 38, 3)
        strip.rect(0, 0, 320, 38, place.red)
        strip.text(160, 19, "  ".join(words), 20, GOLD, gap=0.05)
        return canvas
    for index, word in enumerate(words):
        x = -160 + index * 110
        if index in gone:
            empty_spot(pen, x, y, 100, 38, place.wall)
        elif style == "letters":
            pen.text(x + 51, y + 18, word, 23, shade(place.wall, 0.82), gap=0.06)
            pen.text(x + 50, y + 19, word, 23, place.red, gap=0.06)
        else:
            plate = sheet(pen, x, y, 100, 38, place.red)
            plate.frame(1.5, 1.5, 97, 35, 0.8, GOLD)
            plate.text(50, 19, word, 19, GOLD, gap=0.1)
    return canvas


def gallery(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """Framed pictures of activities: landscapes and buildings, nobody's face."""
    rows, columns = place.dice.choice(((2, 3), (1, 4), (2, 4), (2, 2)))
    wide, tall = (78, 54) if columns < 4 else (64, 46)
    step_x, step_y = wide + 14, tall + 13
    width = columns * step_x
    low = 104.0 if rows > 1 else 130.0
    canvas = room(place, visit, (-width / 2, low, width / 2, low + rows * step_y + 26))
    pen = canvas.wall()
    dress(canvas, place, (-width / 2 - 14, width / 2 + 14))
    if place.dice.random() < 0.6 and result != "fail":
        banner(pen, -width * 0.36, low + rows * step_y + 4, width * 0.72, title, place.red)
    roll, crooked = place.dice.randrange(4), place.dice.randrange(rows * columns)
    gone = missing(place, rows * columns, result)
    for index in range(rows * columns):
        row, column = divmod(index, columns)
        x, y = (column - columns / 2) * step_x + 7, low + (rows - 1 - row) * step_y
        if index in gone:
            empty_spot(pen, x, y, wide, tall, place.wall)
        else:
            turn = -5.0 if result == "partial" and index == crooked else 0.0
            _picture(pen.at(x, y, turn), wide, tall, place.wood, index * 3 + roll)
    return canvas


def _picture(pen: Pen, wide: float, tall: float, wood: Colour, index: int) -> None:
    frame = sheet(pen, 0, 0, wide, tall, wood)
    x, y, width, height = 2.5, 2.5, wide - 5, tall - 5
    skies = ((168, 204, 228), (244, 214, 170), (186, 214, 222), (204, 216, 232))
    frame.rect(x, y, width, height, skies[index % 4])
    green = ((104, 142, 96), (128, 154, 104), (86, 128, 110))[index % 3]
    ridge = [(x, y), (x, y + height * 0.4), (x + width * 0.3, y + height * 0.62)]
    ridge += [(x + width * 0.55, y + height * 0.38), (x + width * 0.8, y + height * 0.58)]
    ridge += [(x + width, y + height * 0.36), (x + width, y)]
    frame.shape(ridge, green)
    frame.rect(x, y, width, height * 0.2, shade(green, 0.78))
    if index % 2:
        frame.rect(x + width * 0.3, y + height * 0.2, width * 0.4, height * 0.34, (236, 230, 218))
        roof = ((x + width * 0.26, y + height * 0.54), (x + width * 0.74, y + height * 0.54))
        frame.shape((*roof, (x + width * 0.5, y + height * 0.72)), (168, 72, 58))
    else:
        frame.rect(x + width * 0.48, y + height * 0.2, 1.2, height * 0.6, (230, 230, 226))
        frame.rect(x + width * 0.48, y + height * 0.6, width * 0.2, height * 0.2, (196, 44, 44))


def noticeboard(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    width, height = place.dice.choice(((220, 120), (260, 110), (180, 125)))
    canvas = room(place, visit, (-width / 2, 92, width / 2, 92 + height))
    pen = canvas.wall()
    dress(canvas, place, (-width / 2 - 14, width / 2 + 14))
    board = sheet(pen, -width / 2, 92, width, height, METAL)
    felt = place.dice.choice(((44, 88, 140), (46, 110, 92), CORK, (158, 44, 48)))
    if result == "fail":
        felt = mix(felt, (190, 188, 180), 0.55)
    board.rect(4, 4, width - 8, height - 28, felt)
    board.rect(4, height - 22, width - 8, 18, place.board)
    board.text(width / 2, height - 13, title, 13, WHITE, gap=0.7)
    _pinned(board, width, height, place, result)
    return canvas


def _pinned(board: Pen, width: float, height: float, place: Place, result: str) -> None:
    colours: tuple[Colour, ...] = (PAPER, (252, 238, 196), (222, 236, 246), (248, 222, 214))
    if result != "pass":
        colours = ((226, 208, 160), (216, 200, 160), (232, 220, 184))
    count = {"pass": 99, "partial": 4, "fail": 1}[result]
    x, index = 10.0, 0
    while x < width - 34 and index < count:
        wide = place.dice.choice((26, 34, 42))
        turn = place.dice.uniform(-1.5, 1.5) if result == "pass" else place.dice.uniform(-8, 8)
        tall = height - 44 if wide < 42 else (height - 50) / 2
        for y in (10.0,) if wide < 42 else (10.0, 16 + tall):
            sheet = board.at(x, y, turn)
            sheet.rect(0, 0, min(wide, width - 10 - x), tall, colours[index % len(colours)])
            sheet.rect(3, tall - 8, wide * 0.5, 3.4, place.red)
            sheet.lines(3, tall - 13, wide - 9, int((tall - 16) // 5), 5, GREY)
            sheet.oval(wide / 2, tall - 2, 1.3, 1.3, (206, 60, 56))
        x, index = x + wide + 6, index + 1
