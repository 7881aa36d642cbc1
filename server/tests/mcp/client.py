"""Talks to Strongroom's MCP endpoint through the official Python client, and prints what it saw as one line of JSON.

By environment variables, so that the token is in no command line:

  STRONGROOM_MCP_URL      the endpoint, http://…/mcp
  STRONGROOM_TOKEN        an API token with the agent preset
  STRONGROOM_MCP_MODE     `legacy` (the initialize handshake: revision 2025-11-25), a newer revision such as `2026-07-28`,
                          or `auto`, which asks the server; `auto` unless said
  STRONGROOM_MCP_CONSENT  what the person says to the link: `accept`, `decline` or `cancel`. Without it this client does not
                          declare that it can show links
  STRONGROOM_MCP_NAMES    what to ask for, separated by commas; X_TOKEN unless said
  STRONGROOM_MCP_WAIT     `wait_seconds` of both calls; 0 unless said

Made for mcp 2.3.
"""

import asyncio
import json
import os
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitRequestURLParams, ElicitResult, Implementation


def result(answer):
    """A tool's result as plain data."""
    return {
        "is_error": answer.is_error,
        "text": "\n".join(block.text for block in answer.content if block.type == "text"),
        "fields": answer.structured_content,
    }


async def talk():
    names = os.environ.get("STRONGROOM_MCP_NAMES", "X_TOKEN").split(",")
    wait = int(os.environ.get("STRONGROOM_MCP_WAIT", "0"))
    consent = os.environ.get("STRONGROOM_MCP_CONSENT")
    shown = []

    async def show(_context, question):
        if not isinstance(question, ElicitRequestURLParams):
            raise ValueError("a form, and not a link")
        shown.append({"url": question.url, "id": question.elicitation_id, "message": question.message})
        # The person may well be there before the client's answer is: the test answers as soon as it reads this.
        print(json.dumps({"shown": question.url}), file=sys.stderr, flush=True)
        return ElicitResult(action=consent)

    headers = {"Authorization": f"Bearer {os.environ['STRONGROOM_TOKEN']}"}
    async with httpx2.AsyncClient(headers=headers, timeout=httpx2.Timeout(30, read=120)) as http:
        client = Client(
            streamable_http_client(os.environ["STRONGROOM_MCP_URL"], http_client=http),
            mode=os.environ.get("STRONGROOM_MCP_MODE", "auto"),
            client_info=Implementation(name="strongroom-test", version="1"),
            elicitation_callback=show if consent else None,
        )
        async with client:
            tools = (await client.list_tools()).tools
            listed = await client.call_tool("list_secrets")
            asked = await client.call_tool(
                "request_secrets",
                {
                    "secrets": [{"name": name, "description": f"For {name}"} for name in names],
                    "reason": "To see that it works.",
                    "wait_seconds": wait,
                },
            )
            status = None
            if asked.structured_content:
                id = asked.structured_content["id"]
                status = result(await client.call_tool("request_status", {"id": id, "wait_seconds": wait}))
            # A value that a model tries to pass on is refused, and so is a request that is nobody's.
            value = await client.call_tool("request_secrets", {"secrets": [{"name": "A", "value": "canary"}]})
            stranger = await client.call_tool("request_status", {"id": "00000000-0000-7000-8000-000000000000"})
            return {
                "revision": client.protocol_version,
                "server": client.server_info and client.server_info.name,
                "tools": sorted(tool.name for tool in tools),
                "listed": result(listed),
                "asked": result(asked),
                "shown": shown,
                "status": status,
                "with_value": result(value),
                "of_nobody": result(stranger),
            }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(talk())))
