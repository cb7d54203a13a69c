"""A gunicorn worker whose threads never wait for a client: requests are gathered before.

gunicorn's own ``gthread`` gives a connection to a thread as soon as its first byte is there; eight
clients that send half a request are then the end of eight threads. Here the event loop reads every
request to its end, and a thread gets it whole. What takes too long or is too large is let go.

``worker_class = "spectra_vae.ui.patient_worker.PatientWorker"``; encryption is the proxy's.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import struct
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from .gathering import Gathering

PIECE = 256 * 1024
ANSWER_SECONDS = 20  # that a client may take no byte of its answer
LINGER_SECONDS = 2.0  # that a client is given to read the last answer
URGENT = b"GET /health "  # whoever asks this ends a server that doesn't answer
GATHERED_LIMIT = 512 * 1024**2  # bytes of all requests that are on their way


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A client's connection, closed by the event loop and not by whoever answered."""

    worker: PatientWorker
    gathering: Gathering
    rest = b""  # of what came behind the last request
    urgent = False  # the request waits behind no other

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self.worker.linger(self)
        else:
            super().close()


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """``gthread``, with requests gathered by the event loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gathered: set[Connection] = set()
        self.lingering: dict[socket.socket, float] = {}

    def init_process(self) -> None:
        self.aside = ThreadPoolExecutor(max_workers=1)
        super().init_process()

    def enqueue_req(self, conn: Connection) -> None:
        """A thread answers; what is urgent has one that does nothing else."""
        answered = (self.aside if conn.urgent else self.tpool).submit(self.handle, conn)
        answered.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    # ---- gathering

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as wrong:
            if wrong.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        seconds = struct.pack("ll", ANSWER_SECONDS, 0)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, seconds)
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.worker = self
        self.gather(connection)

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """A connection that was kept alive brings its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.gather(conn)

    def gather(self, conn: Connection) -> None:
        """Read the next request of a connection, whenever some of it comes."""
        conn.gathering = Gathering(time.monotonic())
        self.gathered.add(conn)
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.more, conn))
        if conn.rest:
            self.take(conn, conn.rest)

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        """A request was answered; what came behind it is the next."""
        super().finish_request(conn, fs)
        if conn.rest and conn in self.keepalived_conns:
            self.on_client_socket_readable(conn, conn.sock)

    def more(self, conn: Connection, client: socket.socket) -> None:
        """Some of a request has come."""
        try:
            piece = client.recv(PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            piece = b""
        if not piece:
            self.let_go(conn)
        else:
            self.take(conn, piece)

    def take(self, conn: Connection, piece: bytes) -> None:
        conn.gathering.feed(piece)
        if conn.gathering.asks_to_go_on:
            with contextlib.suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if sum(one.gathering.size for one in self.gathered) > GATHERED_LIMIT:
            self.refuse(conn, "503 Service Unavailable")
        elif conn.gathering.refused:
            self.refuse(conn, conn.gathering.refused)
        elif conn.gathering.whole:
            self.hand_over(conn)

    def hand_over(self, conn: Connection) -> None:
        """A request is whole: a thread answers it."""
        self.forget(conn)
        if not conn.initialized:
            conn.init()
        request, conn.rest = conn.gathering.content()
        conn.urgent = request.startswith(URGENT)
        conn.parser.unreader.unread(request)
        if conn.gathering.cut:  # its body was too large to keep: who reads it finds its end
            conn.sock.shutdown(socket.SHUT_RD)
        self.enqueue_req(conn)

    # ---- letting go

    def murder_pending(self) -> None:
        """Let go what takes too long; gunicorn asks for it once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [one for one in self.gathered if one.gathering.is_late(now)]:
            self.refuse(conn, "408 Request Timeout") if conn.gathering.size else self.let_go(conn)
        for client in [one for one, until in self.lingering.items() if until < now]:
            self.shut(client)

    def refuse(self, conn: Connection, status: str) -> None:
        """Answer in a line what no thread shall see."""
        words = status.partition(" ")[2] + ".\n"
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(words)}"
        with contextlib.suppress(OSError):
            conn.sock.send(f"{head}\r\nConnection: close\r\n\r\n{words}".encode("ascii"))
        self.forget(conn)
        self.nr_conns -= 1
        self.linger(conn)

    def let_go(self, conn: Connection) -> None:
        self.forget(conn)
        self.nr_conns -= 1
        conn.close()

    def forget(self, conn: Connection) -> None:
        self.gathered.discard(conn)
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def linger(self, conn: Connection) -> None:
        """Close as RFC 9112 9.6 asks, so that the answer is read; nobody waits for it here."""
        client = conn.sock
        try:
            client.setblocking(False)
            client.shutdown(socket.SHUT_WR)
            self.poller.register(client, selectors.EVENT_READ, self.drain)
        except (OSError, KeyError, ValueError):
            client.close()
            return
        self.lingering[client] = time.monotonic() + LINGER_SECONDS

    def drain(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if client.recv(PIECE):
                return
        self.shut(client)

    def shut(self, client: socket.socket) -> None:
        self.lingering.pop(client, None)
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(client)
        client.close()
