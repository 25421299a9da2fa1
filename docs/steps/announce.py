# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Tell a chat that a release has landed, through the address of a webhook.

A step at the point `after-land` of [tool.release-sync.steps]. The variable CHAT_WEBHOOK has the
address, which is a secret of the job that runs the step.
"""

import json
import os
import sys
import urllib.request

release = json.load(sys.stdin)
versions = " and ".join(f"{group} {one}" for group, one in release["versions"].items())
names = ", ".join(sorted(release["members"]))
body = json.dumps({"text": f"Released {release.get('version', versions)}: {names}"}).encode()

request = urllib.request.Request(
    os.environ["CHAT_WEBHOOK"], body, {"Content-Type": "application/json"}
)
with urllib.request.urlopen(request, timeout=30) as answer:
    print(f"the chat answered {answer.status}")
