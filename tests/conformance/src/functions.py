"""Runs a recorded Lambda handler as Lambda's runtime does: {"source", "event"} in, {"result"} or {"error", "cause"} out.

Time is virtual: sleeping takes none, and "seconds" tells how long it would have taken.
"""

import json
import os
import sys
import time
import traceback
import uuid

PATH = "/var/task/handler.py"


def main():
    given = json.load(sys.stdin)
    lines = given["source"].splitlines()
    os.environ.update({name: str(value) for name, value in (given.get("environment") or {}).items()})
    answer, sys.stdout = sys.stdout, sys.stderr
    slept = []
    time.sleep = slept.append
    module = {"__name__": "handler", "__file__": PATH}
    try:
        exec(compile(given["source"], PATH, "exec"), module)
        result = module["handler"](given["event"], None)
        told = {"result": json.loads(json.dumps(result))}
    except Exception as error:
        # Lambda tells the frames of the function, without those of the runtime.
        frames = [
            (frame.filename, frame.lineno, frame.name, lines[frame.lineno - 1].strip())
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == PATH
        ]
        cause = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": str(uuid.uuid4()),
            "stackTrace": traceback.format_list(frames),
        }
        told = {"error": type(error).__name__, "cause": json.dumps(cause, separators=(",", ":"))}
    answer.write(json.dumps({**told, "seconds": sum(slept)}))


main()
