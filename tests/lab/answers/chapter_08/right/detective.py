import json

import hashtable


def owed():
    for account in json.loads(hashtable.accounts()):
        if account["object"]["text"] == "None":
            return account["given_back"] - account["taken"]
    return 0


def gives_none_away(operation):
    before = owed()
    for _ in range(100):
        operation()
    return owed() - before >= 100
