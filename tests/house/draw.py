"""docs/rooms.svg: the floors of the house with their rooms and corridors, drawn from the sources.

The cellar is at the bottom. A line goes from a room down to a room that it includes, unless a room between them leads
there too; a line that went up would be red, and the test "house" would fail.
"""
from plan import includes

ROOM_WIDTH, GAP, MARGIN, LINE, CHIP = 250, 24, 28, 17, 118


def count_units(sources):
    units = {}
    for source in sources:
        units.setdefault((source.room, source.corridor), set()).add(source.unit)
    return {key: len(found) for key, found in units.items()}


def find_arrows(rooms, sources):
    """(from, to) for each pair of rooms that an include joins."""
    names = {room.name for room in rooms}
    arrows = set()
    for source in sources:
        for _, path, is_foreign in includes(source):
            there = path.split('/')[0]
            if not is_foreign and there in names and there != source.room:
                arrows.add((source.room, there))
    return arrows


def without_shortcuts(arrows):
    def reaches(start, goal, skip):
        todo, seen = [start], set()
        while todo:
            at = todo.pop()
            for a, b in arrows:
                if a != at or (a, b) == skip or b in seen:
                    continue
                if b == goal:
                    return True
                seen.add(b)
                todo.append(b)
        return False
    return sorted(arrow for arrow in arrows if not reaches(arrow[0], arrow[1], arrow))


def height_of(room):
    rows = (len(room.corridors) + 1) // 2
    return 46 + rows * (LINE + 5) + (6 if rows else 0)


def draw_room(room, units, x, y):
    own = sum(count for (name, _), count in units.items() if name == room.name)
    out = [f'<rect class="room" x="{x}" y="{y}" width="{ROOM_WIDTH}" height="{height_of(room)}" rx="6"/>',
           f'<text class="name" x="{x + 12}" y="{y + 27}">{room.name}</text>',
           f'<text class="count" x="{x + ROOM_WIDTH - 12}" y="{y + 27}">{own} units</text>']
    for i, corridor in enumerate(room.corridors):
        cx, cy = x + 8 + (i % 2) * (CHIP + 4), y + 42 + (i // 2) * (LINE + 5)
        kind = 'hidden' if corridor in room.hides else 'corridor'
        out.append(f'<rect class="{kind}" x="{cx}" y="{cy}" width="{CHIP - 2}" height="{LINE + 1}" rx="3"/>')
        out.append(f'<text class="topic" x="{cx + 6}" y="{cy + 13}">{corridor}</text>')
        out.append(f'<text class="small" x="{cx + CHIP - 8}" y="{cy + 13}">{units.get((room.name, corridor), 0)}</text>')
    return out


def draw_rooms(rooms, sources):
    units = count_units(sources)
    floors = []
    for room in rooms:
        if not floors or floors[-1][0] != room.floor:
            floors.append((room.floor, []))
        floors[-1][1].append(room)
    widest = max(len(found) for _, found in floors)
    width = 2 * MARGIN + 110 + widest * (ROOM_WIDTH + GAP)
    y, places, body = 64, {}, []
    for floor, found in reversed(floors):
        height = max(height_of(room) for room in found)
        body.append(f'<text class="floor" x="{MARGIN}" y="{y + 27}">{floor}</text>')
        for i, room in enumerate(found):
            x = MARGIN + 110 + i * (ROOM_WIDTH + GAP)
            places[room.name] = (x, y, height_of(room))
            body += draw_room(room, units, x, y)
        y += height + 44
    order = [room.name for room in rooms]
    lines = []
    for here, there in without_shortcuts(find_arrows(rooms, sources)):
        x1, y1, h1 = places[here]
        x2, y2, _ = places[there]
        kind = 'arrow' if order.index(there) < order.index(here) else 'uphill'
        a, b = x1 + ROOM_WIDTH // 2, x2 + ROOM_WIDTH // 2
        if y1 == y2:  # neighbours on one floor
            lines.append(f'<path class="{kind}" d="M{x1} {y1 + 14}H{x2 + ROOM_WIDTH}"/>')
        else:
            lines.append(f'<path class="{kind}" d="M{a} {y1 + h1}C{a} {y1 + h1 + 40} {b} {y2 - 40} {b} {y2}"/>')
    style = ('text{font-family:sans-serif;font-size:13px;fill:#1d2733}.title{font-size:18px;font-weight:bold}'
             '.floor{font-style:italic;fill:#5a6675}.name{font-size:15px;font-weight:bold}'
             '.count,.small{text-anchor:end;fill:#5a6675;font-size:11px}.topic{font-size:12px}'
             '.room{fill:#fff;stroke:#31506e;stroke-width:1.5}.corridor{fill:#e6eef5}.hidden{fill:#f3dede}'
             '.arrow{fill:none;stroke:#9db2c6;stroke-width:1.2}.uphill{fill:none;stroke:#c00000;stroke-width:2.5}')
    return '\n'.join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}">',
        f'<style>{style}</style><rect width="{width}" height="{y}" fill="#f7f9fb"/>',
        f'<text class="title" x="{MARGIN}" y="36">The rooms of the house: a room uses only what lies below it; '
        'a corridor uses those before it; red ones are hidden from other rooms</text>',
        *lines, *body, '</svg>', ''])
