"""Checks JSON answers against an OpenAPI document; prints what is wrong."""

import json
import sys
from jsonschema import Draft202012Validator

with open(sys.argv[1]) as file:
    openapi, answers = json.load(file)

operations = {
    operation["operationId"]: operation
    for path in openapi["paths"].values()
    for operation in path.values()
}
for answer in answers:
    responses = operations[answer["id"]]["responses"]
    response = responses.get(str(answer["status"]), responses["default"])
    schema = dict(response["content"]["application/json"]["schema"])
    schema["components"] = openapi["components"]
    Draft202012Validator.check_schema(schema)
    for error in Draft202012Validator(schema).iter_errors(answer["body"]):
        print(answer["id"], answer["status"], list(error.path), error.message[:300])
