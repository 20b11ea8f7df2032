"""The server: the page's files, `/api/about` and `/api/run`; for one user of this machine, and for nobody
else.

It keeps nothing between two requests. Whoever has the token can have programs run, as the user who has
started it: so each request has to bring it, and a page of another site cannot even ask.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, MutableMapping
from typing import Any, Callable

import anyio
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from hashtable_lab.explore import limits, service
from hashtable_lab.explore.asked import Asked, BadError
from hashtable_lab.explore.runner import Children

FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/app.js": ("app.js", "text/javascript; charset=utf-8"),
}
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
# Seconds in which the body of a request has to be there.
PATIENCE = 10

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def answer(told: object, status: int = 200) -> Response:
    # With what is not ASCII escaped: a lone surrogate, which Python's strings can have, is no UTF-8.
    body = json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return Response(body, status, media_type="application/json")


def refusal(words: str, status: int) -> Response:
    return answer(service.refusal(words), status)


def same(given: str, wanted: str) -> bool:
    """Compares so that the time it takes tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


class Guard:
    """Lets in what comes from the page, and sees to the headers of all that goes out."""

    def __init__(self, app: Any, token: str, port: int) -> None:
        self.app = app
        self.token = token
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        if port == 80:
            # Which browsers leave out.
            self.hosts |= {"127.0.0.1", "localhost"}
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *own]
            await send(message)

        if scope["type"] != "http":
            # A websocket is nothing that this server has.
            await send({"type": "websocket.close", "code": 1008})
            return
        refused = self.refused(scope)
        if refused:
            await refusal(refused, 403)(scope, receive, send_guarded)
        else:
            await self.app(scope, receive, send_guarded)

    def refused(self, scope: Scope) -> str | None:
        """Why this request is not let in; None if it is."""
        request = Request(scope)
        hosts, origins = request.headers.getlist("host"), request.headers.getlist("origin")
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            return "This server has another name."
        if any(origin not in self.origins for origin in origins):
            return "Another site's page may not ask."
        path = scope["path"]
        if path == "/":
            # Without a token the page is shown, which can do nothing then but say so; as when it is reloaded.
            tokens = request.query_params.getlist("token")
            return None if all(same(token, self.token) for token in tokens) else "This is another token."
        if path in FILES:
            return None
        tokens = request.headers.getlist("x-token")
        if len(tokens) != 1 or not same(tokens[0], self.token):
            return "The token is missing, or is another one: use the address that htlab explore has printed."
        return None


class Server:
    """What is behind the guard."""

    def __init__(self) -> None:
        self.turns = anyio.Semaphore(limits.CHILDREN)
        self.waiting = 0
        self.requests: set[Children] = set()
        self.closed = False

    def app(self, token: str, port: int) -> Guard:
        routes = [
            *(Route(path, self.file) for path in FILES),
            Route("/api/about", self.about),
            Route("/api/run", self.run, methods=["POST"]),
        ]
        handlers = {404: self.nothing, 405: self.nothing, 500: self.failure}
        app = Starlette(routes=routes, exception_handlers=handlers)
        # A path is one of these, or nothing.
        app.router.redirect_slashes = False
        return Guard(app, token, port)

    def close(self) -> None:
        """Ends all children; no other begins."""
        self.closed = True
        for children in list(self.requests):
            children.close()

    async def nothing(self, _: Request, error: Any) -> Response:
        return refusal("There is nothing here.", error.status_code)

    async def failure(self, _: Request, error: Exception) -> Response:
        return refusal(f"The server has failed: {type(error).__name__}.", 500)

    async def file(self, request: Request) -> Response:
        name, kind = FILES[request.scope["path"]]
        try:
            content = (service.STATIC / name).read_bytes()
        except OSError:
            return refusal("The page has not been built: make explorer.", 404)
        return Response(content, media_type=kind)

    async def about(self, _: Request) -> Response:
        return answer(service.about())

    async def run(self, request: Request) -> Response:
        try:
            with anyio.fail_after(PATIENCE):
                body = await read(request)
        except TimeoutError:
            return refusal("The request did not come to its end.", 408)
        except ClientDisconnect:
            return refusal("Nobody waits for this.", 400)
        if body is None:
            return refusal(f"A request can have {limits.BODY // 1024} KiB.", 413)
        try:
            asked = service.parse(body)
            if self.waiting >= limits.WAITING:
                return refusal("Too many programs wait for their turn.", 503)
            self.waiting += 1
            try:
                await self.turns.acquire()
            finally:
                self.waiting -= 1
            try:
                return await self.turn(request, asked)
            finally:
                self.turns.release()
        except BadError as error:
            return answer(error.as_json(), 400)

    async def turn(self, request: Request, asked: Asked) -> Response:
        """Runs a program, as long as somebody waits for it."""
        children = Children()
        self.requests.add(children)
        if self.closed:
            children.close()
        try:
            async with anyio.create_task_group() as group:

                async def leave() -> None:
                    while not await request.is_disconnected():
                        await anyio.sleep(0.2)
                    children.close()

                group.start_soon(leave)
                try:
                    status, reply = await anyio.to_thread.run_sync(service.work, asked, children)
                finally:
                    group.cancel_scope.cancel()
        finally:
            self.requests.discard(children)
        return answer(reply, status)


async def read(request: Request) -> bytes | None:
    """The body of a request; None if it is too long."""
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > limits.BODY:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limits.BODY:
            return None
    return bytes(body)
