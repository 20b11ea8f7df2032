"""`htlab explore`: the address, the browser, and a clean end."""

from __future__ import annotations

import contextlib
import secrets
import socket
import sys
import threading
import webbrowser
from types import FrameType

import click

from hashtable_lab import glass

NEEDED = "htlab explore needs {}, not installed here: pip install 'hashtable[lab,explore]'"


@click.command()
@click.option(
    "--port",
    default=8765,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Of 127.0.0.1; 0: any that is free.",
)
@click.option("--browser/--no-browser", default=True, help="Open the page.")
def explore(port: int, browser: bool) -> None:
    """A page in your browser that shows a table while it works.

    You write a hash function, and see the bins, the layers and the references at each operation. What you
    write is run here, in a child process that may crash. The address that is printed has a token in it: it is
    for you alone. Ctrl-C stops the server.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn

        from hashtable_lab.explore.server import Server
    except ModuleNotFoundError as error:
        if error.name == "hashtable":
            raise click.ClickException(f"{glass.NOT_BUILT} ({error})") from error
        raise click.ClickException(NEEDED.format(error.name)) from error

    server = Server()
    bound = bind(port)
    port = bound.getsockname()[1]
    # Not the token of a session of long ago: another each time.
    token = secrets.token_urlsafe(24)
    address = f"http://127.0.0.1:{port}/?token={token}"

    class Stoppable(uvicorn.Server):
        """Ends the children first: a request that waits for one would be waited for."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            server.close()
            super().handle_exit(sig, frame)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            click.echo(address)
            click.echo("Ctrl-C stops it.", err=True)
            sys.stdout.flush()
            if browser:
                threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()

    config = uvicorn.Config(
        server.app(token, port),
        # Its log would have the token in it.
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
        limit_concurrency=256,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
    )
    # It puts the signal that has stopped it back: for us that is the end that was wanted.
    with contextlib.suppress(KeyboardInterrupt):
        Stoppable(config).run(sockets=[bound])


def bind(port: int) -> socket.socket:
    """A socket that listens on this machine only."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # So that a server which has just been stopped does not keep its port.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
        bound.listen(128)
    except PermissionError as error:
        raise click.ClickException(
            f"Port {port} is not for you to use: choose another, or --port 0."
        ) from error
    except OSError as error:
        raise click.ClickException(f"Port {port} is in use: choose another, or --port 0.") from error
    return bound
