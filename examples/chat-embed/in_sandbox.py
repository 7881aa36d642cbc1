"""The first thing in the sandbox: fetches the environment, runs the agent's program in it, tells what that printed.

    in_sandbox.py NAME,NAME… PROGRAM ARGUMENT…

`strongroom run` is this for a command line, and does it better: it redacts what a value looks like in other encodings, too,
and passes signals on.
"""

import json
import os
import subprocess
import sys
import urllib.request


def main() -> None:
    names, program = sys.argv[1].split(","), sys.argv[2:]
    values = fetch()
    missing = [name for name in names if name not in values]
    if missing:
        json.dump({"missing": missing}, sys.stdout)
        return
    done = subprocess.run(
        [sys.executable, "-I", *program],
        # The values and nothing else: the session's token stays out here.
        env={"PATH": os.environ["PATH"], **values},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=45,
    )
    output = redacted(done.stdout.decode(errors="replace"), values)
    json.dump({"code": done.returncode, "output": output}, sys.stdout)


def fetch() -> dict[str, str]:
    """What the session holds by now. Nobody is asked for what it does not: the agent does that, in the chat."""
    request = urllib.request.Request(
        os.environ["STRONGROOM_URL"] + "/api/v1/sandbox/env",
        headers={"Authorization": "Bearer " + os.environ["STRONGROOM_SANDBOX_TOKEN"]},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def redacted(text: str, values: dict[str, str]) -> str:
    """A model reads the output, and so does the chat. The longest value first: it may have another in it."""
    for name, value in sorted(values.items(), key=lambda item: -len(item[1])):
        text = text.replace(value, f"[{name}]")
    return text


main()
