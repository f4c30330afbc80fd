"""What the scripts that record other libraries' answers share: how a record is written and read."""

import json
from pathlib import Path


def written(script, source, **tables):
    """Write record_NAME.py's answers as NAME.json: the source, and tables with one line for each row."""
    parts = [f'"source": {json.dumps(source)}']
    for name, rows in tables.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f'"{name}": [\n{lines}\n]')
    file = Path(script).with_name(Path(script).stem.removeprefix("record_") + ".json")
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def recorded(name):
    """The tables of NAME.json."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text())
