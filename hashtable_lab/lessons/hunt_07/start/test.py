"""What the user's function raises comes out, and nothing else."""

from heaviest import heaviest

own = KeyError("pears")


def weigh(thing):
    if thing == "pears":
        raise own
    return len(thing)


try:
    heaviest(weigh, ["apples", "pears"])
except Exception as error:
    assert error is own, f"weigh has raised {own!r}, and {error!r} came out"
else:
    raise AssertionError("weigh has raised something, and nothing came out")
print("all is well")
