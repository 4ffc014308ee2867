"""Prints the value of one item (dotted names are nested) in the JSON of a command on stdin."""
import json
import sys


def find(value, names):
    if not names:
        return value
    if isinstance(value, list):
        value = value[0] if value else {}
    if names[0] in value:
        return find(value[names[0]], names[1:])
    for below in value.values():
        if isinstance(below, (dict, list)):
            found = find(below, names)
            if found is not None:
                return found
    return None


text = sys.stdin.read()
found = find(json.loads(text), sys.argv[1].split(".")) if text else None
print(json.dumps(found) if isinstance(found, bool) else found)
