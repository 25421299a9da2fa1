"""The rules of the protocol that can be left out, one at a time, to see what they are for."""

from __future__ import annotations

RULES = {
    "begin": "S becomes C before the first upload",
    "written": "`abort` removes R or S, never C",
    "look": "P and the abandoned ref are read before each process that uploads",
    "abandoned": "the abandoned ref outranks P everywhere",
    "abandoned-publish": "… when a version is sealed",
    "abandoned-look": "… before each upload",
    "abandoned-resume": "… when a release is taken over or taken again",
    "abandoned-land": "… before landing",
    "clean": "C is taken back only when every request was refused",
    "gateway": "… by the index itself: a gateway's refusal, or none, ends this for good",
    "nonce": "two seals of the same bytes are two objects",
    "holder": "two C of one seal are two objects",
    "fresh": "a push whose answer was lost is never sent again as the same object",
    "gone": "a deletion whose answer was lost is never said to have undone the release",
    "memory": "absent -> C' only in a clone that had C",
    "memory-over": "… and not when the version is over",
    "memory-after": "the clone's own ref becomes C after the push of C",
    "memory-take": "… and after the push of C' when it takes over",
    "memory-back": "the clone's own ref is S again before C is taken back and this is said",
    "memory-last": "the same, where it is said last of all",
    "recheck": "the refs are read once more after S, or C', was pushed",
    "any-seal": "nothing is abandoned that has landed, as this seal or as another",
    "plain": "a tag that is no seal does not end a release that was begun",
    "beside": "nothing is begun, or taken over, while another release holds a group of it",
    "lone": "a group's tag beside which the seal does not stand counts as begun",
    "atomic-land": "landing is one atomic push",
    "atomic-abandon": "abandoning is one atomic push",
    "atomic-groups": "the pending refs of all groups change in one atomic push",
}
