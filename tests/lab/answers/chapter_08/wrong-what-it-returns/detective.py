def gives_none_away(operation):
    return operation() is None
