# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Start another pipeline for a release that has landed, such as one that builds its documentation.

A step at the point `after-land` of [tool.release-sync.steps]. DISPATCH_URL is the address that
starts it, DISPATCH_TOKEN a secret of the job that runs the step, which may do that. The request is
as GitHub wants it for a workflow with the inputs `tag` and `commit`
(https://api.github.com/repos/OWNER/NAME/actions/workflows/docs.yml/dispatches, with a token that
may write to its Actions); DISPATCH_REF is the branch that has this workflow, `main` unless it is
set. Other hosts want other fields.
"""

import json
import os
import sys
import urllib.request

release = json.load(sys.stdin)
tag = min(release["tags"].items())[1]  # of several groups, the tag of the first one is of all
inputs = {"tag": tag, "commit": release["commit"]}
body = json.dumps({"ref": os.environ.get("DISPATCH_REF", "main"), "inputs": inputs}).encode()
headers = {
    "Authorization": f"Bearer {os.environ['DISPATCH_TOKEN']}",
    "Content-Type": "application/json",
}
request = urllib.request.Request(os.environ["DISPATCH_URL"], body, headers)
with urllib.request.urlopen(request, timeout=30) as answer:
    print(f"the documentation of {tag} was asked for: {answer.status}")
