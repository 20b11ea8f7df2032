import json

import hashtable


def gives_none_away(operation):
    for _ in range(100):
        operation()
    accounts = json.loads(hashtable.accounts())
    return any(account["object"]["text"] == "None" and account["account"] < 0 for account in accounts)
