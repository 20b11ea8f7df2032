def leaks(operation):
    """Whether `operation()` leaves something behind each time that it is called.

    May call it as often as it likes.
    """
    return False
