"""A ticket that has no coat is a KeyError, as in a dict."""

import cloakroom

room = cloakroom.Cloakroom()
room.put(7, 1001)
assert room.take(7) == 1001
try:
    coat = room.take(7)
except KeyError as error:
    assert error.args == (7,), f"the KeyError names {error.args}, and not the ticket"
else:
    raise AssertionError(f"nothing hangs there any more, and take(7) returns {coat}")
print("all is well")
