"""What the agent wrote: searches X with the token that it finds in its environment."""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

api, name, query = sys.argv[1:]
authorization = f"Bearer {os.environ[name]}"
# Careless, as programs are.
print("Authorization:", authorization)

url = f"{api}/2/tweets/search/recent?{urllib.parse.urlencode({'query': query})}"
try:
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": authorization}), timeout=20) as answer:
        found = json.load(answer)
except urllib.error.HTTPError as error:
    sys.exit(f"X answered {error.code}: {error.read().decode()}")

for mention in found["data"]:
    print("·", mention["text"])
print(found["meta"])
