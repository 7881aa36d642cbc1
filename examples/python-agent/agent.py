"""An agent that needs a secret: asks its person, waits for the answer, and uses it in a sandbox. See README.md."""

import json, os, subprocess, sys, urllib.request

URL, TOKEN = os.environ.get("STRONGROOM_URL", "http://127.0.0.1:3000"), os.environ["STRONGROOM_TOKEN"]
NAME = "X_BEARER_TOKEN"
# What a model would write. It knows the name, and finds the value where it runs.
CODE = f'import os; print("Searching X with a token of", len(os.environ["{NAME}"]), "characters.")'


def call(method, path, body=None, token=TOKEN):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(URL + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=90) as answer:
        return json.loads(answer.read() or "null")


secret = {"name": NAME, "description": "Searches X for posts and mentions", "obtain_url": "https://developer.x.com/"}
request = call("POST", "/api/v1/requests", {"secrets": [secret], "reason": "To look for mentions of your product."})
print("I need a secret. Please answer here:", request["url"], flush=True)
while request["status"] == "pending":
    request = call("GET", f"/api/v1/requests/{request['id']}?wait=60")
if request["status"] != "stored":
    sys.exit(f"I go without it: the request was {request['status']}.")

sandbox = call("POST", "/api/v1/sandboxes", {"label": "python-agent", "ttl_seconds": 60, "names": [NAME]})
values = call("GET", "/api/v1/sandbox/env", token=sandbox["token"])
done = subprocess.run([sys.executable, "-c", CODE], env={"PATH": os.environ["PATH"], **values})
call("DELETE", f"/api/v1/sandboxes/{sandbox['id']}")
sys.exit(done.returncode)
